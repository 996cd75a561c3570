"""What an operator types, and what they are told."""

from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.indexing import shelf_for
from bot.settings import Settings
from knowledge.database import open_engine
from tests.bot.backup.conftest import KEY, Place


def run(settings: Settings, *arguments: str, **more: str) -> Result:
    environment = {
        "DATABASE_URL": settings.database_url,
        "VAR_FOLDER": str(settings.var_folder),
        "MESSAGE_KEYS": KEY,
    }
    return CliRunner().invoke(app, list(arguments), env=environment | more)


def test_a_backup_is_made_verified_and_restored(
    desk: Settings, place: Place, tmp_path: Path
) -> None:
    file, there = str(tmp_path / "desk.zip"), place("other")
    made = run(desk, "backup", file, "--verify")
    assert made.exit_code == 0, made.output
    assert "rows they should" in made.output
    assert "opens what is sealed" in made.output
    assert run(desk, "restore", file, "--check").exit_code == 0
    put = run(there, "restore", file)
    assert put.exit_code == 0, put.output
    assert "restored as it was at" in put.output
    again = run(there, "restore", file)
    assert again.exit_code == 2
    assert "--force" in again.output
    assert "Traceback" not in again.output


def test_restored_without_its_key_it_says_which_one_is_missing(
    desk: Settings, place: Place, tmp_path: Path
) -> None:
    file, there = str(tmp_path / "desk.zip"), place("other")
    assert run(desk, "backup", file).exit_code == 0
    put = run(there, "restore", file, MESSAGE_KEYS="")
    assert put.exit_code == 2
    assert "was sealed with the key" in put.output


PASSAGE = (
    "INSERT INTO passage (entry_id, key, kind, language, text)"
    " SELECT id, 'p', 'skill', 'zh', '高真空压铸' FROM entry LIMIT 1"
)


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_an_index_that_is_not_in_it_is_built_anew(
    desk: Settings, place: Place, tmp_path: Path
) -> None:
    with open_engine(desk.database_url).begin() as connection:
        connection.execute(text(PASSAGE))
    (desk.var_folder / "snapshots" / "CURRENT").unlink()
    file, there = str(tmp_path / "desk.zip"), place("other")
    assert run(desk, "backup", file).exit_code == 0
    put = run(there, "restore", file)
    assert put.exit_code == 0, put.output
    assert (there.var_folder / "snapshots" / "CURRENT").exists()


@pytest.mark.parametrize("place", ["postgres"], indirect=True)
def test_an_index_that_is_kept_in_the_database_is_built_anew_in_the_new_one(
    desk: Settings, place: Place, tmp_path: Path
) -> None:
    with open_engine(desk.database_url).begin() as connection:
        connection.execute(text(PASSAGE))
    file, there = str(tmp_path / "desk.zip"), place("other")
    assert run(desk, "backup", file, "--verify", VECTOR_STORE="pgvector").exit_code == 0
    put = run(there, "restore", file, VECTOR_STORE="pgvector")
    assert put.exit_code == 0, put.output
    with closing(shelf_for(there.model_copy(update={"vector_store": "pgvector"}))) as shelf:
        assert shelf.current().passages == 1
