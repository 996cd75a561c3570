"""The log has ids, and nobody's words: not even those that an error quotes."""

import asyncio
import io
import json
import logging
from collections.abc import Callable, Iterator

import pytest

from bot.delivery.about import about
from bot.logs import log_to
from bot.settings import Settings

log = logging.getLogger("bot.somewhere")


@pytest.fixture
def logged() -> Iterator[Callable[[str], io.StringIO]]:
    """Sets the log up as LOG_FORMAT says, and takes it away again."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level

    def begin(form: str) -> io.StringIO:
        root.handlers[:] = []
        stream = io.StringIO()
        log_to(stream, Settings(_env_file=None, log_format=form))
        return stream

    yield begin
    root.handlers[:], root.level = before, level
    root.setLevel(level)


def test_a_line_of_json_has_each_id_as_a_field(logged: Callable[[str], io.StringIO]) -> None:
    stream = logged("json")
    with about(update=7, lane=-100), about(consultation=3, delivery=None):
        log.warning("failed, attempt %d", 2)
    log.info("after")
    first, second = map(json.loads, stream.getvalue().splitlines())
    at = first.pop("at")
    assert at.endswith("+00:00")
    assert first == {
        "level": "WARNING",
        "logger": "bot.somewhere",
        "message": "failed, attempt 2",
        "update": 7,
        "lane": -100,
        "consultation": 3,
    }
    assert "update" not in second


def test_a_line_of_text_ends_with_them(logged: Callable[[str], io.StringIO]) -> None:
    stream = logged("text")
    with about(update=7):
        log.info("done", extra={"ids": {"consultation": 3}})
    log.info("after")
    first, second = stream.getvalue().splitlines()
    assert first.endswith("INFO bot.somewhere done [update=7 consultation=3]")
    assert second.endswith("after")


async def test_side_by_side_each_task_has_its_own(logged: Callable[[str], io.StringIO]) -> None:
    stream = logged("json")

    async def work(number: int) -> None:
        with about(update=number):
            await asyncio.sleep(0)
            log.info("%d", number)

    await asyncio.gather(*map(work, range(5)))
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [(line["message"], line["update"]) for line in lines] == [
        (str(number), number) for number in range(5)
    ]


@pytest.mark.parametrize("form", ["text", "json"])
def test_an_error_is_traced_without_its_words(
    logged: Callable[[str], io.StringIO], form: str
) -> None:
    stream = logged(form)

    def fail() -> None:
        try:
            raise KeyError("我的图纸")
        except KeyError as error:
            raise ValueError("the drawing of 宏达") from error

    try:
        fail()
    except ValueError:
        log.exception("a turn failed")
    said = stream.getvalue()
    assert "ValueError" in said
    assert "KeyError" in said
    assert "in fail" in said
    assert "宏达" not in said
    assert "图纸" not in said
