"""A backup of a desk that goes on running."""

from collections.abc import Mapping
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import make_url

from bot.backup import postgres, sqlite
from bot.backup.archive import KEYS, SNAPSHOT, UPLOADS, BackupError, Manifest, Writer, writing
from bot.indexing import snapshots
from bot.sealing.keys import written_keys
from bot.settings import Settings
from knowledge.database import open_engine
from retrieval import shelf
from retrieval.errors import NoSnapshotError


def make(
    settings: Settings, path: Path, *, now: datetime, with_keys: bool = False, force: bool = False
) -> Manifest:
    """Raises BackupError, DatabaseAwayError, SnapshotError, OSError; then there is no new file.

    The database first, the index after it: one that is newer names at most what nobody finds.
    """
    with writing(path, force=force) as writer:
        kind, schema, tables = _database(settings, writer, path.parent)
        found = _index(settings, writer)
        uploads = settings.var_folder / "uploads"
        if uploads.is_dir():
            writer.add_folder(UPLOADS, uploads)
        if with_keys:
            with writer.part(KEYS) as part:
                part.write("\n".join(written_keys(settings)).encode())
        manifest = Manifest(
            now.isoformat(), version("xiaoqi"), kind, schema, dict(tables), snapshot=found
        )
        writer.finish(manifest)
    return manifest


def file_of(settings: Settings) -> Path | None:
    """The database's file; None for one on a server."""
    url = make_url(settings.database_url)
    return Path(url.database or "") if url.get_backend_name() == "sqlite" else None


def _database(
    settings: Settings, writer: Writer, beside: Path
) -> tuple[str, str, Mapping[str, int]]:
    """Its kind, its schema, and the rows of each table."""
    file = file_of(settings)
    if file is None:
        engine = open_engine(settings.database_url)
        with engine.connect() as connection:
            known = postgres.revision(connection)
        _require_ours(known)
        schema, tables = postgres.dump(engine, writer)
        engine.dispose()
        return "postgresql", schema, tables
    schema = sqlite.revision(file)
    _require_ours(schema)
    with TemporaryDirectory(dir=beside) as folder:
        copied = Path(folder) / "xiaoqi.db"
        tables = sqlite.copy(file, copied)
        schema = sqlite.revision(copied)
        writer.add(sqlite.NAME, copied)
    return "sqlite", schema, tables


def _require_ours(schema: str) -> None:
    if not schema:
        raise BackupError("DATABASE_URL names no database of Xiaoqi: there is nothing to back up.")


def _index(settings: Settings, writer: Writer) -> str:
    """The name of the index; one that is kept in the database is built anew when it is restored."""
    if settings.vector_store != "faiss":
        return ""
    try:
        found = shelf.current(snapshots(settings.var_folder))
    except NoSnapshotError:
        return ""
    writer.add_folder(SNAPSHOT, shelf.verified(found))
    return found.name
