"""The real process, watched: what it says of itself, and that it says nothing of anybody."""

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.demo import start_bot
from tests.end_to_end.conftest import PATIENCE, QUESTION, Desk, MakeDesk
from tests.end_to_end.test_story import free_port

# Nothing that the program says by itself holds any of these.
MARKED = ("鹭鸶一号", "鹭鸶二号", "heron-three", "鹭鸶四号", "heron-five.pdf", "鹭鸶六号")


@pytest.fixture(params=["polling", "webhook"])
async def watched(
    make_desk: MakeDesk, request: pytest.FixtureRequest, tmp_path: Path
) -> tuple[Desk, str, Path]:
    """A desk, where it is watched, and the file in which it logs all it can."""
    port = str(free_port())
    more = {"WATCH_PORT": port}
    if request.param == "webhook":
        more = {"WEBHOOK_URL": f"http://127.0.0.1:{port}/telegram", "WEBHOOK_PORT": port}
    desk = await make_desk(LOG_LEVEL="DEBUG", LOG_FORMAT="json", **more)
    await desk.stop()
    log = tmp_path / "log"
    with log.open("wb") as stderr:
        desk.process = await start_bot(desk.simulator, desk.folder, stderr, **desk.settings)
    return desk, f"http://127.0.0.1:{port}", log


async def told(url: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as client, client.get(url) as answer:
        return answer.status, await answer.text()


async def ready(url: str) -> dict[str, Any]:
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                status, text = await told(f"{url}/ready")
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.05)
                continue
            found: dict[str, Any] = json.loads(text)
            if status == 200:
                return found
            await asyncio.sleep(0.05)


async def test_a_whole_consultation_leaves_no_word_of_it_in_logs_or_figures(
    watched: tuple[Desk, str, Path],
) -> None:
    desk, url, log = watched
    parts = (await ready(url))["parts"]
    assert parts.keys() >= {"database", "model", "snapshot"}
    asker = desk.person("asker", "（")
    mentor = await desk.talk(asker)
    asker.send_text(MARKED[0])
    copy = await desk.see(mentor, MARKED[0])
    mentor.send_text(MARKED[1], reply_to=copy)
    await desk.see(asker, MARKED[1])
    mentor.send_photo(caption=MARKED[2])
    await desk.see(asker, MARKED[2])
    sent = asker.send_text("先写错")
    await desk.see(mentor, "先写错")
    asker.edit(sent, text=MARKED[3])
    await desk.see(mentor, MARKED[3])
    asker.send_document(b"%PDF-1.7", name=MARKED[4], caption=MARKED[5])
    await desk.see(mentor, MARKED[5])
    await desk.press(asker, *await closing(desk, asker))
    _, figures = await told(f"{url}/metrics")
    await desk.stop()
    logs = log.read_text(encoding="utf-8")

    forbidden = (*MARKED, QUESTION, QUESTION[:6], asker.first_name, mentor.first_name, "先写错")
    for word in forbidden:
        assert word not in figures
        assert word not in logs
    numbers = {str(asker.id), str(mentor.id)}
    assert not numbers & set(re.findall(r"\d+", re.sub(r"\s[\d.e+-]+$", "", figures, flags=re.M)))

    lines = [json.loads(line) for line in logs.splitlines() if line.startswith("{")]
    moved = [line for line in lines if line.get("consultation") == 1]
    assert any("update" in line and line["lane"] == asker.id for line in moved)
    assert any("delivery" in line and line["lane"] == mentor.id for line in moved)
    assert 'xiaoqi_telegram_calls_total{method="copyMessage",outcome="200"}' in figures
    assert "xiaoqi_search_seconds_count 1.0" in figures
    assert 'xiaoqi_consultations{stage="active"}' in figures


async def closing(desk: Desk, asker: Any) -> tuple[Any, str]:
    asker.send_text("/close")
    return await desk.see(asker, "您进行中的咨询"), "结束"


async def test_a_desk_without_an_index_lives_and_says_what_is_missing(
    make_desk: MakeDesk, library: Path
) -> None:
    port = str(free_port())
    desk = await make_desk(WATCH_PORT=port, LOG_LEVEL="ERROR")
    await ready(f"http://127.0.0.1:{port}")
    await desk.stop()
    (desk.folder / "snapshots" / "CURRENT").unlink()
    await desk.start()
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                status, text = await told(f"http://127.0.0.1:{port}/ready")
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.05)
                continue
            why = json.loads(text)["parts"]["snapshot"]["why"]
            if "Run a reload" in why:
                break
            await asyncio.sleep(0.05)
    assert status == 503
    assert (await told(f"http://127.0.0.1:{port}/health"))[0] == 200
