"""Finding the person of a piece of evidence that was held out."""

from collections.abc import Iterator, Sequence

from retrieval.errors import LabelledSetError
from retrieval.evaluation.labelled import LabelledSet
from retrieval.passages import Passage

# Rounds after which the figures no longer move; each costs an index.
ROUNDS = 5
_LANGUAGES = ("zh", "en", "other")


def held_out(passages: Sequence[Passage], rounds: int = ROUNDS) -> Iterator[LabelledSet]:
    """One labelled set a round: of every entry with more than one piece of evidence the next
    piece is taken out of the corpus, and is the question whose answer is its entry.

    A piece in two languages is taken out in both, and asked in both. An entry keeps at least
    one piece. Raises LabelledSetError if no entry has two.
    """
    pieces = _pieces(passages)
    several = {entry: found for entry, found in pieces.items() if len(found) > 1}
    if not several:
        raise LabelledSetError(
            "No entry has two passages, so none can be held out: give each passage of "
            'corpus.jsonl the "entry" that it speaks for.'
        )
    for turn in range(min(rounds, max(map(len, several.values())))):
        asked = [
            passage
            for found in several.values()
            if turn < len(found)
            for passage in list(found.values())[turn]
        ]
        out = {passage.key for passage in asked}
        yield LabelledSet(
            [passage for passage in passages if passage.key not in out],
            {passage.key: passage.text for passage in asked},
            {passage.key: {passage.entry: 1} for passage in asked},
        )


def piece_of(key: str) -> str:
    """What the translations of one text share: "ev-1/zh" and "ev-1/en" are both of "ev-1"."""
    stem, _, last = key.rpartition("/")
    return stem if stem and last in _LANGUAGES else key


def _pieces(passages: Sequence[Passage]) -> dict[str, dict[str, list[Passage]]]:
    """By entry, by piece, its texts."""
    pieces: dict[str, dict[str, list[Passage]]] = {}
    for passage in passages:
        if passage.text.strip():
            pieces.setdefault(passage.entry, {}).setdefault(piece_of(passage.key), []).append(
                passage
            )
    return pieces
