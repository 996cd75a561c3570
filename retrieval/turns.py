"""The turns of one conversation become the question that is searched by."""

from collections.abc import Sequence


def question_of(turns: Sequence[str]) -> str:
    """One text of all turns, in the order they were said.

    A line each: the words of a turn stay apart from the next one's, and people can read it.
    """
    return "\n".join(text for turn in turns if (text := turn.strip()))
