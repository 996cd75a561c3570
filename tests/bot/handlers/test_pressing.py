"""A clarifying question through the handlers: asked, searched again with the choice, answered."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest

from bot.cards.buttons import unpack
from bot.delivery.transactions import Transactions
from bot.desk.errors import RefusedError
from bot.desk.views import Found
from bot.handlers.hearing import search_and_keep
from bot.handlers.parts import Parts
from bot.handlers.pressing import ACTIONS
from tests.bot.desk.conftest import ASKER, NOW, Office, empty_tables, opened
from tests.bot.handlers.conftest import KEY, parts_with

VAGUE = "产品质量有问题"
FIELDS = ("纺纱", "制革", "养虾")


class OneSession(Transactions):
    """Every use case in the test's own session."""

    def __init__(self, office: Office) -> None:
        self.session = office.session

    def now(self) -> datetime:
        return NOW

    async def read(self, use_case: Callable[..., Any], *args: Any, **values: Any) -> Any:
        return use_case(self.session, *args, **values)

    async def commit(self, use_case: Callable[..., Any], *args: Any, **values: Any) -> Any:
        return use_case(self.session, *args, now=NOW, **values)


@dataclass
class Here:
    """An office behind the handlers; `searched` are the questions in order."""

    office: Office
    searched: list[str] = field(default_factory=list)

    async def find(self, question: str) -> Sequence[Found]:
        self.searched.append(question)
        sure = "\n" in question
        return [
            Found(
                f"field-{number}", 0.5, "strong" if sure else "weak", "证据", 0.9 if sure else 0.1
            )
            for number in range(len(FIELDS))
        ]

    async def likeness(self, question: str, other: str) -> float:
        return -1.0

    @property
    def parts(self) -> Parts:
        return parts_with(OneSession(self.office), self.find, self.likeness)

    async def ask(self, text: str = VAGUE) -> None:
        await search_and_keep(self.parts, self.office.heard(ASKER, text))

    def buttons(self) -> dict[str, str]:
        """The clarifying card's labels and their data, as its asker sees them."""
        card = self.parts.cards.render("clarify", self.office.last(ASKER, "clarify"), "zh", ASKER)
        rows = card["reply_markup"]["inline_keyboard"]
        return {button["text"]: button["callback_data"] for row in rows for button in row}

    async def press(self, data: str) -> None:
        press = unpack(data, ASKER, KEY)
        await ACTIONS[press.action](self.parts, ASKER, press)


@pytest.fixture
def here() -> Iterator[Here]:
    engine = empty_tables()
    with opened(engine) as office:
        for number, name in enumerate(FIELDS):
            person = office.person_named(name)
            office.entry(f"field-{number}", "expert", person, title_zh=f"教授，{name}")
        yield Here(office)
    engine.dispose()


async def test_a_choice_is_searched_with_the_question_and_gives_another_shortlist(
    here: Here,
) -> None:
    await here.ask()
    assert here.office.last(ASKER, "shortlist")["nothing"]
    await here.press(here.buttons()["制革"])
    assert here.searched == [VAGUE, f"{VAGUE}\n制革"]
    assert len(here.office.last(ASKER, "shortlist")["candidates"]) == 3
    assert here.office.last(ASKER, "clarified")["choice"] == "制革"


async def test_a_button_pressed_again_is_answered_before_anything_is_searched(here: Here) -> None:
    await here.ask()
    data = here.buttons()["制革"]
    await here.press(data)
    searched = len(here.searched)
    with pytest.raises(RefusedError, match="clarified"):
        await here.press(data)
    assert len(here.searched) == searched


async def test_after_none_of_these_the_next_text_is_searched_with_the_question(here: Here) -> None:
    await here.ask()
    await here.press(here.buttons()["都不是"])
    await here.ask("ADC12压铸件漏气")
    assert here.searched == [VAGUE, f"{VAGUE}\nADC12压铸件漏气"]
    assert here.office.cards(ASKER).count("clarify") == 1


async def test_its_buttons_hold_numbers_alone_and_fit_into_telegrams_limit(here: Here) -> None:
    await here.ask()
    labels = here.buttons()
    assert sorted(labels) == sorted([*FIELDS, "都不是"])
    assert all(data.isascii() for data in labels.values())
