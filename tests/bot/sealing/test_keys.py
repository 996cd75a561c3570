"""Where keys come from, and what is said of them."""

import stat
import threading
from pathlib import Path

import pytest
from sqlmodel import Session

from bot.app import prepare_database
from bot.sealing.keys import FILE, ring_for, warnings
from bot.sealing.ring import KeyRing, head_of, key_from, new_key
from bot.settings import Settings, SettingsError
from tests.bot.desk.conftest import furnish


def settings(folder: Path, *keys: str) -> Settings:
    return Settings(
        _env_file=None,
        var_folder=folder,
        message_keys=",".join(keys),
        database_url=f"sqlite:///{folder / 'x.db'}",
    )


def test_without_a_setting_a_key_is_made_once_for_this_user_alone(tmp_path: Path) -> None:
    first = ring_for(settings(tmp_path / "var"))
    path = tmp_path / "var" / FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert ring_for(settings(tmp_path / "var")).newest == first.newest
    assert [one.name for one in path.parent.iterdir()] == [FILE]


def test_of_many_who_start_at_once_all_have_the_same_key(tmp_path: Path) -> None:
    found: list[str] = []
    together = threading.Barrier(8)

    def start() -> None:
        together.wait(timeout=10)
        found.append(ring_for(settings(tmp_path)).newest)

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=10)
    assert len(found) == 8
    assert len(set(found)) == 1


def test_the_first_key_of_the_setting_seals_and_those_of_the_file_still_open(
    tmp_path: Path,
) -> None:
    sealed = ring_for(settings(tmp_path)).seal("气孔")
    newest, older = new_key(), new_key()
    ring = ring_for(settings(tmp_path, newest, older))
    assert ring.newest == head_of(key_from(newest))
    assert ring.open(sealed) == "气孔"
    assert ring.open(KeyRing([key_from(older)]).seal("气孔")) == "气孔"


def test_with_a_setting_no_file_is_made(tmp_path: Path) -> None:
    ring_for(settings(tmp_path, new_key()))
    assert not (tmp_path / FILE).exists()


@pytest.mark.parametrize("written", ["secret", "<key>", f"{new_key()},short"], ids=range(3))
def test_a_malformed_key_is_refused_in_words_without_it(tmp_path: Path, written: str) -> None:
    with pytest.raises(SettingsError, match="xiaoqi new-key") as raised:
        ring_for(settings(tmp_path, written))
    assert written not in str(raised.value)


@pytest.mark.parametrize("content", ["", "no key\n", "密钥"])
def test_a_damaged_key_file_is_named_and_never_replaced(tmp_path: Path, content: str) -> None:
    (tmp_path / FILE).write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError, match=FILE):
        ring_for(settings(tmp_path))
    assert (tmp_path / FILE).read_text(encoding="utf-8") == content


def test_a_database_sealed_with_a_lost_key_is_refused_at_the_start_and_gets_no_new_one(
    tmp_path: Path,
) -> None:
    prepare_database(settings(tmp_path)).dispose()
    fill(tmp_path)
    (tmp_path / FILE).unlink()
    with pytest.raises(SettingsError, match="not among MESSAGE_KEYS"):
        prepare_database(settings(tmp_path))
    assert not (tmp_path / FILE).exists()
    with pytest.raises(SettingsError, match="not among MESSAGE_KEYS"):
        prepare_database(settings(tmp_path, new_key()))


def fill(folder: Path) -> None:
    engine = prepare_database(settings(folder))
    with Session(engine) as session:
        furnish(session).ask()
        session.commit()
    engine.dispose()


def test_the_operator_is_told_of_a_key_beside_the_data(tmp_path: Path) -> None:
    ring_for(settings(tmp_path))
    (sentence,) = warnings(settings(tmp_path))
    assert "MESSAGE_KEYS is empty" in sentence
    (tmp_path / FILE).chmod(0o644)
    assert any("chmod 600" in one for one in warnings(settings(tmp_path)))


def test_with_keys_in_the_setting_there_is_nothing_to_say(tmp_path: Path) -> None:
    assert list(warnings(settings(tmp_path, new_key()))) == []
