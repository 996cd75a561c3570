"""What is held about a person comes as a file that nobody else reads, and does not stay."""

import json
import os
import stat
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest

from bot.cards.rights import as_json, as_page
from bot.desk import onboarding
from bot.desk.rights.giving import held_about
from bot.handlers.rights import UNOWED, _sweep, delete, write_archive
from tests.bot.desk.conftest import NOW, Office
from tests.bot.desk.conftest import office as office  # noqa: PLC0414 (a fixture)
from tests.bot.desk.conftest import tables as tables  # noqa: PLC0414 (a fixture)

NEW = 900
NAME = "赵<script>alert(1)</script>掌柜"


@pytest.fixture
def known(office: Office) -> Office:
    onboarding.start(office.session, NEW, NAME, "zh", now=NOW)
    onboarding.agree(office.session, NEW, now=NOW)
    return office


def test_the_archive_holds_a_page_and_json_and_is_its_owners_alone(
    known: Office, tmp_path: Path
) -> None:
    path = tmp_path / "archives" / "mydata-1.zip"
    write_archive(path, held_about(known.session, NEW, NOW))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in path.parent.iterdir()] == [path.name]
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == ["mydata.html", "mydata.json"]
        held = json.loads(archive.read("mydata.json"))
    person = next(one for one in held["sections"] if one["table"] == "person")
    assert person["rows"][0]["name_zh"] == NAME
    assert [one["version"] for one in held["terms"]] == [onboarding.CONSENT_VERSION]
    assert "/forget" in held["terms"][0]["text"]


@pytest.mark.parametrize(("language", "title"), [("zh", "个人信息"), ("en", "Who you are")])
def test_the_page_is_in_their_language_and_what_people_wrote_is_never_markup(
    known: Office, language: str, title: str
) -> None:
    onboarding.choose_language(known.session, NEW, language, now=NOW)
    page = as_page(held_about(known.session, NEW, NOW))
    assert title in page
    assert "<script>" not in page
    assert "赵&lt;script&gt;" in page


def test_json_says_what_is_not_given_out_and_why(known: Office) -> None:
    held = json.loads(as_json(held_about(known.session, NEW, NOW)))
    delivery = next(one for one in held["sections"] if one["table"] == "delivery")
    assert delivery["withheld"]["values"] == "what was shown to you stands in your chat"
    assert all("values" not in row for row in delivery["rows"])


def test_what_was_sent_is_swept_and_what_waits_or_is_new_is_not(tmp_path: Path) -> None:
    sent, waits, new = (tmp_path / f"{name}.zip" for name in ("sent", "waits", "new"))
    for path in (sent, waits, new):
        path.write_bytes(b"x")
        os.utime(path, (NOW.timestamp(), NOW.timestamp()))
    now = NOW + UNOWED + timedelta(minutes=1)
    os.utime(new, (now.timestamp(), now.timestamp()))
    _sweep(tmp_path, {str(waits)}, now - UNOWED)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new.zip", "waits.zip"]
    _sweep(tmp_path / "never made", set(), now)


def test_a_file_that_is_gone_or_cannot_go_stops_nobody(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    there = tmp_path / "there.zip"
    there.write_bytes(b"x")
    delete([str(tmp_path / "gone.zip"), str(folder), str(there)])
    assert not there.exists()
