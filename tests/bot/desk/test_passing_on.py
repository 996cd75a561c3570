"""Whoever was offered a question passes it on to a colleague whom they name, and never back."""

from datetime import timedelta

import pytest
from sqlmodel import select

from bot.desk import accepting, choosing, escalating, offering
from bot.desk.tables import Awaiting, Escalation, Offer, OfferState, Stage
from tests.bot.desk.conftest import ADMIN, ASKER, DAY, LIAISON, MENTORS, NOW, Office

FIRST, SECOND, THIRD = MENTORS
OTHER_ADMIN = 402


@pytest.fixture
def number(office: Office) -> int:
    """A question on offer to the first mentor."""
    made = office.ask()
    office.send(made)
    return made


def offer_of(office: Office, number: int) -> int:
    return office.offer(number).id or 0


def give(office: Office, number: int, giver: int, to: int, note: str = "") -> None:
    given = offer_of(office, number), office.people[to], DAY, note
    escalating.escalate(office.session, giver, *given, now=NOW)


def with_the_admins(office: Office) -> int:
    """A question that nobody took: both admins are asked."""
    office.join(OTHER_ADMIN, "另一位管理员", "admin")
    number = office.ask()
    choosing.choose_nobody(office.session, ASKER, number, now=NOW)
    office.confirm(number)
    return number


def admins_offer(office: Office, number: int, chat: int) -> int:
    query = select(Offer).where(
        Offer.consultation_id == number, Offer.person_id == office.people[chat]
    )
    return office.session.exec(query).one().id or 0


def test_a_mentor_passes_a_question_on_to_a_colleague_with_a_note(
    office: Office, number: int
) -> None:
    offer = offer_of(office, number)
    escalating.ask_whom(office.session, FIRST, offer, now=NOW)
    people = [one["id"] for one in office.last(FIRST, "escalate")["people"]]
    assert people == [office.people[SECOND], office.people[THIRD]]
    escalating.ask_note(office.session, FIRST, offer, people[1], now=NOW)
    escalating.write_note(office.session, FIRST, "您更熟悉模具", DAY, now=NOW)
    assert office.offer(number).person_id == office.people[THIRD]
    view = office.last(THIRD, "offer")
    assert (view["offered_as"], view["note"]) == ("passed_on", "您更熟悉模具")
    assert view["by"]["zh"] == "导师0"
    assert office.last(FIRST, "offer_ended")["state"] == "passed_on"
    assert office.awaiting(FIRST) is Awaiting.NOTHING


def test_the_asker_learns_who_has_it_now_and_nothing_of_the_note(
    office: Office, number: int
) -> None:
    give(office, number, FIRST, SECOND, "您更熟悉模具")
    told = office.last(ASKER, "sent")
    assert (told["why"], told["mentor"]["zh"]) == ("passed_on", "导师1")
    assert "模具" not in str(told)


def test_a_colleague_is_found_by_a_typed_name(office: Office, number: int) -> None:
    office.join(204, "周全", "mentor")
    escalating.ask_name(office.session, FIRST, offer_of(office, number), now=NOW)
    assert office.awaiting(FIRST) is Awaiting.COLLEAGUE
    escalating.find_name(office.session, FIRST, "无此人", now=NOW)
    assert office.last(FIRST, "escalate")["people"] == []
    escalating.find_name(office.session, FIRST, "周", now=NOW)
    assert [one["id"] for one in office.last(FIRST, "escalate")["people"]] == [office.people[204]]
    give(office, number, FIRST, 204)
    assert office.offer(number).person_id == office.people[204]


def test_a_typed_name_finds_nobody_who_was_asked_or_has_a_conflict_of_interest(
    office: Office, number: int
) -> None:
    accepting.decline(office.session, FIRST, offer_of(office, number), "conflict", DAY, now=NOW)
    escalating.ask_name(office.session, SECOND, offer_of(office, number), now=NOW)
    escalating.find_name(office.session, SECOND, "导师", now=NOW)
    people = [one["id"] for one in office.last(SECOND, "escalate")["people"]]
    assert people == [office.people[THIRD]]


def test_a_conflict_of_interest_declared_for_another_question_bars_them_too(
    office: Office, number: int
) -> None:
    other = office.ask()
    office.send(other, mentor=2)
    accepting.decline(office.session, THIRD, offer_of(office, other), "conflict", DAY, now=NOW)
    with office.refuses("cannot_take"):
        give(office, number, FIRST, THIRD)


def test_a_name_typed_after_the_offer_lapsed_finds_nobody_and_the_form_is_left(
    office: Office, number: int
) -> None:
    offer = office.offer(number)
    escalating.ask_name(office.session, FIRST, offer.id or 0, now=NOW)
    offering.pass_on(office.session, offer, OfferState.EXPIRED, DAY, NOW)
    escalating.find_name(office.session, FIRST, "导师", now=NOW)
    assert office.last(FIRST, "notice")["code"] == "offer_ended"
    assert office.awaiting(FIRST) is Awaiting.NOTHING


def test_it_may_be_passed_on_again_but_never_back(office: Office, number: int) -> None:
    give(office, number, FIRST, SECOND)
    with office.refuses("cannot_take"):
        give(office, number, SECOND, FIRST)
    give(office, number, SECOND, THIRD)
    assert office.offer(number).person_id == office.people[THIRD]
    with office.refuses("cannot_take"):
        give(office, number, THIRD, SECOND)
    assert [row.to_id for row in office.session.exec(select(Escalation))] == [
        office.people[SECOND],
        office.people[THIRD],
    ]


def test_declined_by_the_colleague_it_goes_on_along_the_line(office: Office, number: int) -> None:
    give(office, number, FIRST, THIRD)
    accepting.decline(office.session, THIRD, offer_of(office, number), "no_time", DAY, now=NOW)
    assert office.offer(number).person_id == office.people[SECOND]


def test_the_colleague_has_as_much_time_as_anybody(office: Office, number: int) -> None:
    later = NOW + timedelta(hours=5)
    given = offer_of(office, number), office.people[SECOND], DAY
    escalating.escalate(office.session, FIRST, *given, now=later)
    assert office.offer(number).expires_at == later + DAY


def test_passed_on_twice_by_two_presses_it_goes_to_the_first_named(
    office: Office, number: int
) -> None:
    offer = offer_of(office, number)
    give(office, number, FIRST, SECOND)
    with office.refuses("offer_ended"):
        escalating.escalate(office.session, FIRST, offer, office.people[THIRD], DAY, now=NOW)
    assert office.offer(number).person_id == office.people[SECOND]


def test_what_was_accepted_can_not_be_passed_on(office: Office, number: int) -> None:
    offer = offer_of(office, number)
    accepting.accept(office.session, FIRST, offer, now=NOW)
    with office.refuses("offer_ended"):
        escalating.escalate(office.session, FIRST, offer, office.people[THIRD], DAY, now=NOW)
    assert office.consultation(number).stage is Stage.ACTIVE


def test_a_withdrawn_question_can_not_be_passed_on(office: Office, number: int) -> None:
    offer = offer_of(office, number)
    offering.withdraw(office.session, ASKER, number, now=NOW)
    with office.refuses("offer_ended"):
        escalating.ask_whom(office.session, FIRST, offer, now=NOW)


def test_nobody_passes_on_what_was_offered_to_another(office: Office, number: int) -> None:
    with office.refuses("not_yours"):
        give(office, number, SECOND, THIRD)


def test_an_admin_who_names_a_colleague_ends_the_other_admins_offers(office: Office) -> None:
    number = with_the_admins(office)
    given = admins_offer(office, number, ADMIN), office.people[SECOND], DAY
    escalating.escalate(office.session, ADMIN, *given, "请您看看", now=NOW)
    assert office.offer(number).person_id == office.people[SECOND]
    assert office.last(OTHER_ADMIN, "offer_ended")["state"] == "passed_on"
    view = office.last(SECOND, "offer")
    assert (view["by"]["zh"], view["note"]) == ("", "请您看看")  # from the office


def test_an_admin_can_not_pass_on_to_another_who_was_asked_with_them(office: Office) -> None:
    number = with_the_admins(office)
    given = admins_offer(office, number, ADMIN), office.people[OTHER_ADMIN], DAY
    with office.refuses("cannot_take"):
        escalating.escalate(office.session, ADMIN, *given, now=NOW)


def test_what_the_admins_colleague_declines_is_theirs_again(office: Office) -> None:
    number = with_the_admins(office)
    given = admins_offer(office, number, ADMIN), office.people[SECOND], DAY
    escalating.escalate(office.session, ADMIN, *given, now=NOW)
    accepting.decline(office.session, SECOND, offer_of(office, number), "no_time", DAY, now=NOW)
    query = select(Offer.person_id).where(
        Offer.consultation_id == number, Offer.state == OfferState.OPEN
    )
    assert set(office.session.exec(query)) == {office.people[ADMIN], office.people[OTHER_ADMIN]}


def test_only_who_answers_can_be_named(office: Office, number: int) -> None:
    office.join(101, "李老板", "asker")
    with office.refuses("cannot_take"):
        give(office, number, FIRST, 101)
    give(office, number, FIRST, LIAISON)
    assert office.offer(number).person_id == office.people[LIAISON]
