"""Whether a text leans on what was asked before: by its words, its length, and its subject."""

import re
from math import exp

# Longer texts say by themselves what they are about.
SHORT_ZH, SHORT_WORDS = 24, 14

# The chance that a text goes on with a draft: logistic in whether its words lean, its length (1
# where it is as long as a short text may be), and its likeness to the draft. Fitted on 178 talks,
# measured on others (docs/benchmarks.md, Follow-ups).
CONSTANT, LEANING, LENGTH, LIKENESS = -0.1, 4.5, -4.9, 20.0
LONGEST = 2.0

# From this chance on a text is taken as going on.
GOES_ON = 0.5

_HAN = re.compile(r"[\u4e00-\u9fff]")
_OPENS = re.compile(
    r"^(那么?(?!种|个|边|天|年|时|台)|还有|另外|再说|如果|要是|换成|改成|以及|然后"
    r"|(and|also|what about|how about|but|then|or|plus|what if)\b)",
    re.IGNORECASE,
)
_ELLIPTICAL = re.compile(r"^[^，。；,;]{1,10}的?呢[?？]?$")
# Words that mean nothing without what was said before.
_LEANS = re.compile(
    r"这个|这种|这样|多少钱|多久|费用|成本|便宜|别的|能上门"
    r"|\b(also|as well|the same|cheaper|cost|how long|it|this|that|instead)\b",
    re.IGNORECASE,
)
_TURNS_AWAY = re.compile(
    r"(另|还有)一?个问题|另外我们|^还想|something else|another (question|problem)|new question",
    re.IGNORECASE,
)


def chance(text: str, likeness: float) -> float:
    """From 0 to 1, that a text goes on with a draft.

    `likeness`: the cosine of the two as questions, about nought for two subjects.
    """
    if turns_away(text):
        return 0.0
    length = min(_length(one_line(text)), LONGEST)
    weight = CONSTANT + LEANING * goes_on(text) + LENGTH * length + LIKENESS * likeness
    return 1 / (1 + exp(-weight))


def goes_on(text: str) -> bool:
    """Whether its words alone say that a text leans on what was said before: it is short too."""
    text = one_line(text)
    if _length(text) > 1 or turns_away(text):
        return False
    return bool(_OPENS.match(text) or _ELLIPTICAL.match(text) or _LEANS.search(text))


def turns_away(text: str) -> bool:
    """Whether a text says by itself that it is about something else."""
    return _TURNS_AWAY.search(text) is not None


def one_line(text: str) -> str:
    """A turn is one line of the question it belongs to, so that it can be taken off again."""
    return " ".join(text.split())


def _length(text: str) -> float:
    """1 for as long as a short text may be."""
    return len(text) / SHORT_ZH if _HAN.search(text) else len(text.split()) / SHORT_WORDS
