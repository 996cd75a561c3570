"""What would go out, before it goes."""

from dataclasses import dataclass

from bot.desk.views.messages import Enclosed
from bot.desk.views.people import Context, Words


@dataclass(frozen=True)
class Mark:
    """Something in a text that looks identifying or secret; its key stands for it in a button."""

    number: int
    key: str
    kind: str
    text: str


@dataclass(frozen=True)
class Piece:
    """A part of a text; `mark` is the number of the mark that it is, or nought."""

    text: str
    mark: int


@dataclass(frozen=True)
class Line:
    """A sentence, and whether it may be read before anybody accepts."""

    key: str
    text: str
    shared: bool


@dataclass(frozen=True)
class SharingView:
    """`before`: what may be read of the question before anybody accepts it."""

    consultation: int
    lines: tuple[Line, ...]
    before: str


@dataclass(frozen=True)
class PreviewView:
    """Exactly what will be forwarded, and to whom; `seen` stands for both in the Send button.

    `busy`: what the mentor has in hand, where that is all that one can take; else nought.
    `pieces` are the text once more, cut at what is marked; `before`: what of it may be read before
    anybody accepts; `version`: of the undertaking that whoever accepts agrees to.
    """

    consultation: int
    seen: str
    text: str
    context: Context
    mentor: Words
    organisation: Words
    here: bool
    busy: int = 0
    level: str = "public"
    before: str = ""
    pieces: tuple[Piece, ...] = ()
    marks: tuple[Mark, ...] = ()
    version: int = 0
    enclosed: tuple[Enclosed, ...] = ()
