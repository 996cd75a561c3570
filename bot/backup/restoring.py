"""A desk from a backup: in an empty place, or over another one where that is said."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlmodel import Session

from bot.backup import postgres, sqlite
from bot.backup.archive import KEYS, SNAPSHOT, UPLOADS, BackupError, Manifest, Reader, reading
from bot.backup.making import file_of
from bot.indexing import build, indexed_passages, shelf_for, snapshots
from bot.sealing.keys import FILE
from bot.settings import Settings
from knowledge.database import open_engine
from retrieval import shelf
from retrieval.encoder import load_encoder

_FACTS = ("model", "dimension", "entries", "passages")


@dataclass(frozen=True)
class Restored:
    """`keys`: whether it held keys, and they are in VAR_FOLDER now."""

    manifest: Manifest
    keys: bool


def restore(settings: Settings, path: Path, *, force: bool = False) -> Restored:
    """The database last: until it is in its place, nothing of the old one is touched.

    Raises BackupError, DatabaseAwayError, SnapshotError, OSError.
    """
    with reading(path) as reader:
        require_kind(settings, reader.manifest)
        if not force:
            _refuse_overwriting(settings, reader)
        if reader.has(KEYS):
            _put_keys(reader, settings.var_folder / FILE)
        reader.extract_folder(UPLOADS, settings.var_folder / "uploads")
        if reader.manifest.snapshot:
            put_snapshot(reader, snapshots(settings.var_folder))
        _put_database(settings, reader)
        return Restored(reader.manifest, reader.has(KEYS))


def require_kind(settings: Settings, manifest: Manifest) -> None:
    here = "postgresql" if file_of(settings) is None else "sqlite"
    if here != manifest.kind:
        raise BackupError(
            f"This backup is of a {manifest.kind} database, and DATABASE_URL names {here}: name one"
            " of the same kind."
        )


def put_snapshot(reader: Reader, root: Path) -> None:
    """As the newest one, under a number of its own."""
    facts = json.loads(b"".join(reader.pieces(f"{SNAPSHOT}/{shelf.MANIFEST}")))

    def fill(folder: Path) -> None:
        for name in reader.names(SNAPSHOT):
            if name != f"{SNAPSHOT}/{shelf.MANIFEST}":
                reader.extract(name, folder / name.removeprefix(f"{SNAPSHOT}/"))

    shelf.publish(root, fill, {name: facts[name] for name in _FACTS})


def build_index(settings: Settings, progress: Callable[[int, int], None]) -> None:
    """From the tables, where the backup held none."""
    engine = open_engine(settings.database_url)
    with Session(engine) as session:
        texts = indexed_passages(session)
    engine.dispose()
    shelf_here = shelf_for(settings)
    try:
        if texts:
            encoder = load_encoder(settings.embedding_model)
            build(settings.var_folder, texts, encoder, progress, shelf=shelf_here)
    finally:
        shelf_here.close()


def _refuse_overwriting(settings: Settings, reader: Reader) -> None:
    mend = "Name an empty place, or add --force to replace it (stop the bot first)."
    file = file_of(settings)
    if file is not None:
        taken = file.exists()
    else:
        engine = open_engine(settings.database_url)
        with engine.connect() as connection:
            taken = bool(postgres.revision(connection))
        engine.dispose()
    if taken:
        raise BackupError(f"DATABASE_URL names a database that is there already. {mend}")
    keys = settings.var_folder / FILE
    if reader.has(KEYS) and keys.exists():
        raise BackupError(f"{keys} is there already. {mend}")


def _put_keys(reader: Reader, path: Path) -> None:
    """Before those that are there: a key that is lost is lost for good."""
    kept = b"".join(reader.pieces(KEYS)).split()
    if path.exists():
        kept += path.read_bytes().split()
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.restored")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(b"\n".join(dict.fromkeys(kept)))
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def _put_database(settings: Settings, reader: Reader) -> None:
    file = file_of(settings)
    if file is None:
        engine = open_engine(settings.database_url)
        try:
            postgres.require_idle(engine)
            postgres.load(engine, reader)
        finally:
            engine.dispose()
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=file.parent) as folder:
        made = Path(folder) / "xiaoqi.db"
        reader.extract(sqlite.NAME, made)
        reader.manifest.require_rows(sqlite.check(made))
        sqlite.put(made, file)
