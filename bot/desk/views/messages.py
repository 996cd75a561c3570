"""A message as it was heard, and where it goes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.desk.views.people import Member


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
class Route:
    """Where a message goes, found before anything is changed.

    `to`: a form it fills, the consultation it belongs to, a question to be asked, a choice, or
    a consultation where its writer has no say: ended (closed) or not accepted (offered). `detail`:
    the one that a reply to the card of a question back answers.
    """

    to: Literal[
        "stranger",
        "consent",
        "form",
        "detail",
        "talk",
        "question",
        "choice",
        "closed",
        "offered",
        "nothing",
    ]
    member: Member | None = None
    consultation: int | None = None
    detail: int = 0


@dataclass(frozen=True)
class NoticeView:
    """A sentence by its code; the values fill it."""

    code: str
    values: dict[str, str | int]
