"""Parts of an album wait for each other in the database and go as one, or each by itself."""

from collections import deque
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from bot.delivery import albums
from bot.delivery.api import RefusedCallError
from bot.delivery.hooks import Hooks
from bot.delivery.outbox import owe_copy
from bot.delivery.tables import Delivery, DeliveryState, MessagePair
from bot.delivery.transport import MaybeActedError
from tests.bot.delivery.conftest import Clock, Rows, until
from tests.bot.delivery.sending import THREAD, FakeTelegram, Post

READER, WRITER = 5, 1
WAIT = albums.PATIENCE.total_seconds()


class AlbumTelegram(FakeTelegram):
    """Copies albums too. `skipped`: sources that it can't copy, without saying which."""

    def __init__(self) -> None:
        super().__init__()
        self.skipped: set[int] = set()
        self.trouble: deque[Exception] = deque()
        self.albums: list[tuple[str, list[Any]]] = []
        self.deleted: list[int] = []

    async def call(
        self,
        method: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        document: Path | None = None,
        patience: float = 0,
    ) -> Any:
        given = dict(parameters or {})
        if method == "deleteMessages":
            self.deleted += given["message_ids"]
            return True
        if method == "copyMessage" and given["message_id"] in self.skipped:
            raise RefusedCallError(400, "Bad Request: message can't be copied")
        if method not in ("copyMessages", "sendMediaGroup"):
            return await super().call(method, given, document=document, patience=patience)
        self.calls.append((method, given))
        if self.trouble:
            raise self.trouble.popleft()
        parts = given.get("message_ids") or [one["media"] for one in given["media"]]
        made = [part for part in parts if part not in self.skipped]
        if not made:
            raise RefusedCallError(400, "Bad Request: there are no messages to copy")
        self.albums.append((method, made))
        return [{"message_id": next(self.numbers)} for _ in made]


@pytest.fixture
def failures() -> list[tuple[int | None, str]]:
    return []


@pytest.fixture
def telegram() -> AlbumTelegram:
    return AlbumTelegram()


@pytest.fixture
async def post(
    engine: Engine, clock: Clock, telegram: AlbumTelegram, failures: list[tuple[int | None, str]]
) -> AsyncIterator[Post]:
    def told(session: Session, owed: Delivery, reason: str, *, now: datetime) -> None:
        failures.append((owed.source_message, reason))

    made = Post(engine, clock)
    made.telegram = telegram
    made.hooks = Hooks(told, told, told)
    yield made
    await made.close()


def owe_part(
    session: Session, part: int, album: str, reply_to: tuple[int, int] | None, *, now: datetime
) -> None:
    owe_copy(
        session,
        READER,
        (WRITER, part),
        now=now,
        thread=THREAD,
        reply_to=reply_to,
        album=album,
        media={"type": "photo", "media": f"f{part}"} if reply_to else None,
    )


async def arrive(
    post: Post, parts: Sequence[int], album: str = "9", reply_to: tuple[int, int] | None = None
) -> None:
    for part in parts:
        await post.transactions.commit(owe_part, part, album, reply_to)


def pairs(rows: Rows) -> list[int]:
    return [pair.source_message for pair in sorted(rows(MessagePair), key=lambda one: one.id)]


async def test_parts_that_arrive_one_by_one_go_as_one_in_their_order(
    post: Post, telegram: AlbumTelegram, rows: Rows
) -> None:
    await post.start()
    await arrive(post, [33, 31])
    await post.later(WAIT / 2)
    await arrive(post, [32])
    await post.later(WAIT / 2)
    assert telegram.albums == []
    await post.later(WAIT / 2)
    await until(lambda: len(rows(MessagePair)) == 3)
    assert telegram.albums == [("copyMessages", [31, 32, 33])]
    made = {pair.source_message: pair.copy_message for pair in rows(MessagePair)}
    assert [made[part] for part in (31, 32, 33)] == sorted(made.values())


async def test_ten_parts_wait_for_no_other(post: Post, telegram: AlbumTelegram) -> None:
    await post.start()
    await arrive(post, range(31, 41))
    await post.later(WAIT)
    await until(lambda: telegram.albums)
    assert telegram.albums == [("copyMessages", list(range(31, 41)))]


async def test_what_is_written_after_an_album_comes_after_it(
    post: Post, telegram: AlbumTelegram, rows: Rows
) -> None:
    await post.start()
    await arrive(post, [31, 32])
    await post.copy(READER, 40)
    await post.later(WAIT)
    await until(lambda: len(rows(MessagePair)) == 3)
    assert pairs(rows) == [31, 32, 40]


async def test_an_end_between_two_parts_neither_loses_nor_splits_the_album(
    post: Post, telegram: AlbumTelegram, rows: Rows
) -> None:
    await post.start()
    await arrive(post, [31, 32])
    await post.kill()
    post.clock.advance(60)
    await post.start()
    await arrive(post, [33])  # from the inbox
    assert telegram.albums == []
    await post.later(albums.PATIENCE_AT_START.total_seconds())
    await until(lambda: len(rows(MessagePair)) == 3)
    assert telegram.albums == [("copyMessages", [31, 32, 33])]


async def test_where_fewer_come_than_were_sent_each_goes_by_itself_and_the_missing_is_named(
    post: Post, telegram: AlbumTelegram, rows: Rows, failures: list[tuple[int | None, str]]
) -> None:
    telegram.skipped = {32}
    await post.start()
    await arrive(post, [31, 32, 33])
    await post.later(WAIT)
    await until(lambda: len(rows(MessagePair)) == 2 and failures)
    assert len(telegram.deleted) == 2
    assert pairs(rows) == [31, 33]
    assert failures == [(32, "Bad Request: message can't be copied")]


async def test_an_album_that_is_refused_whole_is_tried_part_by_part(
    post: Post, telegram: AlbumTelegram, rows: Rows
) -> None:
    telegram.trouble.append(RefusedCallError(400, "Bad Request: something"))
    await post.start()
    await arrive(post, [31, 32])
    await post.later(WAIT)
    await until(lambda: len(rows(MessagePair)) == 2)
    assert pairs(rows) == [31, 32]


async def test_an_album_without_an_answer_is_not_sent_twice(
    post: Post, telegram: AlbumTelegram, rows: Rows, failures: list[tuple[int | None, str]]
) -> None:
    telegram.trouble.append(MaybeActedError("no answer"))
    await post.start()
    await arrive(post, [31, 32])
    await post.later(WAIT)
    await until(lambda: {row.state for row in rows(Delivery)} == {DeliveryState.UNCERTAIN})
    assert [part for part, _ in failures] == [31, 32]
    assert telegram.albums == []


async def test_an_album_told_to_slow_down_goes_whole_when_it_may(
    post: Post, telegram: AlbumTelegram, rows: Rows
) -> None:
    telegram.trouble.append(RefusedCallError(429, "Too Many Requests", retry_after=7))
    await post.start()
    await arrive(post, [31, 32])
    await post.later(WAIT)
    await until(lambda: all(row.error == "slow_down" for row in rows(Delivery)))
    await post.later(8)
    await until(lambda: len(rows(MessagePair)) == 2)
    assert telegram.albums == [("copyMessages", [31, 32])]
    assert [row.attempts for row in rows(Delivery)] == [1, 1]


async def test_an_album_that_replies_is_sent_by_its_files(
    post: Post, telegram: AlbumTelegram, rows: Rows
) -> None:
    await post.start()
    await post.copy(READER, 30)
    await until(lambda: len(rows(MessagePair)) == 1)
    await arrive(post, [31, 32], reply_to=(WRITER, 30))
    await post.later(WAIT)
    await until(lambda: len(rows(MessagePair)) == 3)
    ((_, given),) = [call for call in telegram.calls if call[0] == "sendMediaGroup"]
    assert telegram.albums == [("sendMediaGroup", ["f31", "f32"])]
    copy = next(pair for pair in rows(MessagePair) if pair.source_message == 30)
    assert given["reply_parameters"]["message_id"] == copy.copy_message


async def test_one_part_that_is_left_alone_goes_as_a_message(
    post: Post, telegram: AlbumTelegram, rows: Rows
) -> None:
    await post.start()
    await arrive(post, [31])
    await post.later(WAIT)
    await until(lambda: len(rows(MessagePair)) == 1)
    assert telegram.to(READER) == ["copy 31"]
