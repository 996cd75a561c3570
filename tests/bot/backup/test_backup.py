"""A backup holds the whole desk, is proved by restoring it, and overwrites nothing unasked."""

import json
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine, NullPool, create_engine, inspect, text
from sqlmodel import Session, select

from bot.app import prepare_database
from bot.backup.archive import KEYS, MANIFEST, BackupError
from bot.backup.making import make
from bot.backup.restoring import restore
from bot.backup.verifying import verify
from bot.delivery.ledger import load
from bot.delivery.tables import Delivery
from bot.desk import talking
from bot.desk.tables import Consultation, Message, Stage
from bot.desk.views import Heard
from bot.indexing import snapshots
from bot.sealing.keys import FILE
from bot.sealing.ring import new_key
from bot.settings import Settings
from knowledge.database import open_engine
from retrieval.library import Library
from tests.bot.backup.conftest import KEY, SAID, Place, rows_of
from tests.bot.desk.conftest import ASKER, MENTORS, NOW
from tests.retrieval.fakes import HashedWords


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_a_key_that_is_there_outlives_a_restore(desk: Settings, tmp_path: Path) -> None:
    path, other = tmp_path / "with.zip", new_key()
    make(desk, path, now=NOW, with_keys=True)
    (desk.var_folder / FILE).write_text(other)
    restore(desk, path, force=True)
    assert (desk.var_folder / FILE).read_text().split() == [KEY, other]


@pytest.fixture
def archive(desk: Settings, tmp_path: Path) -> Path:
    path = tmp_path / "kept" / "desk.zip"
    path.parent.mkdir()
    make(desk, path, now=NOW)
    return path


def opened(settings: Settings) -> Engine:
    """One that keeps no connection open."""
    engine = open_engine(settings.database_url)
    engine.dispose()
    return create_engine(engine.url, poolclass=NullPool)


def test_everything_comes_back_as_it_was(desk: Settings, archive: Path, place: Place) -> None:
    there = place("other")
    restore(there, archive)
    assert rows_of(opened(there)) == rows_of(opened(desk))
    assert (there.var_folder / "uploads" / "7.csv").read_bytes() == b"id\n"
    library = Library(snapshots(there.var_folder), HashedWords())
    assert library.refresh() is None
    assert library.searcher.snapshot.passages == 5


def test_a_talk_goes_on_where_it_was(archive: Path, place: Place) -> None:
    there = place("other")
    restore(there, archive)
    with Session(prepare_database(there)) as session:
        talk = session.exec(select(Consultation)).one()
        assert talk.stage is Stage.ACTIVE
        assert SAID in [message.text for message in session.exec(select(Message))]
        before = session.exec(select(Delivery.id)).all()
        heard = Heard(ASKER, 9001, "还在吗")
        talking.relay(session, heard, talk.id or 0, now=NOW)
        session.commit()
        owed = load(session, [MENTORS[0]], 99)[MENTORS[0]]
    copies = [one for one in owed if one.method == "copyMessage"]
    assert copies[-1].source_message == 9001
    assert max(one.id for one in owed) > max(number or 0 for number in before)
    assert len(copies) == 2  # what was owed when the backup was made is owed still


def test_it_is_made_while_the_desk_writes(desk: Settings, tmp_path: Path, place: Place) -> None:
    path = tmp_path / "busy.zip"
    engine = opened(desk)
    with engine.begin() as writing:
        writing.execute(text("UPDATE person SET name_en = 'half written'"))
        make(desk, path, now=NOW)
    there = place("other")
    restore(there, path)
    with opened(there).connect() as connection:
        names = connection.execute(text("SELECT name_en FROM person")).scalars().all()
    assert "half written" not in names


def test_verifying_restores_it_and_leaves_nothing_behind(desk: Settings, archive: Path) -> None:
    said = " ".join(verify(desk, archive))
    assert "rows they should" in said
    assert "the index is whole, of 5 passages" in said
    assert "opens what is sealed" in said
    assert [path.name for path in archive.parent.iterdir()] == [archive.name]
    if desk.database_url.startswith("postgres"):
        schemas = inspect(opened(desk)).get_schema_names()
        assert not [name for name in schemas if name.startswith("verify_")]


def test_verifying_with_another_key_says_which_one_is_missing(
    desk: Settings, archive: Path
) -> None:
    elsewhere = desk.model_copy(update={"message_keys": SecretStr(new_key())})
    assert "WHICH IS NOT HERE" in " ".join(verify(elsewhere, archive))


def test_a_text_that_its_key_does_not_open_fails_the_verification(
    desk: Settings, tmp_path: Path
) -> None:
    with opened(desk).begin() as connection:
        spoiled = "UPDATE consultation SET question = substr(question, 1, 20) || 'AAAA'"
        connection.execute(text(spoiled))
    path = tmp_path / "spoiled.zip"
    make(desk, path, now=NOW)
    with pytest.raises(Exception, match="changed or cut short"):
        verify(desk, path)


def test_neither_keys_nor_words_are_in_it(archive: Path) -> None:
    with zipfile.ZipFile(archive) as found:
        assert KEYS not in found.namelist()
        parts = [found.read(name) for name in found.namelist()]
    assert not any(SAID.encode() in part or KEY.encode() in part for part in parts)
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600


def test_keys_are_in_it_where_they_are_asked_for(
    desk: Settings, tmp_path: Path, place: Place
) -> None:
    path, there = tmp_path / "with.zip", place("other")
    make(desk, path, now=NOW, with_keys=True)
    keyless = there.model_copy(update={"message_keys": SecretStr("")})
    assert restore(keyless, path).keys
    kept = there.var_folder / FILE
    assert kept.read_text() == KEY
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    with Session(prepare_database(keyless)) as session:
        assert SAID in [message.text for message in session.exec(select(Message))]


def test_a_desk_that_is_there_is_replaced_only_where_it_is_said(
    desk: Settings, archive: Path, place: Place
) -> None:
    with opened(desk).begin() as connection:
        connection.execute(text("UPDATE person SET name_en = 'later'"))
    before = rows_of(opened(desk))
    with pytest.raises(BackupError, match="there already"):
        restore(desk, archive)
    assert rows_of(opened(desk)) == before
    restore(desk, archive, force=True)
    assert not any("later" in map(str, row) for row in rows_of(opened(desk))["person"])


def test_a_database_in_use_is_not_taken_from_under_its_bot(desk: Settings, archive: Path) -> None:
    with prepare_database(desk).connect() as connection:
        connection.execute(text("SELECT 1"))
        with pytest.raises(BackupError, match="stop the bot first"):
            restore(desk, archive, force=True)
    assert SAID in str(rows_said(desk))


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_a_damaged_database_can_be_replaced(desk: Settings, archive: Path) -> None:
    before = rows_of(opened(desk))
    file = desk.var_folder / "xiaoqi.db"
    file.write_bytes(b"SQLite format 3\0" + b"x" * 5000)
    restore(desk, archive, force=True)
    assert rows_of(opened(desk)) == before


def rows_said(settings: Settings) -> list[str]:
    with Session(prepare_database(settings)) as session:
        return [message.text for message in session.exec(select(Message))]


def test_a_backup_that_is_there_is_replaced_only_where_it_is_said(
    desk: Settings, archive: Path
) -> None:
    before = archive.read_bytes()
    with pytest.raises(BackupError, match="--force"):
        make(desk, archive, now=NOW)
    assert archive.read_bytes() == before
    make(desk, archive, now=NOW, force=True)


def test_what_fails_half_way_leaves_no_file(desk: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    folder.mkdir()
    snapshot = next(snapshots(desk.var_folder).glob("[0-9]*")) / "words.bin"
    snapshot.write_bytes(b"spoiled")
    with pytest.raises(Exception, match="cut short or altered"):
        make(desk, folder / "desk.zip", now=NOW)
    assert list(folder.iterdir()) == []


def test_without_a_database_there_is_nothing_to_back_up(place: Place, tmp_path: Path) -> None:
    nowhere = place("empty")
    with pytest.raises(BackupError, match="nothing to back up"):
        make(nowhere, tmp_path / "x.zip", now=NOW)
    assert not nowhere.database_url.startswith("sqlite") or not nowhere.var_folder.exists()


def rewritten(archive: Path, change: Callable[[dict[str, bytes]], None]) -> None:
    with zipfile.ZipFile(archive) as found:
        parts = {name: found.read(name) for name in found.namelist()}
    change(parts)
    with zipfile.ZipFile(archive, "w") as made:
        for name, content in parts.items():
            made.writestr(name, content)


def alter(parts: dict[str, bytes]) -> None:
    parts["uploads/7.csv"] = b"ID\n"


def leave_out(parts: dict[str, bytes]) -> None:
    del parts["uploads/7.csv"]


def add(parts: dict[str, bytes]) -> None:
    parts["uploads/8.csv"] = b"id\n"


def lead_outside(parts: dict[str, bytes]) -> None:
    manifest = json.loads(parts[MANIFEST])
    manifest["files"]["uploads/../../x.csv"] = manifest["files"].pop("uploads/7.csv")
    parts["uploads/../../x.csv"] = parts.pop("uploads/7.csv")
    parts[MANIFEST] = json.dumps(manifest).encode()


def of_tomorrow(parts: dict[str, bytes]) -> None:
    parts[MANIFEST] = json.dumps(json.loads(parts[MANIFEST]) | {"format": 99}).encode()


def of_nobody(parts: dict[str, bytes]) -> None:
    parts[MANIFEST] = b"[]"


def fewer_rows(parts: dict[str, bytes]) -> None:
    manifest = json.loads(parts[MANIFEST])
    manifest["tables"]["person"] += 1
    parts[MANIFEST] = json.dumps(manifest).encode()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (alter, "was altered"),
        (leave_out, "other parts"),
        (add, "other parts"),
        (lead_outside, "lies outside"),
        (of_tomorrow, "format 99"),
        (of_nobody, "no backup of Xiaoqi"),
        (fewer_rows, "in person"),
    ],
)
def test_a_backup_that_is_not_whole_is_refused_before_anything_changes(
    desk: Settings, archive: Path, change: Callable[[dict[str, bytes]], None], said: str
) -> None:
    with opened(desk).begin() as connection:  # the desk went on since
        connection.execute(text("UPDATE person SET name_en = 'later'"))
    before = rows_of(opened(desk))
    rewritten(archive, change)
    with pytest.raises(BackupError, match=said):
        restore(desk, archive, force=True)
    assert rows_of(opened(desk)) == before


@pytest.mark.parametrize("cut", [0, 10, -100])
def test_a_file_cut_short_is_refused(desk: Settings, archive: Path, cut: int) -> None:
    archive.write_bytes(archive.read_bytes()[:cut])
    with pytest.raises(BackupError, match="cut short"):
        restore(desk, archive, force=True)


def test_a_backup_of_the_other_kind_is_refused(desk: Settings, archive: Path) -> None:
    other = "sqlite:///x.db" if desk.database_url.startswith("postgres") else "postgresql://h/x"
    elsewhere = desk.model_copy(update={"database_url": other})
    with pytest.raises(BackupError, match="same kind"):
        restore(elsewhere, archive)
