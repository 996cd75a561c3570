"""Whoever does not answer is reminded once, in their working time; then the next is asked."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.delivery.tables import DeliveryState
from bot.desk import accepting, offering, queueing, reminding, resting
from bot.desk.hours import USUAL
from bot.desk.tables import MentorDesk, OfferState
from bot.worktime import Hours, Week
from tests.bot.desk.conftest import ADMIN, ASKER, DAY, LIAISON, MENTORS, NOW, Office

SHANGHAI = ZoneInfo("Asia/Shanghai")
# NOW is a Monday at ten in Shanghai.
FIRST, SECOND, _ = MENTORS
WORKING_DAY, HOUR = timedelta(hours=8), timedelta(hours=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.fixture
def desk(office: Office) -> Office:
    office.session.info[USUAL] = Hours(Week.of("Mon-Fri 09:00-18:00"), SHANGHAI, "CN")
    return office


def sent(office: Office, now: datetime = NOW) -> int:
    """A question put to the first mentor, for a working day."""
    number = office.ask()
    office.choose(number)
    seen = office.last(ASKER, "preview")["seen"]
    offering.confirm(office.session, ASKER, number, seen, WORKING_DAY, now=now)
    return number


def remind(office: Office, now: datetime) -> None:
    reminding.remind_due(office.session, now=now)


def shown(office: Office, chat_id: int) -> list[str]:
    """The slots of the cards told to a mentor, with what stands there last."""
    slots = {owed.slot: owed.card for owed in office.owed(chat_id) if owed.slot}
    return list(slots.values())


def test_after_half_of_their_time_they_are_reminded_once(desk: Office) -> None:
    number = sent(desk)
    remind(desk, at("2026-11-23 13:59"))
    assert shown(desk, FIRST) == ["offer"]
    for _ in range(2):  # as after a restart
        remind(desk, at("2026-11-23 14:00"))
        assert shown(desk, FIRST) == ["offer_below", "offer"]
        desk.session.expire_all()
    assert desk.offer(number).remind_at is None
    view = desk.last(FIRST, "offer")
    assert view["reminder"]
    assert "silent" not in view
    assert desk.offer(number).expires_at == at("2026-11-23 18:00")


def test_the_reminder_is_the_offers_card_from_then_on(desk: Office) -> None:
    number = sent(desk)
    remind(desk, at("2026-11-23 14:00"))
    desk.deliver()
    for owed in desk.owed(FIRST):
        owed.state = DeliveryState.SENT
    offer, card = desk.offer(number).id or 0, desk.shown(FIRST, "offer")
    accepting.ask_reason(desk.session, FIRST, offer, now=NOW)
    assert shown(desk, FIRST) == ["offer_below", "decline"]
    accepting.keep_open(desk.session, FIRST, offer, now=NOW)
    queueing.show_offer_again(desk.session, FIRST, offer, now=NOW)
    answered = [owed.reply_message for owed in desk.owed(FIRST) if owed.card == "offer_again"]
    assert answered == [card]
    accepting.accept(desk.session, FIRST, offer, now=NOW)
    assert shown(desk, FIRST) == ["offer_below", "offer_ended"]


def test_who_has_answered_is_not_reminded(desk: Office) -> None:
    number = sent(desk)
    accepting.accept(desk.session, FIRST, desk.offer(number).id or 0, now=NOW)
    remind(desk, NOW + 30 * DAY)
    assert "offer_below" not in desk.cards(FIRST)


def test_nobody_is_reminded_while_they_are_off_work(desk: Office) -> None:
    number = sent(desk, at("2026-11-20 12:00"))
    # Half of it was over at four on Friday, but the desk was stopped until the evening.
    remind(desk, at("2026-11-20 19:00"))
    assert "offer_below" not in desk.cards(FIRST)
    assert desk.offer(number).remind_at == at("2026-11-23 09:00")
    remind(desk, at("2026-11-23 09:00"))
    assert "offer_below" in desk.cards(FIRST)


def test_who_can_not_be_reached_is_not_reminded(desk: Office) -> None:
    sent(desk)
    desk.block(FIRST)
    remind(desk, at("2026-11-23 14:00"))
    assert "offer_below" not in desk.cards(FIRST)


def test_on_silence_come_a_reminder_the_next_the_liaison_and_an_admin(desk: Office) -> None:
    desk.dispatch()
    number = sent(desk)
    asked = []
    now = NOW
    while desk.offer(number).expires_at is not None:
        offer = desk.offer(number)
        assert offer.remind_at is not None
        assert offer.expires_at is not None
        asked.append(offer.person_id)
        remind(desk, offer.remind_at)
        assert offer.reminded == 1
        now = offer.expires_at
        offering.expire_due(desk.session, WORKING_DAY, now=now)
        assert offer.state is OfferState.EXPIRED
    people = [desk.people[chat] for chat in (FIRST, LIAISON, SECOND, MENTORS[2])]
    assert asked == people
    assert desk.offer(number).person_id == desk.people[ADMIN]


def test_an_admin_is_reminded_on_every_working_day_until_somebody_answers(desk: Office) -> None:
    number = desk.ask(found=0)
    friday = at("2026-11-27 15:00")
    offering.offer_next(desk.session, desk.consultation(number), WORKING_DAY, friday)
    offer = desk.offer(number)
    told = []
    for hours in range(24 * 6):
        now = friday + hours * HOUR
        before = offer.reminded
        remind(desk, now)
        if offer.reminded > before:
            told.append(now)
    assert told == [
        at("2026-11-30 09:00"),
        at("2026-12-01 09:00"),
        at("2026-12-02 09:00"),
        at("2026-12-03 09:00"),
    ]
    assert shown(desk, ADMIN).count("offer") == 1
    assert offer.expires_at is None


def test_an_admin_who_is_away_is_reminded_once_they_are_back(desk: Office) -> None:
    number = desk.ask(found=0)
    offering.offer_next(desk.session, desk.consultation(number), WORKING_DAY, NOW)
    resting.leave(desk.session, ADMIN, "2026-12-05", SHANGHAI, WORKING_DAY, now=NOW)
    remind(desk, at("2026-11-24 09:00"))
    assert "offer_below" not in desk.cards(ADMIN)
    # That day is a Saturday.
    assert desk.offer(number).remind_at == at("2026-12-07 09:00")


def test_an_offer_to_somebody_off_work_waits_without_a_sound(desk: Office) -> None:
    number = sent(desk, at("2026-11-20 20:00"))
    view, opening = desk.last(FIRST, "offer"), at("2026-11-23 09:00")
    assert datetime.fromisoformat(view["opens_at"]) == opening
    assert view["silent"]
    assert datetime.fromisoformat(desk.last(ASKER, "sent")["opens_at"]) == opening
    offer = desk.offer(number)
    assert offer.remind_at == at("2026-11-23 13:00")
    assert offer.expires_at == at("2026-11-23 17:00")


def test_a_deadline_stands_in_their_own_zone_and_hours(desk: Office) -> None:
    theirs = MentorDesk(
        person_id=desk.people[FIRST], time_zone="Europe/London", hours="Mon-Wed 09:00-13:00"
    )
    desk.session.add(theirs)
    number = sent(desk)  # two in the morning in London
    london = ZoneInfo("Europe/London")
    assert desk.offer(number).expires_at == datetime(2026, 11, 24, 13, tzinfo=london)
    assert desk.last(FIRST, "offer")["zone"] == "Europe/London"


def test_a_holiday_of_the_desk_is_none_abroad(desk: Office) -> None:
    desk.session.add(MentorDesk(person_id=desk.people[FIRST], time_zone="Europe/London"))
    holiday = at("2026-10-01 17:00")  # ten in the morning in London
    abroad, here = sent(desk, holiday), sent(desk, holiday)
    assert desk.offer(abroad).expires_at == at("2026-10-02 01:00")
    accepting.decline(
        desk.session, FIRST, desk.offer(here).id or 0, "no_time", WORKING_DAY, now=holiday
    )
    assert desk.offer(here).expires_at == at("2026-10-08 17:00")
