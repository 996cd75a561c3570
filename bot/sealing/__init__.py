"""What people wrote is sealed at rest: keys, the ring that holds them, and the column types."""

from bot.sealing.columns import SealedJson, SealedText, install
from bot.sealing.ring import KeyRing, SealError

__all__ = ["KeyRing", "SealError", "SealedJson", "SealedText", "install"]
