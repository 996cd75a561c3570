"""What lately ended stands below what is open."""

from datetime import timedelta

from bot.desk import closing, looking
from bot.desk.archive import SHOWN
from tests.bot.desk.conftest import ADMIN, ASKER, MENTORS, NOW, Office


def closed(office: Office, times: int) -> list[int]:
    numbers = []
    for place in range(times):
        number = office.talk()
        closing.settle(office.session, ASKER, number, True, now=NOW + timedelta(hours=place))
        numbers.append(number)
    return numbers


def listed(office: Office, chat_id: int) -> list[tuple[int, bool]]:
    looking.show_open(office.session, chat_id, now=NOW)
    shown = office.last(chat_id, "closed_list")["closed"]
    return [(one["consultation"], one["as_asker"]) for one in shown]


def test_the_latest_few_are_listed_for_either_side_the_newest_first(office: Office) -> None:
    numbers = closed(office, SHOWN + 1)
    newest = numbers[::-1][:SHOWN]
    assert listed(office, ASKER) == [(number, True) for number in newest]
    assert listed(office, MENTORS[0]) == [(number, False) for number in newest]


def test_nothing_closed_is_nothing_said(office: Office) -> None:
    office.talk()
    for chat_id in (ASKER, ADMIN):
        looking.show_open(office.session, chat_id, now=NOW)
        assert "closed_list" not in office.cards(chat_id)
