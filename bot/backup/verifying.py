"""A backup is as good as its restoring: done in a place that is thrown away."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

from sqlalchemy import Engine, make_url, text
from sqlmodel import SQLModel

from bot.backup import postgres, sqlite
from bot.backup.archive import KEYS, Reader, reading
from bot.backup.restoring import put_snapshot, require_kind
from bot.sealing.columns import install
from bot.sealing.keys import ring_for
from bot.sealing.resealing import heads_kept, open_ends
from bot.sealing.ring import name_of
from bot.settings import Settings, SettingsError
from knowledge.database import open_engine
from knowledge.migrations import upgrade
from retrieval import shelf


def verify(settings: Settings, path: Path) -> list[str]:
    """What was found good, a sentence each. Raises BackupError and what `restore` raises.

    All of it is restored beside, upgraded to this version's schema, and looked into: on PostgreSQL
    in a schema of its own of the same database, which needs the right to make one.
    """
    with reading(path) as reader, TemporaryDirectory(dir=path.parent) as folder:
        require_kind(settings, reader.manifest)
        said = [f"{len(reader.manifest.files)} parts are whole"]
        with _restored(settings, reader, Path(folder)) as engine:
            rows = sum(reader.manifest.tables.values())
            said.append(f"{len(reader.manifest.tables)} tables hold the {rows} rows they should")
            upgrade(engine)
            said.append("the schema can be brought to this version's")
            said.append(_keys_told(engine, settings, kept=reader.has(KEYS)))
        if reader.manifest.snapshot:
            root = Path(folder) / "snapshots"
            put_snapshot(reader, root)
            found = shelf.current(root)
            shelf.verified(found)
            said.append(f"the index is whole, of {found.passages} passages")
        else:
            said.append("there is no index in it: it is built anew when it is restored")
    return said


@contextmanager
def _restored(settings: Settings, reader: Reader, folder: Path) -> Iterator[Engine]:
    if reader.manifest.kind == "sqlite":
        made = folder / "xiaoqi.db"
        reader.extract(sqlite.NAME, made)
        reader.manifest.require_rows(sqlite.check(made))
        engine = open_engine(f"sqlite:///{made}")
        try:
            yield engine
        finally:
            engine.dispose()
        return
    with _schema_of_its_own(settings.database_url) as engine:
        postgres.load(engine, reader)
        yield engine


@contextmanager
def _schema_of_its_own(url: str) -> Iterator[Engine]:
    name = f"verify_{uuid4().hex}"
    server = open_engine(url)
    with server.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {name}"))
    try:
        target = make_url(url)
        given = str(target.query.get("options", ""))
        there = target.update_query_dict({"options": f"{given} -csearch_path={name}".strip()})
        engine = open_engine(there.render_as_string(hide_password=False))
        try:
            yield engine
        finally:
            engine.dispose()
    finally:
        with server.begin() as connection:
            connection.execute(text(f"DROP SCHEMA {name} CASCADE"))
        server.dispose()


def _keys_told(engine: Engine, settings: Settings, *, kept: bool) -> str:
    """Whether the keys at hand open the newest and the oldest of what is sealed."""
    heads, _ = heads_kept(engine, SQLModel.metadata)
    names = ", ".join(sorted(map(name_of, heads)))
    if not heads:
        return "nothing in it is sealed"
    try:
        install(engine, ring_for(settings, heads))
    except SettingsError:
        return f"it is sealed with the key {names}, WHICH IS NOT HERE: find it before you need it"
    open_ends(engine, SQLModel.metadata)
    where = "" if kept else "; it is not in the backup, keep it elsewhere"
    return f"the key {names} opens what is sealed{where}"
