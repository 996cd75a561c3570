"""Nobody who is away or has no room is asked; what they had goes on, and people are told."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from bot.desk import offering, resting
from bot.desk.tables import Awaiting, MentorDesk, Offer, OfferedAs, OfferState
from tests.bot.desk.conftest import ADMIN, ASKER, DAY, MENTORS, NOW, Office

ZONE = ZoneInfo("Asia/Shanghai")
FIRST, SECOND, _ = MENTORS


def leave(office: Office, typed: str = "3 days", chat_id: int = FIRST) -> None:
    resting.leave(office.session, chat_id, typed, ZONE, DAY, now=NOW)


def limit(office: Office, number: str, chat_id: int = FIRST) -> None:
    resting.limit(office.session, chat_id, number, ZONE, now=NOW)


def test_who_goes_away_has_their_open_offers_passed_on_at_once(office: Office) -> None:
    number = office.ask()
    office.send(number)
    leave(office)
    assert office.offer(number).person_id == office.people[SECOND]
    assert office.last(ASKER, "sent")["why"] == "away"
    assert office.last(FIRST, "offer_ended")["state"] == "away"
    assert office.last(FIRST, "away_now")["passed"] == 1


def test_nobody_is_asked_while_they_are_away_and_it_is_said_why(office: Office) -> None:
    leave(office)
    number = office.ask()
    office.send(number)
    assert office.offer(number).person_id == office.people[SECOND]
    assert office.last(ASKER, "sent")["why"] == "away"


def test_the_askers_of_their_talks_are_told_and_the_talks_stay(office: Office) -> None:
    number = office.talk()
    leave(office, "下周五")
    assert office.last(ASKER, "mentor_away") == {"consultation": number, "until": "2026-12-04"}
    assert office.consultation(number).mentor_id == office.people[FIRST]
    assert office.last(FIRST, "away_now")["talks"] == 1


def test_from_the_day_on_they_are_asked_again_without_a_word(office: Office) -> None:
    leave(office)
    number = office.ask()
    # Midnight in Shanghai is four in the afternoon of the day before in UTC.
    office.send(number, now=datetime(2026, 11, 25, 16, 0, tzinfo=UTC))
    assert office.offer(number).person_id == office.people[FIRST]


def test_back_again_they_are_asked_and_the_askers_know(office: Office) -> None:
    office.talk()
    leave(office)
    resting.come_back(office.session, FIRST, now=NOW, zone=ZONE)
    assert office.cards(ASKER).count("mentor_back") == 1
    number = office.ask()
    office.send(number)
    assert office.offer(number).person_id == office.people[FIRST]


def test_back_twice_tells_nobody_twice(office: Office) -> None:
    office.talk()
    resting.come_back(office.session, FIRST, now=NOW, zone=ZONE)
    assert "mentor_back" not in office.cards(ASKER)
    assert office.last(FIRST, "back_again")["until"] is None


def test_an_admin_who_goes_away_keeps_what_nobody_else_can_take(office: Office) -> None:
    number = office.ask(found=0)
    office.session.flush()
    offering.offer_next(office.session, office.consultation(number), DAY, NOW)
    leave(office, chat_id=ADMIN)
    kept = office.session.exec(select(Offer).where(Offer.consultation_id == number)).one()
    assert (kept.state, kept.offered_as) == (OfferState.OPEN, OfferedAs.ADMIN)


@pytest.mark.parametrize("typed", ["soon", "2020-01-01", ""])
def test_what_names_no_coming_day_is_refused_and_asked_again(office: Office, typed: str) -> None:
    resting.show_away(office.session, FIRST, now=NOW, zone=ZONE)
    with office.refuses("away_unread"):
        leave(office, typed)
    assert office.awaiting(FIRST) is Awaiting.AWAY
    leave(office, "5.12")
    assert office.awaiting(FIRST) is Awaiting.NOTHING


def test_nobody_is_away_for_years(office: Office) -> None:
    with office.refuses("away_too_long", days=366):
        leave(office, "2029-01-01")


def test_an_asker_has_no_such_tools(office: Office) -> None:
    with office.refuses("for_mentors"):
        leave(office, chat_id=ASKER)
    with office.refuses("for_mentors"):
        limit(office, "3", ASKER)


def test_what_is_on_offer_takes_a_place_and_the_next_goes_to_another(office: Office) -> None:
    limit(office, "1")
    first, second = office.ask(), office.ask()
    office.send(first)
    office.send(second)
    assert office.offer(first).person_id == office.people[FIRST]
    assert office.offer(second).person_id == office.people[SECOND]
    assert office.last(ASKER, "sent")["why"] == "full"


def test_what_lapses_gives_its_place_back(office: Office) -> None:
    limit(office, "1")
    first, second = office.ask(), office.ask()
    office.send(first)
    offering.expire_due(office.session, DAY, now=NOW + DAY)
    office.send(second, now=NOW + DAY)
    assert office.offer(second).person_id == office.people[FIRST]


def test_after_seven_days_there_is_room_again(office: Office) -> None:
    limit(office, "1")
    office.talk()
    number = office.ask()
    office.send(number, now=NOW + timedelta(days=7))
    assert office.offer(number).person_id == office.people[FIRST]


@pytest.mark.parametrize("typed", ["", "-1", "51", "many", "²", "9" * 500])
def test_what_is_no_number_is_refused(office: Office, typed: str) -> None:
    with office.refuses("capacity_unread", most=50):
        limit(office, typed)


def test_nought_is_as_many_as_come(office: Office) -> None:
    limit(office, "2")
    limit(office, "0")
    assert office.session.get_one(MentorDesk, office.people[FIRST]).capacity is None
    assert office.last(FIRST, "capacity_set")["capacity"] is None


@pytest.mark.parametrize("why", ["away", "full"])
def test_on_a_shortlist_who_cannot_be_asked_comes_last_of_their_like(
    office: Office, why: str
) -> None:
    if why == "away":
        leave(office)
    else:
        limit(office, "1")
        office.talk()
    office.ask()
    lines = office.last(ASKER, "shortlist")["candidates"]
    assert lines[-1]["reasons"][0]["name"] == why
    assert lines[-1]["evidence"] == "证据0"


def test_their_own_time_zone_says_when_a_day_begins(office: Office) -> None:
    office.session.add(MentorDesk(person_id=office.people[FIRST], time_zone="America/Los_Angeles"))
    office.session.flush()
    leave(office, "1 day")
    # It is still Sunday evening there.
    assert office.last(FIRST, "away_now")["until"] == date(2026, 11, 23).isoformat()
