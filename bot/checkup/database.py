"""The database: reachable, of which schema, writable; and whether the keys at hand open it."""

from collections.abc import Iterator

from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import SQLModel

import bot.desk.tables  # noqa: F401 (sealed columns are looked for in every table)
from bot.backup.making import file_of
from bot.checkup.findings import Finding, doubtful, fault, well
from bot.delivery.faults import named
from bot.sealing.columns import install
from bot.sealing.keys import ring_for, warnings, written_keys
from bot.sealing.resealing import heads_kept, open_ends
from bot.sealing.ring import SealError, name_of
from bot.settings import Settings, SettingsError
from knowledge.database import DatabaseAwayError, open_engine
from knowledge.migrations import config_for

OLDEST_PGVECTOR = (0, 8)


def look(settings: Settings) -> Iterator[Finding]:
    """What must be there first comes first; what can't be looked into is left out."""
    file = file_of(settings)
    if file is not None and not file.exists():
        yield doubtful("database", f"{file} is not there yet", "`xiaoqi run` makes it")
        return
    try:
        engine = open_engine(settings.database_url)
    except DatabaseAwayError as error:
        yield fault("database", str(error))
        return
    try:
        with engine.connect() as connection:
            yield _server(connection, settings)
            revision, newest = _revisions(connection)
            yield _schema(revision, newest)
        yield _writable(engine)
        if revision == newest:
            yield from _keys(engine, settings)
        else:
            yield doubtful("keys", "not looked at before the schema is the newest", "start first")
    except (SQLAlchemyError, DatabaseAwayError) as error:
        yield fault("database", named(error), "look into the log of its server")
    finally:
        engine.dispose()


def _server(connection: Connection, settings: Settings) -> Finding:
    if connection.dialect.name == "sqlite":
        mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar()
        if mode == "wal":
            return well("database", f"{file_of(settings)}, in WAL mode")
        return fault("database", f"journal mode {mode} instead of WAL", "move it to a local disk")
    version = connection.exec_driver_sql("SHOW server_version").scalar()
    if settings.vector_store != "pgvector":
        return well("database", f"PostgreSQL {version}")
    asked = text("SELECT extversion FROM pg_extension WHERE extname = 'vector'")
    vector = connection.execute(asked).scalar()
    if vector is None:
        mend = "CREATE EXTENSION vector (as its owner), or set VECTOR_STORE=faiss"
        return fault("database", f"PostgreSQL {version} without pgvector", mend)
    if tuple(int(part) for part in vector.split(".")[:2]) < OLDEST_PGVECTOR:
        return fault("database", f"pgvector {vector}", "install 0.8 or newer")
    return well("database", f"PostgreSQL {version}, pgvector {vector}")


def _revisions(connection: Connection) -> tuple[str, str]:
    """The schema that is there (empty for none), and the one that this version needs."""
    newest = ScriptDirectory.from_config(config_for(connection)).get_current_head() or ""
    if not inspect(connection).has_table("alembic_version"):
        return "", newest
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return str(found or ""), newest


def _schema(revision: str, newest: str) -> Finding:
    if revision == newest:
        return well("schema", revision)
    if not revision:
        return doubtful("schema", "the database is empty", "`xiaoqi run` makes its tables")
    if revision > newest:
        mend = "install that version, or name another database in DATABASE_URL"
        return fault("schema", f"{revision}, of a newer Xiaoqi (this one has {newest})", mend)
    mend = "back up, then start: the start upgrades it"
    return doubtful("schema", f"{revision} instead of {newest}", mend)


def _writable(engine: Engine) -> Finding:
    """Something is written, and taken back."""
    try:
        with engine.connect() as connection, connection.begin() as transaction:
            connection.execute(text("CREATE TABLE xiaoqi_doctor (id integer)"))
            transaction.rollback()
    except (SQLAlchemyError, DatabaseAwayError) as error:
        told = str(error) if isinstance(error, DatabaseAwayError) else named(error)
        return fault("writing", told, "let the bot's user write and make tables there")
    return well("writing", "the database takes what is written")


def _keys(engine: Engine, settings: Settings) -> Iterator[Finding]:
    heads, unsealed = heads_kept(engine, SQLModel.metadata)
    try:
        if not heads and not written_keys(settings):
            yield well("keys", "none yet, and nothing is sealed: the start makes one")
            return
        install(engine, ring_for(settings, heads))
        open_ends(engine, SQLModel.metadata)
    except (SettingsError, SealError) as error:
        yield fault("keys", str(error))
        return
    names = ", ".join(sorted(map(name_of, heads))) or "nothing is sealed yet"
    yield well("keys", f"they open what is sealed ({names})")
    if unsealed:
        yield doubtful("keys", "some texts are not sealed", "start: that seals them")
    for sentence in warnings(settings):
        yield doubtful("keys", sentence, "keep a copy of the keys elsewhere")
