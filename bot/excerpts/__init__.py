"""The first words of a file that somebody sent, read apart from the desk and within bounds."""

from bot.excerpts.apart import Reader, UnreadableError, kind_of

__all__ = ["Reader", "UnreadableError", "kind_of"]
