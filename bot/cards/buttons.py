"""Button data: an action and its arguments, signed for the chat it was shown in."""

import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass

# Telegram's limit for callback_data, in bytes.
DATA_LIMIT = 64
_SIGNATURE_LENGTH = 8


class ForgedButtonError(Exception):
    """The data was not made by us for this chat."""


@dataclass(frozen=True)
class Button:
    """A button that calls an action, or opens `url`."""

    label: str
    action: str = ""
    args: tuple[str | int, ...] = ()
    url: str = ""


@dataclass(frozen=True)
class Press:
    """A button pressed: its action and arguments, as they were packed."""

    action: str
    args: tuple[str, ...]

    def number(self, place: int) -> int:
        """Raises ForgedButtonError where the argument is missing or no number."""
        try:
            return int(self.args[place])
        except (IndexError, ValueError):
            raise ForgedButtonError from None

    def word(self, place: int) -> str:
        """Raises ForgedButtonError where the argument is missing."""
        try:
            return self.args[place]
        except IndexError:
            raise ForgedButtonError from None


def pack(button: Button, chat_id: int, key: bytes) -> str:
    """The data of a button. Raises ValueError over Telegram's 64 bytes."""
    body = ":".join([button.action, *(str(arg) for arg in button.args)])
    data = f"{body}~{_sign(body, chat_id, key)}"
    if len(data.encode()) > DATA_LIMIT:
        raise ValueError(f"button data over {DATA_LIMIT} bytes: {body}")
    return data


def unpack(data: str, chat_id: int, key: bytes) -> Press:
    """Raises ForgedButtonError unless `data` was packed with this key for this chat."""
    body, mark, signature = data.rpartition("~")
    if not mark or not hmac.compare_digest(signature.encode(), _sign(body, chat_id, key).encode()):
        raise ForgedButtonError
    action, *args = body.split(":")
    return Press(action, tuple(args))


def _sign(body: str, chat_id: int, key: bytes) -> str:
    digest = hmac.new(key, f"{chat_id}|{body}".encode(), "sha256").digest()
    return urlsafe_b64encode(digest).decode()[:_SIGNATURE_LENGTH]
