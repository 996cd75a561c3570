"""What an operator runs: a new key, a rotation, the account of looks."""

from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlmodel import Session
from typer.testing import CliRunner, Result

from bot.app import prepare_database
from bot.cli import app
from bot.desk import auditing
from bot.sealing.ring import key_from, new_key
from bot.settings import Settings
from tests.bot.desk.conftest import NOW, furnish

REASON = "提问者投诉答复态度不好"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Of a desk where an admin has looked twice."""
    url, keys = f"sqlite:///{tmp_path / 'x.db'}", new_key()
    settings = Settings(_env_file=None, var_folder=tmp_path, database_url=url, message_keys=keys)
    engine = prepare_database(settings)
    with Session(engine) as session:
        office = furnish(session)
        for _ in range(2):
            auditing.record(session, office.people[401], "look", 1, REASON, now=NOW)
        session.commit()
    engine.dispose()
    return {"DATABASE_URL": url, "VAR_FOLDER": str(tmp_path), "MESSAGE_KEYS": keys}


def run(*arguments: str, **environment: str) -> Result:
    return CliRunner().invoke(app, list(arguments), env=environment)


def test_a_new_key_is_printed_as_the_setting_takes_it() -> None:
    assert len(key_from(run("new-key").output)) == 32


def test_the_account_is_printed_and_its_chain_checked(environment: dict[str, str]) -> None:
    result = run("audit", **environment)
    assert result.exit_code == 0
    assert result.output.count(REASON) == 2
    assert "the chain holds" in result.output


def test_an_account_that_was_changed_ends_in_a_sentence(environment: dict[str, str]) -> None:
    with create_engine(environment["DATABASE_URL"]).begin() as connection:
        connection.execute(text("UPDATE audit SET actor_id = 1 WHERE id = 2"))
    result = run("audit", **environment)
    assert result.exit_code == 2
    assert "row 2 does not follow" in result.output
    assert "Traceback" not in result.output
