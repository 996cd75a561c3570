"""Files up, down, and again by their ids."""

import aiohttp
import pytest
from telegram import Bot
from telegram.error import BadRequest

from bot.simulator.files import DOWNLOAD_LIMIT, UPLOAD_LIMIT, picture_size
from bot.simulator.people import SimulatedPerson
from bot.simulator.sending import PICTURE, plain_png
from bot.simulator.world import TOKEN
from tests.bot.simulator.conftest import Api, Refused

KINDS = ("document", "video", "voice", "audio", "animation", "video_note", "sticker")


async def test_a_persons_file_can_be_downloaded(bot: Bot, asker: SimulatedPerson) -> None:
    asker.send_document("姓名,领域\n".encode(), name="专家.csv", caption="名单")
    message = (await bot.get_updates())[0].message
    assert message is not None
    assert message.document is not None
    assert (message.document.file_name, message.document.mime_type) == ("专家.csv", "text/csv")
    file = await message.document.get_file()
    assert (await file.download_as_bytearray()).decode() == "姓名,领域\n"
    assert message.caption == "名单"


async def test_the_bots_file_reaches_the_person_whole(bot: Bot, asker: SimulatedPerson) -> None:
    await bot.send_document(asker.id, b"a,b\r\n1,2\r\n", filename="报告.csv")
    media = asker.chat.messages[-1].media
    assert media is not None
    stored = asker.world.files.by_id(media["file_id"])
    assert stored is not None
    assert (stored.name, stored.content) == ("报告.csv", b"a,b\r\n1,2\r\n")


@pytest.mark.parametrize("kind", KINDS)
async def test_every_kind_is_sent_again_by_its_id_and_keeps_its_unique_id(
    bot: Bot, asker: SimulatedPerson, kind: str
) -> None:
    original = asker.send_file(kind).media
    assert original is not None
    again = await getattr(bot, f"send_{kind}")(asker.id, original["file_id"])
    assert getattr(again, kind).file_unique_id == original["file_unique_id"]
    assert asker.chat.messages[-1].kind == kind


async def test_a_photo_has_sizes_with_ids_of_their_own(bot: Bot, asker: SimulatedPerson) -> None:
    sent = await bot.send_photo(asker.id, plain_png(400, 200))
    assert [(size.width, size.height) for size in sent.photo] == [(90, 45), (400, 200)]
    assert len({size.file_unique_id for size in sent.photo}) == 2
    small = await bot.get_file(sent.photo[0].file_id)
    assert small.file_unique_id == sent.photo[0].file_unique_id
    again = await bot.send_photo(asker.id, sent.photo[0].file_id)
    assert again.photo[-1].file_unique_id == sent.photo[-1].file_unique_id


async def test_a_file_id_of_one_type_is_no_file_of_another(
    bot: Bot, asker: SimulatedPerson, refused: Refused
) -> None:
    photo = asker.send_photo().media
    assert photo is not None
    with refused(BadRequest, "Can't use file of type photo as document"):
        await bot.send_document(asker.id, photo["file_id"])
    with refused(BadRequest, "Wrong file identifier/http url specified"):
        await bot.send_document(asker.id, "BQACnonsense")
    with refused(BadRequest, "Invalid file_id"):
        await bot.get_file("BQACnonsense")


async def test_what_is_too_big_is_refused_both_ways(
    bot: Bot, api: Api, asker: SimulatedPerson, refused: Refused
) -> None:
    small = asker.send_document(b"", size=DOWNLOAD_LIMIT).media
    large = asker.send_document(b"", size=DOWNLOAD_LIMIT + 1).media
    assert small is not None
    assert large is not None
    assert (await bot.get_file(small["file_id"])).file_size == DOWNLOAD_LIMIT
    with refused(BadRequest, "File is too big"):
        await bot.get_file(large["file_id"])
    form = aiohttp.FormData({"chat_id": str(asker.id)})
    form.add_field("document", bytes(UPLOAD_LIMIT + 1), filename="big.bin")
    async with api.session.post(f"{api.url}/bot{TOKEN}/sendDocument", data=form) as answer:
        assert answer.status == 413
        assert (await answer.json())["description"] == "Request Entity Too Large"


async def test_empty_missing_and_unreadable_files_are_refused(
    bot: Bot, api: Api, asker: SimulatedPerson, refused: Refused
) -> None:
    with refused(BadRequest, "File must be non-empty"):
        await bot.send_document(asker.id, b"")
    with refused(BadRequest, "Image_process_failed"):
        await bot.send_photo(asker.id, b"no picture")
    missing = await api("sendVideoNote", chat_id=asker.id)
    assert missing.refusal == "Bad Request: there is no video note in the request"


async def test_nothing_outside_is_fetched(
    bot: Bot, asker: SimulatedPerson, refused: Refused
) -> None:
    with refused(BadRequest, "Failed to get http url content"):
        await bot.send_photo(asker.id, "https://example.org/a.png")


async def test_a_file_needs_the_token_and_a_known_path(api: Api, asker: SimulatedPerson) -> None:
    document = asker.send_document(b"x").media
    assert document is not None
    path = (await api("getFile", file_id=document["file_id"])).result["file_path"]
    for url, status in (
        (f"/file/bot{TOKEN}/{path}", 200),
        (f"/file/bot{TOKEN[:-1]}x/{path}", 401),
        (f"/file/bot{TOKEN}/documents/none.txt", 404),
    ):
        async with api.session.get(api.url + url) as answer:
            assert answer.status == status


def test_sizes_are_read_from_pictures_and_from_nothing_else() -> None:
    jpeg = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x11\x08\x00\x30\x00\x40\x03"
    assert picture_size(PICTURE) == (64, 48)
    assert picture_size(jpeg) == (64, 48)
    assert picture_size(b"GIF89a\x40\x00\x30\x00") == (64, 48)
    assert picture_size(b"%PDF-1.7") is None
    assert picture_size(b"\xff\xd8\xff") is None
