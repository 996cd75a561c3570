"""Where asker and mentor read different languages, both are told."""

from zoneinfo import ZoneInfo

import pytest

from bot.cards.render import Cards
from bot.desk import accepting
from knowledge.tables import Person
from tests.bot.desk.conftest import ASKER, MENTORS, NOW, Office

MARK = "🌐"


def shown(office: Office, chat_id: int, card: str) -> str:
    """The last card of that name, as its reader sees it."""
    cards = Cards(b"key", ZoneInfo("Asia/Shanghai"), "xiaoqi_bot")
    owed = [one for one in office.owed(chat_id) if one.card == card][-1]
    text: str = cards.render(card, owed.values, owed.language, chat_id)["text"]
    return text


def talk_between(office: Office, asker: str, mentor: str) -> None:
    office.session.get_one(Person, office.people[ASKER]).language = asker
    office.session.get_one(Person, office.people[MENTORS[0]]).language = mentor
    office.session.flush()
    number = office.ask()
    office.send(number)
    offer = office.offer(number).id or 0
    accepting.accept(office.session, MENTORS[0], offer, now=NOW)


@pytest.mark.parametrize(
    ("asker", "mentor", "to_mentor", "to_asker"),
    [
        ("en", "zh", "提问者使用英文", "They read and write Chinese here"),
        ("zh", "en", "The asker reads and writes Chinese", "对方在这里使用英文"),
    ],
)
def test_a_difference_is_said_on_the_offer_and_on_acceptance(
    office: Office, asker: str, mentor: str, to_mentor: str, to_asker: str
) -> None:
    talk_between(office, asker, mentor)
    assert to_mentor in shown(office, MENTORS[0], "offer")
    assert to_asker in shown(office, ASKER, "accepted_asker")
    assert MARK in shown(office, MENTORS[0], "accepted_mentor")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_where_both_read_the_same_nothing_is_said(office: Office, language: str) -> None:
    talk_between(office, language, language)
    for chat_id, card in (
        (MENTORS[0], "offer"),
        (MENTORS[0], "accepted_mentor"),
        (ASKER, "accepted_asker"),
    ):
        assert MARK not in shown(office, chat_id, card)
