"""A question over the day's limit is kept, explained once, and asked by itself."""

from datetime import datetime, timedelta

from sqlmodel import select

from bot.desk import asking, banning, parking, postponing, talking
from bot.desk.tables import Awaiting, Consultation, Parked
from bot.desk.views import Heard
from tests.bot.desk.conftest import ADMIN, ASKER, DAY, MENTORS, NOW, Office

MOST = 2


def ask_all(office: Office, number: int) -> None:
    for _ in range(number):
        office.ask()


def postpone(office: Office, text: str) -> Heard:
    heard = office.heard(ASKER, text)
    assert not has_room(office)
    postponing.postpone(office.session, heard, MOST, now=NOW)
    return heard


def has_room(office: Office, at: datetime = NOW) -> bool:
    return postponing.has_room(office.session, ASKER, MOST, at)


def ask_waiting(office: Office, at: datetime) -> list[str]:
    """As the turn does: all for which there is room; their words."""
    asked = []
    while (waiting := postponing.next_waiting(office.session, MOST, at)) is not None:
        postponing.ask_now(office.session, waiting.heard, [], now=at)
        asked.append(waiting.heard.text)
    return asked


def explained(office: Office) -> int:
    notices = [owed for owed in office.owed(ASKER) if owed.card == "notice"]
    return sum(owed.values["code"] == "too_many_questions" for owed in notices)


def test_within_the_limit_a_question_is_asked_at_once(office: Office) -> None:
    ask_all(office, MOST - 1)
    assert has_room(office)


def test_over_the_limit_questions_wait_in_order_and_are_explained_once(office: Office) -> None:
    ask_all(office, MOST)
    first = postpone(office, "第一个要等的问题")
    postpone(office, "第二个要等的问题")
    postpone(office, "第三个要等的问题")
    assert explained(office) == 1
    notice = next(owed for owed in office.owed(ASKER) if owed.card == "notice")
    assert notice.reply_message == first.message_id
    assert ask_waiting(office, NOW + timedelta(hours=23)) == []
    tomorrow = NOW + timedelta(days=1)
    assert ask_waiting(office, tomorrow) == ["第一个要等的问题", "第二个要等的问题"]
    assert ask_waiting(office, tomorrow + timedelta(days=1)) == ["第三个要等的问题"]
    assert office.session.exec(select(Parked.text)).all() == ["", "", ""]
    assert len(office.session.exec(select(Consultation)).all()) == MOST + 3


def test_a_newer_question_does_not_overtake_one_that_waits(office: Office) -> None:
    ask_all(office, MOST)
    postpone(office, "第一个要等的问题")
    assert not has_room(office, NOW + timedelta(days=2))
    ask_waiting(office, NOW + timedelta(days=2))
    assert has_room(office, NOW + timedelta(days=4))


def test_what_others_ask_is_not_counted(office: Office) -> None:
    office.join(101, "李老板", "asker")
    ask_all(office, MOST)
    assert postponing.has_room(office.session, 101, MOST, NOW)


def test_a_form_that_was_opened_meanwhile_stays_open(office: Office) -> None:
    ask_all(office, MOST)
    postpone(office, "第一个要等的问题")
    asking.invite_question(office.session, ASKER, now=NOW)
    assert ask_waiting(office, NOW + timedelta(days=1)) == ["第一个要等的问题"]
    assert office.awaiting(ASKER) is Awaiting.QUESTION


def test_a_kept_message_that_turns_out_to_be_a_question_waits_as_well(office: Office) -> None:
    ask_all(office, MOST)
    number = office.talk()
    heard = office.heard(ASKER, "这是另一个问题")
    talking.park(office.session, heard, now=NOW)
    parked = office.last(ASKER, "which")["parked"]
    postponing.postpone_parked(office.session, ASKER, parked, MOST, now=NOW)
    assert explained(office) == 1
    assert ask_waiting(office, NOW + timedelta(days=1)) == ["这是另一个问题"]
    with office.refuses("settled"):
        parking.parked_message(office.session, ASKER, parked)
    assert office.consultation(number).mentor_id == office.people[MENTORS[0]]


def test_whoever_is_away_or_banned_holds_up_nobody_else(office: Office) -> None:
    office.join(101, "李老板", "asker")
    ask_all(office, MOST)
    postpone(office, "不在的人的问题")
    other = office.heard(101, "在的人的问题")
    postponing.postpone(office.session, other, MOST, now=NOW)
    office.block(ASKER)
    assert ask_waiting(office, NOW + DAY) == ["在的人的问题"]
    office.chat(ASKER).state = office.chat(101).state
    banning.ask_reason(office.session, ADMIN, office.people[ASKER], 0, now=NOW)
    banning.ban(office.session, ADMIN, "辱骂对方", DAY, now=NOW)
    assert ask_waiting(office, NOW + DAY) == []
