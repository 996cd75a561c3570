"""Every button leads to an action, every form and every way of a message to a handler."""

from typing import get_args, get_type_hints
from zoneinfo import ZoneInfo

import pytest

from bot.cards.buttons import unpack
from bot.cards.render import Cards
from bot.desk.menus import OFFERED
from bot.desk.tables import Awaiting
from bot.desk.views import Route
from bot.handlers.commands import IN_GROUPS
from bot.handlers.hearing import FORMS, ROUTES
from bot.handlers.pressing import ACTIONS
from bot.handlers.table import COMMANDS
from tests.bot.cards.examples import EXAMPLES
from tests.bot.cards.handing_examples import OTHER_MOMENTS

KEY, CHAT = b"key", 5_000_000_001
OTHER_MATCHES = [
    ("matches", {**EXAMPLES["matches"], "purpose": purpose})
    for purpose in ("appoint", "enterprise")
]
TO_LIAISON = ("offer", {**EXAMPLES["offer"], "offered_as": "liaison"})
OTHER_STANDS = [
    ("stands", {**EXAMPLES["stands"], "side": side, "stage": stage, "closed": stage == "resolved"})
    for side in ("asker", "mentor")
    for stage in ("draft", "offered", "active", "answered", "resolved")
]


@pytest.mark.parametrize("card", sorted(EXAMPLES))
def test_every_button_of_a_card_has_an_action(card: str) -> None:
    cards = Cards(KEY, ZoneInfo("Asia/Shanghai"), "xiaoqi_bot")
    markup = cards.render(card, EXAMPLES[card], "zh", CHAT).get("reply_markup", {})
    for row in markup.get("inline_keyboard", []):
        for button in row:
            assert unpack(button["callback_data"], CHAT, KEY).action in ACTIONS


def test_every_action_is_on_a_button_of_some_card() -> None:
    cards = Cards(KEY, ZoneInfo("Asia/Shanghai"), "xiaoqi_bot")
    shown = {
        unpack(button["callback_data"], CHAT, KEY).action
        for card, values in [
            *EXAMPLES.items(),
            *OTHER_MATCHES,
            *OTHER_STANDS,
            *OTHER_MOMENTS,
            TO_LIAISON,
        ]
        for row in cards.render(card, values, "zh", CHAT)
        .get("reply_markup", {})
        .get("inline_keyboard", [])
        for button in row
    }
    assert set(ACTIONS) - shown == set()


def test_every_form_is_filled_by_somebody() -> None:
    assert set(FORMS) | {Awaiting.NOTHING, Awaiting.QUESTION, Awaiting.WORDS} == set(Awaiting)


def test_every_way_of_a_message_has_a_handler() -> None:
    assert set(get_args(get_type_hints(Route)["to"])) == set(ROUTES)


def test_every_command_that_is_offered_is_answered() -> None:
    assert {one.name for one in OFFERED} <= set(COMMANDS)
    assert {one.name for one in IN_GROUPS} == {"bind", "unbind"}
