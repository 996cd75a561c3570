"""What was found for a question, and what is asked back."""

from dataclasses import dataclass
from typing import Literal

from bot.desk.views.people import Words


@dataclass(frozen=True)
class Found:
    """An entry that retrieval found for a question: its key, score, and best evidence.

    `trust`: the probability that it answers; unlike scores it compares across questions.
    """

    entry: str
    score: float
    strength: Literal["strong", "possible", "weak"]
    evidence: str
    trust: float = 1.0


@dataclass(frozen=True)
class Reason:
    """A term of a person's rank: its name, the figure it is said with, and what it adds."""

    name: str
    figure: int
    gain: float


@dataclass(frozen=True)
class Draft:
    """A question that its asker has not sent yet.

    `follows`: what they type now goes on with it; `sure`: there is hardly a doubt of that.
    `read`: what was read in its files.
    """

    consultation: int
    question: str
    follows: bool
    sure: bool = False
    read: str = ""


@dataclass(frozen=True)
class Turns:
    """What was asked before, all of it, and the last turn; `read`: what was read in its files."""

    before: str
    last: str
    read: str = ""


@dataclass(frozen=True)
class CandidateView:
    id: int
    entry: int
    kind: str
    title: Words
    person: Words
    organisation: Words
    region: str
    evidence: str
    strength: str
    fictional: bool
    here: bool
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class ShortlistView:
    """`own` is the enterprise's appointed mentor; `nothing` says no hit was good enough."""

    consultation: int
    question: str
    candidates: tuple[CandidateView, ...]
    own: Words | None
    nothing: bool


@dataclass(frozen=True)
class ClarifyView:
    """A clarifying question: what a vague one could be about; `listed`: something was found."""

    consultation: int
    choices: tuple[str, ...]
    listed: bool


@dataclass(frozen=True)
class ClarifiedView:
    """How it was answered; without `choice` none of them was meant."""

    consultation: int
    choice: str
