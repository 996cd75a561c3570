"""An inline query shows public knowledge in the reader's language, and no consultation."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from bot.desk import entering, onboarding
from bot.desk.errors import RefusedError
from bot.desk.tables import Awaiting, CannedAnswer
from bot.desk.views import Found
from bot.handlers.inlining import Asked, entry_in, results_for
from tests.bot.desk.conftest import ASKER, MENTORS, NOW, Office, empty_tables, opened
from tests.bot.handlers.conftest import parts_with

SECRET = "我们的压铸机报价八十万"


@dataclass
class Reads:
    """Queries on the test's own session, as Transactions runs them."""

    office: Office

    async def read(self, query: Callable[..., Any], *args: Any) -> Any:
        return query(self.office.session, *args)


async def listed(
    office: Office, person: int, text: str = "压铸气孔", *, private: bool = False, fails: str = ""
) -> list[Any]:
    async def find(_: str) -> Sequence[Found]:
        if fails:
            raise RefusedError(fails)
        kinds = ("platform-1", "patent-1", "answer-1", "policy-1")
        strong = [Found(f"expert-{n}", 0.9, "strong", f"证据{n}") for n in range(3)]
        others = [Found(key, 0.8, "possible", "证据") for key in kinds]
        return [*strong, *others, Found("platform-2", 0.1, "weak", "")]

    async def likeness(_: str, __: str) -> float:
        return 0.0

    parts = parts_with(Reads(office), find, likeness)  # type: ignore[arg-type]
    _, results = await results_for(parts, Asked(person, text, "zh", private))
    return list(results)


@pytest.fixture
def office() -> Iterator[Office]:
    engine = empty_tables()
    with opened(engine) as made:
        for key in ("platform-1", "platform-2", "patent-1", "answer-1", "policy-1"):
            made.entry(key, key.partition("-")[0], title_zh=key)
        yield made
    engine.dispose()


def ready(office: Office, mentor: int, name: str) -> None:
    office.session.add(
        CannedAnswer(person_id=office.people[mentor], name=name, text="请先查排气", saved_at=NOW)
    )
    office.session.flush()


async def test_public_entries_that_fit_are_listed_and_policies_and_weak_ones_are_not(
    office: Office,
) -> None:
    results = await listed(office, 999)
    assert len(results) == 6
    titles = {one.title for one in results}
    assert {"platform-1", "patent-1", "answer-1"} < titles
    assert not {"platform-2", "policy-1"} & titles
    assert "就此提问" in results[0].reply_markup.inline_keyboard[0][0].text


async def test_each_is_in_the_language_of_whoever_asks(office: Office) -> None:
    onboarding.choose_language(office.session, ASKER, "en", now=NOW)
    results = await listed(office, ASKER)
    assert "experts" in results[0].description
    assert "Professor" in results[0].input_message_content.message_text


async def test_nothing_of_a_consultation_is_ever_listed(office: Office) -> None:
    number = office.ask(text=SECRET)
    office.send(number)
    results = await listed(office, MENTORS[0], SECRET)
    shown = "".join(str(one.to_dict()) for one in results)
    assert SECRET not in shown
    assert all(one.id.startswith("entry-") for one in results)


async def test_a_ready_answer_is_its_mentors_alone_and_only_in_the_chat_with_the_bot(
    office: Office,
) -> None:
    ready(office, MENTORS[0], "排气")
    own = await listed(office, MENTORS[0], "排", private=True)
    assert own[0].title == "排气"
    assert own[0].input_message_content.message_text == "请先查排气"
    for person, private in ((MENTORS[1], True), (ASKER, True), (999, True), (MENTORS[0], False)):
        results = await listed(office, person, "排", private=private)
        assert not [one for one in results if one.id.startswith("ready-")]


async def test_without_knowledge_or_words_the_list_is_empty(office: Office) -> None:
    assert await listed(office, 999, fails="no_knowledge") == []
    assert await listed(office, 999, "") == []


def test_a_link_begins_a_question_with_the_entry_before_its_asker(office: Office) -> None:
    entry = office.entry("patent-9", "patent")
    entering.begin_with(office.session, ASKER, "王", "zh", entry, now=NOW)
    assert office.cards(ASKER)[-2:] == ["entry", "ask"]
    assert office.awaiting(ASKER) is Awaiting.QUESTION


def test_a_newcomer_who_came_by_a_link_agrees_first(office: Office) -> None:
    entering.begin_with(office.session, 999, "新人", "zh", 1, now=NOW)
    assert office.cards(999) == ["welcome"]


def test_the_link_of_an_entry_that_is_gone_says_so(office: Office) -> None:
    with office.refuses("entry_gone"):
        entering.begin_with(office.session, ASKER, "王", "zh", 9999, now=NOW)


@pytest.mark.parametrize(
    ("payload", "number"), [("entry_12", 12), ("ask", 0), ("entry_²", 0), ("entry_" + "9" * 40, 0)]
)
def test_a_link_names_an_entry_or_none(payload: str, number: int) -> None:
    assert entry_in(payload) == number
