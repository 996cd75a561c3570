"""The enterprise's liaison answers a question, or gives it to a mentor with a note."""

import pytest
from sqlmodel import select

from bot.desk import accepting, choosing, closing, confiding, escalating, giving_up, offering
from bot.desk.policy import Policy
from bot.desk.rights import keeping
from bot.desk.tables import Awaiting, Escalation, OfferState, Stage, Transfer
from tests.bot.desk.conftest import ADMIN, ASKER, DAY, LIAISON, MENTORS, NOW, Office


@pytest.fixture
def number(office: Office) -> int:
    """A question for nobody of the shortlist: its liaison has it."""
    office.dispatch()
    office.appoint(mentor=2)
    made = office.ask()
    choosing.choose_nobody(office.session, ASKER, made, now=NOW)
    office.confirm(made)
    return made


def offer_of(office: Office, number: int) -> int:
    return office.offer(number).id or 0


def to(office: Office, number: int, mentor: int = 2, note: str = "") -> None:
    offer, person = offer_of(office, number), office.people[MENTORS[mentor]]
    escalating.ask_whom(office.session, LIAISON, offer, now=NOW)
    escalating.ask_note(office.session, LIAISON, offer, person, now=NOW)
    if note:
        escalating.write_note(office.session, LIAISON, note, DAY, now=NOW)
    else:
        escalating.escalate(office.session, LIAISON, offer, person, DAY, now=NOW)


def test_the_liaison_answers_themself(office: Office, number: int) -> None:
    accepting.accept(office.session, LIAISON, offer_of(office, number), now=NOW)
    assert office.consultation(number).mentor_id == office.people[LIAISON]


def test_the_own_mentor_stands_first_and_the_shortlist_after(office: Office, number: int) -> None:
    escalating.ask_whom(office.session, LIAISON, offer_of(office, number), now=NOW)
    people = [one["id"] for one in office.last(LIAISON, "escalate")["people"]]
    assert people == [office.people[MENTORS[chat]] for chat in (2, 0, 1)]


def test_the_note_stands_on_the_mentors_card_and_the_asker_is_told(
    office: Office, number: int
) -> None:
    to(office, number, note="模具是去年换的")
    view = office.last(MENTORS[2], "offer")
    assert (view["offered_as"], view["note"]) == ("escalated", "模具是去年换的")
    told = office.last(ASKER, "sent")
    assert (told["why"], told["offered_as"]) == ("escalated", "escalated")
    assert "模具" not in str(told)
    assert office.last(LIAISON, "offer_ended")["state"] == "escalated"
    assert office.awaiting(LIAISON) is Awaiting.NOTHING


def test_without_a_note_nothing_stands_there(office: Office, number: int) -> None:
    to(office, number)
    assert office.last(MENTORS[2], "offer")["note"] == ""
    assert office.offer(number).person_id == office.people[MENTORS[2]]


def test_a_declined_one_goes_on_to_the_admins_and_never_back(office: Office, number: int) -> None:
    to(office, number)
    accepting.decline(office.session, MENTORS[2], offer_of(office, number), "no_time", DAY, now=NOW)
    assert office.offer(number).person_id == office.people[ADMIN]


def test_of_a_veiled_question_neither_sees_more_than_its_asker_shows(office: Office) -> None:
    office.dispatch()
    number = office.ask()
    choosing.choose_nobody(office.session, ASKER, number, now=NOW)
    confiding.choose_level(office.session, ASKER, number, "nda", now=NOW)
    office.confirm(number)
    to(office, number, mentor=0, note="请帮忙")
    assert office.last(MENTORS[0], "offer")["text"] == ""
    accepting.accept(office.session, MENTORS[0], offer_of(office, number), now=NOW)
    assert office.consultation(number).stage is Stage.OFFERED
    assert "undertaking" in office.cards(MENTORS[0])


def test_nobody_else_gives_it_away(office: Office, number: int) -> None:
    offer, person = offer_of(office, number), office.people[MENTORS[0]]
    with office.refuses("not_yours"):
        escalating.escalate(office.session, MENTORS[1], offer, person, DAY, now=NOW)


@pytest.mark.parametrize("who", [ASKER, LIAISON])
def test_neither_the_asker_nor_whoever_had_it_can_be_chosen(
    office: Office, number: int, who: int
) -> None:
    offer = offer_of(office, number)
    with office.refuses("cannot_take"):
        escalating.escalate(office.session, LIAISON, offer, office.people[who], DAY, now=NOW)


def test_a_mentor_who_is_gone_can_not_be_chosen(office: Office, number: int) -> None:
    offer, person = offer_of(office, number), office.people[MENTORS[0]]
    office.block(MENTORS[0])
    with office.refuses("cannot_take"):
        escalating.escalate(office.session, LIAISON, offer, person, DAY, now=NOW)
    escalating.ask_whom(office.session, LIAISON, offer, now=NOW)
    assert person not in [one["id"] for one in office.last(LIAISON, "escalate")["people"]]


def test_where_nobody_can_take_it_that_is_said(office: Office, number: int) -> None:
    for chat in MENTORS:
        office.block(chat)
    escalating.ask_whom(office.session, LIAISON, offer_of(office, number), now=NOW)
    assert office.last(LIAISON, "escalate")["people"] == []


def test_pressed_twice_it_is_given_once(office: Office, number: int) -> None:
    offer, person = offer_of(office, number), office.people[MENTORS[0]]
    escalating.escalate(office.session, LIAISON, offer, person, DAY, now=NOW)
    with office.refuses("offer_ended"):
        escalating.escalate(office.session, LIAISON, offer, person, DAY, now=NOW)
    assert len(office.session.exec(select(Escalation)).all()) == 1


def test_a_note_that_is_too_long_is_asked_for_again(office: Office, number: int) -> None:
    offer, person = offer_of(office, number), office.people[MENTORS[0]]
    escalating.ask_note(office.session, LIAISON, offer, person, now=NOW)
    with office.refuses("note_too_long"):
        escalating.write_note(office.session, LIAISON, "字" * 501, DAY, now=NOW)
    assert office.awaiting(LIAISON) is Awaiting.ESCALATION_NOTE


def test_a_note_typed_after_the_offer_lapsed_goes_nowhere_and_the_form_is_left(
    office: Office, number: int
) -> None:
    offer, person = office.offer(number), office.people[MENTORS[0]]
    escalating.ask_note(office.session, LIAISON, offer.id or 0, person, now=NOW)
    offering.pass_on(office.session, offer, OfferState.EXPIRED, DAY, NOW)
    escalating.write_note(office.session, LIAISON, "请帮忙", DAY, now=NOW)
    assert office.last(LIAISON, "notice")["code"] == "offer_ended"
    assert office.awaiting(LIAISON) is Awaiting.NOTHING
    assert "offer" not in office.cards(MENTORS[0])


def test_back_shows_the_offer_and_leaves_the_form(office: Office, number: int) -> None:
    offer, person = offer_of(office, number), office.people[MENTORS[0]]
    escalating.ask_note(office.session, LIAISON, offer, person, now=NOW)
    escalating.keep(office.session, LIAISON, offer, now=NOW)
    assert office.awaiting(LIAISON) is Awaiting.NOTHING
    assert office.cards(LIAISON)[-1] == "offer"


def test_the_notes_are_kept_no_longer_than_the_consultation(office: Office, number: int) -> None:
    to(office, number, note="模具是去年换的")
    accepting.accept(office.session, MENTORS[2], offer_of(office, number), now=NOW)
    giving_up.begin_by_admin(office.session, ADMIN, number, "导师出国", now=NOW)
    person = office.people[MENTORS[0]]
    giving_up.choose(office.session, ADMIN, number, person, DAY, now=NOW)
    closing.settle(office.session, ASKER, number, True, now=NOW)
    policy = Policy()
    keeping.sweep(office.session, policy, now=NOW + policy.keep_consultations)
    office.session.expire_all()
    assert office.session.exec(select(Escalation.note)).one() == "模具是去年换的"
    keeping.sweep(office.session, policy, now=NOW + policy.keep_consultations + DAY)
    office.session.expire_all()
    assert office.session.exec(select(Escalation.note)).one() == ""
    assert office.session.exec(select(Transfer.reason)).one() == ""
