"""The archive of a consultation: made beside the conversation, complete, and harmless to open."""

import asyncio
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select
from telegram.error import BadRequest, NetworkError, TelegramError

from bot.delivery.tables import Delivery, DeliveryState
from bot.desk import talking, transcribing
from bot.desk.tables import Transcript, TranscriptState
from bot.handlers.transcribing import FETCHED, SENT, Transcriber, name_of
from tests.bot.desk.conftest import ASKER, MENTORS, NOW, Office
from tests.bot.desk.conftest import office as office  # noqa: PLC0414 (a fixture)
from tests.bot.desk.conftest import tables as tables  # noqa: PLC0414
from tests.bot.handlers.test_pressing import OneSession

MENTOR, MEGABYTE = MENTORS[0], 1 << 20


class OneRead(OneSession):
    async def read_aside(self, query: Callable[..., Any], *args: Any, **values: Any) -> Any:
        return query(self.session, *args, **values)


class Works:
    """A transcriber whose Telegram is a dictionary of files, or of errors."""

    def __init__(self, office: Office, folder: Path) -> None:
        self.office, self.folder = office, folder / "transcripts"
        self.files: dict[str, bytes | TelegramError] = {"F1": b"\xff\xd8picture", "F2": b"%PDF"}
        self.number = office.talk()
        zone = ZoneInfo("Asia/Shanghai")
        self.transcriber = Transcriber(OneRead(office), self.fetch, self.folder, zone)

    async def fetch(self, file_id: str, path: Path) -> None:
        found = self.files[file_id]
        if isinstance(found, TelegramError):
            raise found
        await asyncio.to_thread(path.write_bytes, found)

    def say(self, chat_id: int, text: str = "", kind: str = "text", **file: object) -> None:
        heard = self.office.heard(chat_id, text, kind=kind, file=file)
        talking.relay(self.office.session, heard, self.number, now=NOW)

    async def archive(self) -> zipfile.ZipFile:
        transcribing.want(self.office.session, ASKER, self.number, now=NOW)
        self.office.session.flush()
        await self.transcriber.turn()
        return zipfile.ZipFile(self.sent().attachment)

    def size(self) -> int:
        return Path(self.sent().attachment).stat().st_size

    def left(self) -> list[str]:
        return sorted(str(path) for path in self.folder.iterdir())

    def sent(self) -> Delivery:
        return next(one for one in self.office.owed(ASKER) if one.method == "sendDocument")

    def state(self) -> TranscriptState:
        self.office.session.flush()
        return self.office.session.exec(select(Transcript)).one().state


@pytest.fixture
def works(office: Office, tmp_path: Path) -> Works:
    return Works(office, tmp_path)


async def test_it_holds_a_page_json_and_the_files(works: Works) -> None:
    works.say(ASKER, "看图<b>", "photo", id="F1", size=9)
    works.say(MENTOR, "先查排气", "document", id="F2", name="工艺/参数.pdf", size=4)
    archive = await works.archive()
    assert sorted(archive.namelist()) == [
        "files/0001-photo.jpg",
        "files/0002-工艺_参数.pdf",
        "transcript.html",
        "transcript.json",
    ]
    assert archive.read("files/0001-photo.jpg") == b"\xff\xd8picture"
    first, second = json.loads(archive.read("transcript.json"))["lines"]
    assert (first["text"], first["path"]) == ("看图<b>", "files/0001-photo.jpg")
    assert second["at"] == NOW.isoformat()
    assert "F2" not in archive.read("transcript.json").decode()  # Telegram's ids are the bot's
    page = archive.read("transcript.html").decode()
    assert "看图&lt;b&gt;" in page
    assert "2026-11-23 10:00:00 +08:00" in page
    assert works.state() is TranscriptState.MADE


async def test_the_page_loads_nothing_and_runs_nothing(works: Works) -> None:
    works.say(ASKER, '<img src=x onerror=alert(1)><script src="https://evil.cn/x.js"></script>')
    works.say(MENTOR, "看", "document", id="F2", name='"><script>x.pdf', size=4)
    page = (await works.archive()).read("transcript.html").decode()
    assert "default-src 'none'" in page
    assert "<script" not in page
    assert "<img src=x" not in page
    assert page.count("https://evil.cn") == 1  # as text


async def test_a_file_of_any_name_is_linked_and_a_picture_is_shown(works: Works) -> None:
    works.say(ASKER, "", "photo", id="F1", size=9)
    works.say(MENTOR, "", "document", id="F2", name="第1版#2 100%.pdf", size=4)
    page = (await works.archive()).read("transcript.html").decode()
    assert '<img src="files/0001-photo.jpg"' in page
    assert "files/0002-%E7%AC%AC1%E7%89%88%232%20100%25.pdf" in page


async def test_what_is_too_large_or_gone_is_listed(works: Works) -> None:
    works.files |= {"F3": BadRequest("File is too big"), "F4": BadRequest("wrong file_id")}
    works.say(ASKER, "", "video", id="F9", size=FETCHED + 1)
    works.say(ASKER, "", "video", id="F3")  # Telegram did not say how large
    works.say(ASKER, "", "document", id="F4", name="a.step", size=5)
    lines = json.loads((await works.archive()).read("transcript.json"))["lines"]
    assert [line["missing"] for line in lines] == ["too_large", "too_large", "gone"]


async def test_the_archive_never_outgrows_what_telegram_takes(works: Works) -> None:
    works.files["F5"] = bytes(FETCHED)
    for _ in range(4):
        works.say(ASKER, "", "document", id="F5", name="a.bin", size=FETCHED)
    archive = await works.archive()
    assert works.size() < SENT + MEGABYTE
    lines = json.loads(archive.read("transcript.json"))["lines"]
    assert [line["missing"] for line in lines] == ["", "", "no_room", "no_room"]


async def test_a_network_that_fails_is_tried_again_and_in_the_end_gone_without(
    works: Works,
) -> None:
    works.files["F2"] = NetworkError("away")
    works.say(ASKER, "图纸", "document", id="F2", name="a.pdf", size=4)
    transcribing.want(works.office.session, ASKER, works.number, now=NOW)
    works.office.session.flush()
    for _ in range(transcribing.ATTEMPTS - 1):
        await works.transcriber.turn()
        works.office.session.flush()
        assert works.state() is TranscriptState.WANTED
    await works.transcriber.turn()
    with zipfile.ZipFile(works.sent().attachment) as archive:
        (line,) = json.loads(archive.read("transcript.json"))["lines"]
    assert line["missing"] == "gone"


async def test_where_no_file_can_be_written_its_reader_is_told(works: Works) -> None:
    works.folder.write_text("in the way")
    transcribing.want(works.office.session, ASKER, works.number, now=NOW)
    works.office.session.flush()
    for _ in range(transcribing.ATTEMPTS):
        await works.transcriber.turn()
        works.office.session.flush()
    assert works.office.cards(ASKER)[-1] == "transcript_failed"
    await works.transcriber.turn()  # and not begun again


async def test_what_was_sent_is_deleted_and_nothing_else_is_left(works: Works) -> None:
    works.say(ASKER, "看图", "photo", id="F1", size=9)
    (await works.archive()).close()
    await works.transcriber.sweep()
    assert works.left() == [works.sent().attachment]
    works.sent().state = DeliveryState.SENT
    works.office.session.flush()
    await works.transcriber.sweep()
    assert works.left() == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("../../etc/passwd", "0003-_.._etc_passwd"),
        ("a" * 300 + ".pdf", "0003-" + "a" * 70 + ".pdf"),
        ("CON\x00\n.txt", "0003-CON_.txt"),
        ("...", "0003-document"),
        ("图 纸.dwg", "0003-图 纸.dwg"),
    ],
)
async def test_a_files_name_is_safe_on_every_system(works: Works, name: str, expected: str) -> None:
    works.say(ASKER)
    works.say(ASKER)
    works.say(ASKER, "", "document", id="F2", name=name)
    works.office.session.flush()
    *_, line = transcribing.transcript_of(works.office.session, works.number).lines
    assert name_of(line) == expected
