"""What leaves a use case: frozen, plain, and enough for a card to be written from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from bot.desk.tables import Awaiting
from knowledge.tables import PersonRole


@dataclass(frozen=True)
class Words:
    """The same words in both languages; one of them may be empty."""

    zh: str
    en: str


@dataclass(frozen=True)
class Heard:
    """A message as it arrived in a chat; `text` is its text or caption.

    See bot.desk.tables.messages.Message for `entities`, `file`, `quote` and `album`. `topic`: the
    one it was typed in. `by`: the name of who wrote it, where that is not the chat's own person.
    `read`: the first words of its file, to search by; `unread`: the code of why there are none.
    """

    chat_id: int
    message_id: int
    kind: str
    text: str = ""
    reply_to: int | None = None
    entities: tuple[dict[str, Any], ...] = ()
    file: Mapping[str, Any] = field(default_factory=dict)
    quote: Mapping[str, Any] = field(default_factory=dict)
    album: str = ""
    topic: int | None = None
    by: str = ""
    read: str = ""
    unread: str = ""


@dataclass(frozen=True)
class Enclosed:
    """A file that goes along with a question; `name` may be empty."""

    kind: str
    name: str


@dataclass(frozen=True)
class Member:
    """A person in their chat. `consented`: to some terms of ours; `current`: to the newest."""

    person_id: int
    chat_id: int
    language: str
    roles: frozenset[PersonRole]
    enterprise_id: int | None
    awaiting: Awaiting
    consented: bool
    here: bool
    current: bool = True

    def has(self, role: PersonRole) -> bool:
        return role in self.roles


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


@dataclass(frozen=True)
class Context:
    """What a mentor may know of the enterprise before accepting: never a name."""

    industry: str
    region: str
    tier: str


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


@dataclass(frozen=True)
class OfferView:
    """`note`: what the enterprise's liaison says to whom they gave it."""

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


@dataclass(frozen=True)
class SentView:
    """Told to the asker whenever the question is put to somebody; `why` names what came before.

    `busy`: what else the mentor has in hand, where that is all that one can take; else nought.
    """

    consultation: int
    offered_as: str
    mentor: Words
    expires_at: datetime | None
    why: str = ""
    busy: int = 0


@dataclass(frozen=True)
class AcceptedView:
    """The other side's name, told to both once a consultation is accepted.

    `undertaking`: the version of the one that binds whoever accepted, or nought. `language`: the
    one that the other side reads and writes.
    """

    consultation: int
    name: Words
    organisation: Words
    question: str
    undertaking: int = 0
    language: str = ""


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


@dataclass(frozen=True)
class Route:
    """Where a message goes, found before anything is changed.

    `to`: a form it fills, the consultation it belongs to, a question to be asked, a choice, or
    a consultation where its writer has no say: ended (closed) or not accepted (offered).
    """

    to: Literal[
        "stranger",
        "consent",
        "form",
        "talk",
        "question",
        "choice",
        "closed",
        "offered",
        "nothing",
    ]
    member: Member | None = None
    consultation: int | None = None


@dataclass(frozen=True)
class NoticeView:
    """A sentence by its code; the values fill it."""

    code: str
    values: dict[str, str | int]
