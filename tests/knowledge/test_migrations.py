import threading
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.runtime.migration import HeadMaintainer
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text
from sqlmodel import SQLModel

from knowledge.database import DatabaseAwayError, open_engine
from knowledge.migrations import config_for, locked, upgrade
from knowledge.migrations.revise import revise

KEPT_BY_0001 = (
    "INSERT INTO person (id, name_zh, name_en, language, languages, fictional)"
    " VALUES (1, '王', '', 'zh', '', false)",
    "INSERT INTO consultation (id, asker_id, language, question, forwarded, asked_message, stage,"
    " asked_at) VALUES (1, 1, 'zh', '问', '问', 7, 'draft', '2026-11-23 02:00:00')",
    "INSERT INTO candidate (consultation_id, rank, entry_key, evidence, score, strength)"
    " VALUES (1, 1, 'expert-1', '高真空压铸', 0.9, 'strong')",
)


def differences(engine: Engine) -> list[object]:
    with engine.connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection), SQLModel.metadata))


def test_the_chain_of_revisions_makes_exactly_the_tables_of_the_code(engine: Engine) -> None:
    """If this fails: python -m knowledge.migrations.revise (see there)."""
    assert differences(engine) == []


def test_a_table_that_the_chain_does_not_make_would_be_noticed(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE passage DROP COLUMN year"))
        connection.execute(text("DROP TABLE dispatch"))
    assert len(differences(engine)) >= 2


def test_upgrading_twice_changes_nothing(engine: Engine) -> None:
    upgrade(engine)
    assert differences(engine) == []


def test_of_two_processes_that_start_at_once_one_waits(database_url: str) -> None:
    failures: list[BaseException] = []
    together = threading.Barrier(4)

    def start() -> None:
        engine = open_engine(database_url)
        together.wait(timeout=30)
        try:
            upgrade(engine)
        except BaseException as error:  # it would vanish with its thread
            failures.append(error)
        finally:
            engine.dispose()

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert failures == []
    engine = open_engine(database_url)
    assert differences(engine) == []
    engine.dispose()


def test_a_database_of_a_newer_version_is_left_alone(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseAwayError, match="newer Xiaoqi"):
        upgrade(engine)
    with engine.connect() as connection:
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    assert found == "9999"


def test_a_failing_upgrade_leaves_no_table_behind(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = open_engine(database_url)

    def fail(*_: object) -> None:
        raise RuntimeError("the power is gone")

    # Called after a revision's tables are made.
    monkeypatch.setattr(HeadMaintainer, "update_to_step", fail)
    with pytest.raises(RuntimeError):
        upgrade(engine)
    assert inspect(engine).get_table_names() == []
    engine.dispose()


def test_what_an_older_version_kept_outlives_the_upgrade(database_url: str) -> None:
    engine = open_engine(database_url)
    with locked(engine) as connection:
        command.upgrade(config_for(connection), "0001")
    with engine.begin() as connection:
        for statement in KEPT_BY_0001:
            connection.execute(text(statement))
    upgrade(engine)
    assert differences(engine) == []
    with engine.connect() as connection:
        kept = connection.execute(text("SELECT evidence, reasons FROM candidate")).all()
        assert kept in ([("高真空压铸", [])], [("高真空压铸", "[]")])
        assert connection.execute(text("SELECT count(*) FROM judgement")).scalar() == 0
    engine.dispose()


def test_the_chain_has_one_end(engine: Engine) -> None:
    with locked(engine) as connection:
        assert len(ScriptDirectory.from_config(config_for(connection)).get_heads()) == 1


def test_keys_are_kept_again_after_an_upgrade(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/x.db")
    upgrade(engine)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    engine.dispose()


def test_a_revision_is_written_from_the_tables_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of ours is imported by it: a revision outlives the code it was made from."""
    monkeypatch.setattr("knowledge.migrations.revise.VERSIONS", tmp_path / "versions")
    monkeypatch.setattr("knowledge.migrations.FOLDER", copied_environment(tmp_path))
    made = revise("every table")
    text_of_it = made.read_text()
    assert made.name == "0001_every_table.py"
    assert "create_table('entry'" in text_of_it
    assert "knowledge." not in text_of_it
    assert "sqlmodel" not in text_of_it


def copied_environment(folder: Path) -> Path:
    import knowledge.migrations

    source = Path(knowledge.migrations.__file__).parent
    (folder / "versions").mkdir()
    for name in ("env.py", "script.py.mako"):
        (folder / name).write_text((source / name).read_text())
    return folder
