"""What Telegram's answer to a call means for the delivery."""

from dataclasses import dataclass

from telegram.error import NetworkError

from bot.delivery.api import RefusedCallError
from bot.delivery.transport import NotSentError


@dataclass(frozen=True, slots=True)
class Sent:
    """`message_id` is the message's in the chat, where the call made or changed one."""

    message_id: int | None


@dataclass(frozen=True, slots=True)
class SentAlbum:
    """The messages of its parts in the chat, in their order."""

    message_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Separate:
    """Telegram did not take the album whole: each part is to be sent by itself."""

    reason: str


@dataclass(frozen=True, slots=True)
class SlowDown:
    """Too many requests: not before `seconds` have passed, and no attempt."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Again:
    """Nothing reached the chat; `everywhere` says that no other call would have fared better."""

    reason: str
    everywhere: bool = False


@dataclass(frozen=True, slots=True)
class Uncertain:
    """The call left and no answer came: it is not made twice."""

    reason: str


@dataclass(frozen=True, slots=True)
class Migrated:
    """The group has become a supergroup under another id."""

    to: int


@dataclass(frozen=True, slots=True)
class Unreachable:
    """This chat takes nothing from the bot: blocked, deactivated, kicked, not_started."""

    reason: str


@dataclass(frozen=True, slots=True)
class TopicGone:
    """Somebody deleted the topic that it was sent to."""

    number: int


@dataclass(frozen=True, slots=True)
class Failed:
    """This delivery will never be taken."""

    reason: str


Verdict = (
    Sent
    | SentAlbum
    | Separate
    | SlowDown
    | Again
    | Uncertain
    | Migrated
    | Unreachable
    | TopicGone
    | Failed
)

# Words of Telegram's refusals, lower case, and our code for each.
_UNREACHABLE = {
    "bot was blocked by the user": "blocked",
    "user is deactivated": "deactivated",
    "bot was kicked": "kicked",
    "bot is not a member": "kicked",
    "bot can't initiate conversation": "not_started",
    "chat not found": "not_started",
    "peer_id_invalid": "not_started",
    "bots can't send messages to bots": "is_bot",
    "group chat was deleted": "deleted",
}


def verdict(error: Exception) -> Verdict:
    """The meaning of an error of BotApi.call; other errors are raised again."""
    if isinstance(error, RefusedCallError):
        return _refusal(error)
    if isinstance(error, NotSentError):
        return Again("not_sent", everywhere=True)
    if isinstance(error, NetworkError):
        return Uncertain("no_answer")
    if isinstance(error, OSError):
        return Failed("no_file")
    raise error


def is_unchanged(error: Exception) -> bool:
    """An edit to what the message says already."""
    return _says(error, "message is not modified")


def wants_no_quote(found: Verdict) -> bool:
    """The quoted words do not stand in the message replied to; nothing was sent."""
    return isinstance(found, Failed) and "quote" in found.reason.lower()


def is_removed(error: Exception) -> bool:
    """What was to be deleted or reacted to is gone already."""
    return _says(error, "message to delete not found", "message to react not found")


def is_gone(error: Exception) -> bool:
    """An edit of a message that is no more, or can't be edited any more."""
    return _says(
        error, "message to edit not found", "message can't be edited", "message_id_invalid"
    )


def is_topic_gone(error: Exception) -> bool:
    """Telegram has more than one way to say it."""
    return _says(error, "message thread not found", "topic_deleted", "topic_id_invalid")


def _says(error: Exception, *words: str) -> bool:
    if not isinstance(error, RefusedCallError) or error.code != 400:
        return False
    return any(word in error.description.lower() for word in words)


def _refusal(error: RefusedCallError) -> Verdict:
    if error.migrate_to is not None:
        return Migrated(error.migrate_to)
    if error.code == 429:
        return SlowDown(error.retry_after or 1.0)
    if error.code in (401, 404):  # the token: nothing is wrong with the delivery
        return Again("token_refused", everywhere=True)
    if error.code >= 500:
        return Again(f"server_{error.code}")
    reason = _unreachable(error)
    return Unreachable(reason) if reason else Failed(_sentence(error))


def _unreachable(error: RefusedCallError) -> str:
    said = error.description.lower()
    found = next((reason for words, reason in _UNREACHABLE.items() if words in said), "")
    return found or ("forbidden" if error.code == 403 else "")


def _sentence(error: RefusedCallError) -> str:
    """Telegram's sentence without what follows a second colon, which may quote the text."""
    return ":".join(error.description.split(":")[:2])[:200] or f"refused_{error.code}"
