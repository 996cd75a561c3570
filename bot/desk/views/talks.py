"""A question on its way, and the talk about it."""

from dataclasses import dataclass
from datetime import datetime

from bot.desk.views.people import Context, Words


@dataclass(frozen=True)
class DetailLine:
    """`state`: "veiled" where the answer is for whoever accepts."""

    question: str
    answer: str
    state: str


@dataclass(frozen=True)
class OfferDetails:
    """On an offer: the newest, how many there are besides, and whether its reader asked."""

    lines: tuple[DetailLine, ...] = ()
    more: int = 0
    asked: bool = False


@dataclass(frozen=True)
class SimilarView:
    """A question that was answered before."""

    entry: int
    question: Words
    answer: Words


@dataclass(frozen=True)
class OfferView:
    """`by`, `note`: who gave it to its reader, if anybody did, and what they say to them.

    `opens_at`: where they are off work, when they need look at it; `zone`: where they are.
    """

    offer: int
    consultation: int
    offered_as: str
    text: str
    language: str
    context: Context
    evidence: str
    expires_at: datetime | None
    level: str = "public"
    enclosed: int = 0
    note: str = ""
    opens_at: datetime | None = None
    zone: str = ""
    reminder: bool = False
    by: Words = Words("", "")  # noqa: RUF009 (frozen)
    details: OfferDetails = OfferDetails()
    similar: tuple[SimilarView, ...] = ()


@dataclass(frozen=True)
class SentView:
    """Told to the asker whenever the question is put to somebody; `why` names what came before.

    `busy`: what else the mentor has in hand, where that is all that one can take; else nought.
    `opens_at`: when whoever was asked is back at work, where they are not.
    """

    consultation: int
    offered_as: str
    mentor: Words
    expires_at: datetime | None
    why: str = ""
    busy: int = 0
    opens_at: datetime | None = None


@dataclass(frozen=True)
class AcceptedView:
    """The other side's name, told to both once a consultation is accepted.

    `undertaking`: the version of the one that binds whoever accepted, or nought. `language`: the
    one that the other side reads and writes. `similar`: earlier answers, for the mentor whose
    `offer` it was.
    """

    consultation: int
    name: Words
    organisation: Words
    question: str
    undertaking: int = 0
    language: str = ""
    offer: int = 0
    similar: tuple[SimilarView, ...] = ()


@dataclass(frozen=True)
class ClosedView:
    """`solved`: None where it fell silent. `reasons`: codes to choose among, why so many stars."""

    consultation: int
    solved: bool | None
    rating: int | None = None
    rated_for: str = ""
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class OpenConsultation:
    """A consultation in which a person may write; the name is the other side's, once known."""

    consultation: int
    stage: str
    as_asker: bool
    name: Words | None
    organisation: Words | None
    about: str


@dataclass(frozen=True)
class WhichView:
    """A parked message, and where it could belong."""

    parked: int
    options: tuple[OpenConsultation, ...]
    may_ask: bool
