"""What was approved reaches the index by itself, and only once."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.desk import approving, asking, closing, talking
from bot.handlers.finding import search
from bot.handlers.publishing import PAUSE, Publishing
from bot.indexing import indexed_passages
from knowledge.answers import Credit, publish
from retrieval.cache import TextCache
from retrieval.errors import SnapshotError
from retrieval.library import Library
from retrieval.snapshot import Snapshot, write_snapshot
from tests.bot.desk.conftest import ASKER, MENTORS, NOW, Office
from tests.bot.desk.conftest import office as office  # noqa: PLC0414 (a fixture)
from tests.bot.desk.conftest import tables as tables  # noqa: PLC0414
from tests.bot.handlers.test_pressing import OneSession
from tests.retrieval.fakes import HashedWords

MENTOR = MENTORS[0]
ANSWERED = "先查排气槽，再把浇口速度提到45 m/s，保压加3秒"


class Index:
    """A real index of the office's tables, and how often it was built."""

    def __init__(self, office: Office, root: Path) -> None:
        self.session, self.root = office.session, root / "index"
        self.encoder, self.cache = HashedWords(), TextCache(root / "vectors.db")
        self.library = Library(self.root, self.encoder)
        self.builds, self.now = 0, NOW
        self.failure: Exception | None = None
        self.publishing = Publishing(
            OneSession(office), self.rebuild, self.refresh, lambda: self.now
        )

    async def rebuild(self) -> Snapshot:
        self.builds += 1
        if self.failure is not None:
            raise self.failure
        texts = indexed_passages(self.session)
        return write_snapshot(self.root, texts, self.encoder, cache=self.cache)

    async def refresh(self) -> object:
        return self.library.refresh()

    def keys(self, question: str) -> list[str]:
        return [one.entry for one in search(self.library.searcher, question)]


@pytest.fixture
def index(office: Office, tmp_path: Path) -> Index:
    credit = Credit(office.people[MENTORS[1]], None, False)
    known = ("old", "焊缝开裂怎么办", "先预热到一百五十度", "zh")
    publish(office.session, *known, credit, NOW.date())
    return Index(office, tmp_path)


def published(office: Office) -> int:
    number = office.talk()
    talking.relay(office.session, office.heard(MENTOR, ANSWERED), number, now=NOW)
    closing.settle(office.session, ASKER, number, True, now=NOW)
    for chat_id in (MENTOR, ASKER):
        seen = office.last(chat_id, "answer")
        approving.approve(office.session, chat_id, seen["answer"], seen["version"], now=NOW)
    office.session.flush()
    return int(office.last(MENTOR, "answer_public")["answer"])


async def test_what_both_approved_is_on_the_next_askers_list_with_credit(
    office: Office, index: Index
) -> None:
    answer = published(office)
    await index.publishing.turn()
    office.join(101, "李老板", "asker")
    hits = search(index.library.searcher, "压铸件有气孔怎么办")
    asking.ask(office.session, office.heard(101, "压铸件有气孔怎么办"), hits, now=NOW)
    lines = office.last(101, "shortlist")["candidates"]
    found = [line for line in lines if line["kind"] == "answer" and "气孔" in line["title"]["zh"]]
    assert [line["person"]["zh"] for line in found] == ["导师0"]
    approving.withdraw(office.session, ASKER, answer, now=NOW)
    office.session.flush()
    await index.publishing.turn()
    assert f"desk:answer-{answer}" not in index.keys("压铸件有气孔怎么办")


async def test_only_its_own_texts_are_embedded_and_only_once(office: Office, index: Index) -> None:
    await index.rebuild()
    before = len(index.encoder.embedded)
    published(office)
    for _ in range(3):
        await index.publishing.turn()
    assert index.builds == 2
    new = index.encoder.embedded[before:]
    assert len(new) == 2  # the question, and both together
    assert all("气孔" in text for text in new)


async def test_without_anything_new_nothing_is_built(index: Index) -> None:
    await index.publishing.turn()
    assert index.builds == 0


async def test_a_build_that_failed_is_tried_again_after_a_pause(
    office: Office, index: Index
) -> None:
    published(office)
    index.failure = SnapshotError("no room")
    await index.publishing.turn()
    await index.publishing.turn()
    assert index.builds == 1
    index.failure = None
    index.now = NOW + PAUSE + timedelta(seconds=1)
    await index.publishing.turn()
    assert index.builds == 2
    assert approving.unindexed(office.session) == []
    assert index.keys("压铸件有气孔怎么办")


async def test_what_is_withdrawn_during_a_build_is_built_again(
    office: Office, index: Index
) -> None:
    answer = published(office)
    build = index.rebuild

    async def and_withdrawn() -> Snapshot:
        snapshot = await build()
        approving.withdraw(office.session, ASKER, answer, now=NOW)
        office.session.flush()
        return snapshot

    slow = Publishing(OneSession(office), and_withdrawn, index.refresh, lambda: NOW)
    await slow.turn()
    assert approving.unindexed(office.session)
    await index.publishing.turn()
    assert f"desk:answer-{answer}" not in index.keys("压铸件有气孔怎么办")
