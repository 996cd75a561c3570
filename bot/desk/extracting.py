"""What of a talk answers its question: the mentor's substantial words, as they stand, in order."""

import re
from collections.abc import Sequence

# Below so much a text says nothing that the next asker needs, unless it names a figure.
SUBSTANTIAL, WITH_FIGURE = 14, 4
# A question back to the asker, rather than an answer, is rarely longer.
QUESTION_BACK = 60
_FIGURE = re.compile(r"\d")
_POLITE = re.compile(
    r"(您?你?好|早上好|下午好|晚上好|在吗|谢谢|多谢|感谢|不客气|不用谢|没事|再见|祝\w{1,8}"
    r"|好的?|行|嗯+|收到|可以|没问题|明白|辛苦|稍等|客气"
    r"|hi|hello|dear \w+|good (morning|afternoon|evening)|thanks?( you)?( very much)?|welcome"
    r"|you are welcome|ok(ay)?|sure|got it|noted|regards|bye|one moment)[了啦吧呢啊呀]?",
    re.IGNORECASE,
)
_BREAKS = re.compile(r"[\s,.!?;:~，。！？；：、～…]+")
_WIDE = re.compile(r"[\u3400-\u9fff]")


def substantial(text: str) -> bool:
    """Whether a mentor's message helps anybody who was not there."""
    said = weight(text)
    asks_back = text.rstrip().endswith(("?", "？")) and said < QUESTION_BACK
    if asks_back:
        return False
    return said >= (WITH_FIGURE if _FIGURE.search(text) else SUBSTANTIAL)


def weight(text: str) -> int:
    """How much is said, in Chinese characters: a word of letters counts two; courtesy nothing."""
    pieces = (piece for piece in _BREAKS.split(text) if piece)
    words = [piece for piece in pieces if not _POLITE.fullmatch(piece)]
    wide = sum(len(_WIDE.findall(word)) for word in words)
    return wide + 2 * sum(bool(_WIDE.sub("", word)) for word in words)


def fitting(texts: Sequence[str], limit: int) -> list[str]:
    """Those that say most, as many as `limit` characters hold, in the order they were said."""
    room, kept = limit, set()
    for place in sorted(range(len(texts)), key=lambda place: (-weight(texts[place]), place)):
        if len(texts[place]) <= room:
            kept.add(place)
            room -= len(texts[place]) + 2
    return [text for place, text in enumerate(texts) if place in kept]
