"""Where keys come from: MESSAGE_KEYS, or a file of our own that nobody else may read."""

import os
import stat
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import mkstemp

from sqlalchemy import Engine, MetaData
from sqlmodel import SQLModel

from bot.sealing.columns import install, ring_of
from bot.sealing.resealing import heads_counted, heads_kept, reseal
from bot.sealing.ring import KeyRing, key_from, missing, name_of, new_key
from bot.settings import Settings, SettingsError

FILE = "message.keys"


def give_keys(engine: Engine, settings: Settings) -> bool:
    """Let this engine seal and open; True where some text in it is not sealed yet.

    Raises SettingsError, see `ring_for`.
    """
    heads, unsealed = heads_kept(engine, SQLModel.metadata)
    install(engine, ring_for(settings, heads))
    return unsealed


def rotated(
    engine: Engine, metadata: MetaData, report: Callable[[int, int], None]
) -> Iterator[str]:
    """Seal everything with the newest key; then what there is to say, a sentence each."""
    newest, before = ring_of(engine.dialect).newest, heads_counted(engine, metadata)
    total = sum(before.values()) - before.get(newest, 0)
    changed = reseal(engine, metadata, lambda done: report(done, total))
    yield f"{changed} texts sealed anew with the key {name_of(newest)}."
    left = heads_counted(engine, metadata).keys() - {newest}
    if left:
        yield "A bot that runs without the new key wrote more: restart it, then run this again."
    else:
        yield "The other keys are no longer needed here (backups made before still need them)."


def ring_for(settings: Settings, sealed_with: frozenset[str] = frozenset()) -> KeyRing:
    """The keys of the settings, then those of the file; without either, one made and kept there.

    `sealed_with`: heads of what the database holds. Raises SettingsError where a key for these is
    missing, or where a key is malformed.
    """
    path = settings.var_folder / FILE
    keys = [*_given(settings), *_kept(path)]
    if not keys and not sealed_with:
        keys = [_made(path)]
    ring = KeyRing(keys) if keys else None
    lost = sealed_with - (ring.heads if ring else frozenset())
    if ring is None or lost:
        raise SettingsError(missing(lost))
    return ring


def written_keys(settings: Settings) -> list[str]:
    """Every key at hand in its written form, the newest first. Raises SettingsError."""
    keys = [*_given(settings), *_kept(settings.var_folder / FILE)]
    return [urlsafe_b64encode(key).decode() for key in dict.fromkeys(keys)]


def warnings(settings: Settings) -> Iterator[str]:
    """What an operator ought to know of the keys, a sentence each."""
    path = settings.var_folder / FILE
    if not _given(settings):
        yield (
            f"MESSAGE_KEYS is empty: what people write is sealed with a key kept in {path}. Whoever"
            " has a copy of the whole folder can read it, and without that file nobody can. Put a"
            " key into MESSAGE_KEYS (`xiaoqi new-key` makes one), start again, then run"
            " `xiaoqi rotate-keys`."
        )
    if path.exists() and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        yield f"{path} may be read by others on this machine: run chmod 600 {path}"


def _given(settings: Settings) -> list[bytes]:
    return [
        _key(one, "MESSAGE_KEYS")
        for one in settings.message_keys.get_secret_value().split(",")
        if one.strip()
    ]


def _kept(path: Path) -> list[bytes]:
    try:
        lines = path.read_text(encoding="ascii").split()
    except FileNotFoundError:
        return []
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path} holds no keys: restore it from a backup.") from error
    if not lines:
        raise SettingsError(f"{path} is empty: restore it from a backup.")
    return [_key(one, str(path)) for one in lines]


def _key(written: str, where: str) -> bytes:
    try:
        return key_from(written)
    except ValueError as error:
        raise SettingsError(
            f"{where} holds something that is no key ({error}): each is 32 bytes in base64, made by"
            " `xiaoqi new-key`; several are separated by commas, the newest first."
        ) from error


def _made(path: Path) -> bytes:
    """A new key in a file that is whole or not there; of two who make it the first one's holds."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, scratch = mkstemp(dir=path.parent, prefix=f".{path.name}.")  # of mode 0600
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(f"{new_key()}\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            Path(path).hardlink_to(scratch)
    finally:
        Path(scratch).unlink()
    return _kept(path)[0]
