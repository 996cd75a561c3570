"""Files that go up on the page and come down to it."""

from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient

from bot.simulator import page as page_module
from bot.simulator.sending import PICTURE
from bot.simulator.world import World
from tests.bot.simulator.viewer import Viewer, whereabouts

Client = TestClient[web.Request, web.Application]


async def test_a_file_goes_up_is_sent_and_comes_down(
    world: World, page_client: Client, viewer: Viewer
) -> None:
    admin = world.add_person("Wang", role="admin")
    sheet = "学校,专家\n".encode("gb18030") * 20_000
    key = await upload(page_client, sheet, "专家.csv", "text/csv")
    media = [{"kind": "document", "upload": key, "name": "专家.csv"}]
    await viewer.do("send_media", media=media, caption="new", **whereabouts(admin))
    document = viewer.seen("message")[-1]["message"]["document"]
    assert (document["file_name"], document["file_size"]) == ("专家.csv", len(sheet))
    down = await page_client.get(f"/page/files/{document['file_id']}")
    assert await down.read() == sheet
    assert down.headers["Content-Disposition"] == "attachment"
    assert down.headers["X-Content-Type-Options"] == "nosniff"


async def test_several_pictures_become_one_album(
    world: World, page_client: Client, viewer: Viewer
) -> None:
    asker = world.add_person("Amy")
    keys = [await upload(page_client, PICTURE, f"{n}.png", "image/png") for n in range(3)]
    media = [{"kind": "photo", "upload": key} for key in keys]
    await viewer.do("send_media", media=media, caption="three views", **whereabouts(asker))
    albums = {frame["message"]["media_group_id"] for frame in viewer.seen("message")}
    assert len(albums) == 1
    captions = [frame["message"].get("caption") for frame in viewer.seen("message")]
    assert captions == ["three views", None, None]


@pytest.mark.parametrize(
    ("kind", "measures", "expected"),
    [
        ("voice", {"duration": 7}, {"duration": 7}),
        ("video", {"width": 320, "height": 180, "duration": 4}, {"width": 320, "duration": 4}),
        ("sticker", {"emoji": "🙏", "width": 512}, {"emoji": "🙏"}),
        ("audio", {"duration": 60}, {"duration": 60}),
    ],
)
async def test_media_keeps_what_the_phone_measured(
    world: World,
    page_client: Client,
    viewer: Viewer,
    kind: str,
    measures: dict[str, Any],
    expected: dict[str, Any],
) -> None:
    asker = world.add_person("Amy")
    key = await upload(page_client, b"bytes", "file.bin", "application/octet-stream")
    item = {"kind": kind, "upload": key, **measures}
    await viewer.do("send_media", media=[item], **whereabouts(asker))
    assert expected.items() <= viewer.seen("message")[-1]["message"][kind].items()


async def test_a_player_may_ask_for_a_part_of_a_file(world: World, page_client: Client) -> None:
    stored = world.files.add("video", b"0123456789")
    path = f"/page/files/{stored.file_id}"
    part = await page_client.get(path, headers={"Range": "bytes=2-5"})
    assert (part.status, await part.read()) == (206, b"2345")
    assert part.headers["Content-Range"] == "bytes 2-5/10"
    rest = await page_client.get(path, headers={"Range": "bytes=7-"})
    assert (rest.status, await rest.read()) == (206, b"789")
    assert (await page_client.get(path, headers={"Range": "bytes=junk"})).status == 416
    assert (await page_client.get("/page/files/nothing")).status == 404


async def test_a_file_past_the_limit_is_refused(
    page_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_module.page_frames, "UPLOAD_MEGABYTES", 1)
    answer = await page_client.post("/page/files", data=b"x" * (1 << 20) + b"x")
    assert answer.status == 413


async def test_uploads_that_no_message_takes_make_room() -> None:
    uploads = page_module.Uploads(room=2)
    keys = [uploads.keep(page_module.Upload(str(n), "text/plain", b"")) for n in range(3)]
    assert [uploads.take(key).name for key in keys[1:]] == ["1", "2"]
    with pytest.raises(ValueError, match="attach it again"):
        uploads.take(keys[0])


async def upload(page_client: Client, content: bytes, name: str, kind: str) -> str:
    answer = await page_client.post(
        "/page/files", params={"name": name}, data=content, headers={"Content-Type": kind}
    )
    assert answer.status == 200
    return str((await answer.json())["upload"])
