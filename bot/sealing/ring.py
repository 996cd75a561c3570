"""Seals texts with the newest key and opens them with whichever sealed them: AES-256-GCM."""

import os
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as MalformedError
from collections.abc import Iterable
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES, NONCE_BYTES = 32, 12
# What is sealed reads xq1.KEY.BODY: the key's number first, so that a query can tell by whom.
MARK = "xq1."
HEAD = len(MARK) + 8 + 1
_SEALED = re.compile(rf"{re.escape(MARK)}[0-9a-f]{{8}}\.[A-Za-z0-9_-]+=*")


class SealError(Exception):
    """A text can't be sealed or opened; the words say what to mend, and hold none of it."""


class KeyRing:
    """Keys, the newest first: it seals; the others still open what they sealed."""

    def __init__(self, keys: Iterable[bytes]) -> None:
        """Raises ValueError without any key, or for one that is not of 32 bytes."""
        kept = list(keys)
        if not kept or any(len(key) != KEY_BYTES for key in kept):
            raise ValueError("a key ring takes at least one key, each of 32 bytes")
        self._by_head = {head_of(key): AESGCM(key) for key in kept}
        self.newest = head_of(kept[0])
        self._newest = self._by_head[self.newest]
        self._header = self.newest.encode()

    @property
    def heads(self) -> frozenset[str]:
        """What begins all that these keys can open."""
        return frozenset(self._by_head)

    def seal(self, text: str) -> str:
        """Nothing is left as it is: there is nothing in it to hide."""
        if not text:
            return text
        nonce = os.urandom(NONCE_BYTES)
        body = nonce + self._newest.encrypt(nonce, text.encode(), self._header)
        return self.newest + urlsafe_b64encode(body).decode()

    def open(self, kept: str) -> str:
        """What was kept before anything was sealed is returned as it is. Raises SealError."""
        if not is_sealed(kept):
            return kept
        key = self._by_head.get(kept[:HEAD])
        if key is None:
            raise SealError(missing({kept[:HEAD]}))
        try:
            body = urlsafe_b64decode(kept[HEAD:])
            return key.decrypt(
                body[:NONCE_BYTES], body[NONCE_BYTES:], kept[:HEAD].encode()
            ).decode()
        except (InvalidTag, MalformedError, ValueError) as error:
            raise SealError(
                f"A text sealed with the key {name_of(kept[:HEAD])} was changed or cut short in the"
                " database: restore it from a backup."
            ) from error


def head_of(key: bytes) -> str:
    """What begins each text that this key seals; it tells nothing of the key."""
    return f"{MARK}{sha256(b'xiaoqi key number' + key).hexdigest()[:8]}."


def name_of(head: str) -> str:
    """A key as it is called in words: 1a2b3c4d."""
    return head[len(MARK) : HEAD - 1]


def is_sealed(kept: str) -> bool:
    return kept.startswith(MARK) and _SEALED.fullmatch(kept) is not None


def missing(heads: Iterable[str]) -> str:
    """What to do about keys that are not on the ring, in a sentence."""
    names = ", ".join(sorted(map(name_of, heads)))
    return (
        f"What people wrote was sealed with the key {names}, which is not among MESSAGE_KEYS (or in"
        " VAR_FOLDER/message.keys). Add that key again, after the newest one; it can go once"
        " `xiaoqi rotate-keys` has sealed everything with the newest. Without it these texts can't"
        " be read by anybody."
    )


def new_key() -> str:
    """A key made now, as MESSAGE_KEYS takes it."""
    return urlsafe_b64encode(os.urandom(KEY_BYTES)).decode()


def key_from(written: str) -> bytes:
    """The key in its written form. Raises ValueError for anything but 32 bytes in base64."""
    try:
        key = urlsafe_b64decode(written.strip().replace("+", "-").replace("/", "_"))
    except MalformedError as error:
        raise ValueError("no base64") from error
    if len(key) != KEY_BYTES:
        raise ValueError(f"{len(key)} bytes instead of {KEY_BYTES}")
    return key
