"""A question goes to one person after another until somebody accepts."""

from datetime import timedelta

import pytest
from sqlmodel import select

from bot.desk import accepting, asking, choosing, learning, offering
from bot.desk.errors import RefusedError, WrongStageError
from bot.desk.tables import Chat, ChatState, DeclineReason, OfferState, Stage
from knowledge.tables import Appointment, Entry
from tests.bot.desk.conftest import ADMIN, ASKER, DAY, LIAISON, MENTORS, NOW, TODAY, Office


def test_the_chosen_mentor_is_offered_the_question_with_its_deadline(office: Office) -> None:
    number = office.ask()
    office.send(number, mentor=1)
    view = office.last(MENTORS[1], "offer")
    assert view["text"] == "铝压铸件加工后有气孔怎么办"
    assert view["evidence"] == "证据1"
    assert view["expires_at"] == (NOW + DAY).isoformat()
    assert office.last(ASKER, "sent")["offered_as"] == "chosen"


def test_identity_is_masked_until_accepted(office: Office) -> None:
    number = office.ask()
    office.send(number)
    before = str(office.last(MENTORS[0], "offer"))
    assert "宏达" not in before
    assert "王老板" not in before
    assert office.last(MENTORS[0], "offer")["context"]["industry"] == "C"
    accepting.accept(office.session, MENTORS[0], office.offer(number).id or 0, now=NOW)
    after = office.last(MENTORS[0], "accepted_mentor")
    assert after["name"]["zh"] == "王老板"
    assert after["organisation"]["zh"] == "宏达"


def test_a_declined_question_goes_to_the_next_on_the_shortlist(office: Office) -> None:
    number = office.ask()
    office.send(number)
    offer = office.offer(number).id or 0
    reason = DeclineReason.OUTSIDE_FIELD
    accepting.decline(office.session, MENTORS[0], offer, reason, DAY, now=NOW)
    assert office.last(MENTORS[0], "offer_ended")["state"] == "declined"
    assert office.last(MENTORS[1], "offer")["offered_as"] == "next"
    assert office.last(ASKER, "sent")["why"] == "declined"
    assert "outside_field" not in str(office.last(ASKER, "sent"))


def test_an_offer_not_answered_in_time_passes_on(office: Office) -> None:
    number = office.ask()
    office.send(number)
    just_before = NOW + DAY - timedelta(seconds=1)
    assert offering.expire_due(office.session, DAY, now=just_before) == 0
    assert offering.expire_due(office.session, DAY, now=NOW + DAY) == 1
    assert office.last(MENTORS[0], "offer_ended")["state"] == "expired"
    assert office.offer(number).person_id == office.people[MENTORS[1]]


def test_whoever_is_bound_to_the_enterprise_comes_before_strangers(office: Office) -> None:
    """The chosen, their own mentor, their liaison, the rest of the shortlist, the admins."""
    office.dispatch()
    office.appoint(mentor=2)
    number = office.ask()
    office.send(number)
    for chat_id in (MENTORS[0], MENTORS[2], LIAISON, MENTORS[1]):
        offer = office.offer(number).id or 0
        assert office.offer(number).person_id == office.people[chat_id]
        accepting.decline(office.session, chat_id, offer, "no_time", DAY, now=NOW)
    last = office.offer(number)
    assert last.person_id == office.people[ADMIN]
    assert last.expires_at is None
    assert office.last(ASKER, "sent")["offered_as"] == "admin"


def test_their_own_mentor_whom_the_asker_struck_off_is_not_put_before_others(
    office: Office,
) -> None:
    office.appoint(mentor=2)
    number = office.ask()
    lines = asking.candidates_of(office.session, number)
    own = next(line for line in lines if line.person_id == office.people[MENTORS[2]])
    learning.strike(office.session, ASKER, own.id or 0, now=NOW)
    office.send(number)
    offer = office.offer(number).id or 0
    accepting.decline(office.session, MENTORS[0], offer, "no_time", DAY, now=NOW)
    assert office.offer(number).person_id == office.people[MENTORS[1]]


def test_where_none_fits_the_liaison_is_asked_at_once(office: Office) -> None:
    office.dispatch()
    number = office.ask()
    choosing.choose_nobody(office.session, ASKER, number, now=NOW)
    office.confirm(number)
    assert office.last(LIAISON, "offer")["offered_as"] == "liaison"
    assert "offer" not in office.cards(MENTORS[0])


def test_the_enterprises_own_mentor_is_offered_as_such(office: Office) -> None:
    office.appoint(mentor=2)
    number = office.ask()
    assert office.last(ASKER, "shortlist")["own"]["zh"] == "导师2"
    choosing.choose_own(office.session, ASKER, number, now=NOW)
    office.confirm(number)
    assert office.last(MENTORS[2], "offer")["offered_as"] == "own_mentor"


def test_an_appointment_that_has_ended_names_no_mentor(office: Office) -> None:
    office.appoint(mentor=2, starts=NOW.date() - timedelta(days=400), days=30)
    number = office.ask()
    assert office.last(ASKER, "shortlist")["own"] is None
    with pytest.raises(RefusedError, match="no_appointment"):
        choosing.choose_own(office.session, ASKER, number, now=NOW)


def test_a_mentor_who_has_not_joined_is_wanted_and_the_next_is_asked(office: Office) -> None:
    number = office.ask()
    office.session.get_one(Chat, MENTORS[0]).state = ChatState.BLOCKED
    office.send(number)
    assert office.last(ADMIN, "invite_wanted")["name"]["zh"] == "导师0"
    assert office.last(ASKER, "sent")["why"] == "not_here"
    assert office.offer(number).person_id == office.people[MENTORS[1]]


def test_a_question_that_nobody_can_take_waits_for_an_admin(office: Office) -> None:
    number = office.ask(found=0)
    office.session.get_one(Chat, ADMIN).state = ChatState.BLOCKED
    choosing.choose_nobody(office.session, ASKER, number, now=NOW)
    office.confirm(number)
    assert office.cards(ASKER)[-1] == "nobody_yet"
    assert office.consultation(number).stage is Stage.OFFERED
    offering.expire_due(office.session, DAY, now=NOW)
    assert office.cards(ASKER).count("nobody_yet") == 1
    office.session.get_one(Chat, ADMIN).state = ChatState.ACTIVE
    offering.expire_due(office.session, DAY, now=NOW)
    assert office.last(ADMIN, "offer")["offered_as"] == "admin"


def test_the_first_admin_to_accept_has_it(office: Office) -> None:
    office.join(402, "管理员二", "admin")
    number = office.ask(found=0)
    choosing.choose_nobody(office.session, ASKER, number, now=NOW)
    office.confirm(number)
    first, second = (office.last(chat, "offer")["offer"] for chat in (ADMIN, 402))
    accepting.accept(office.session, 402, second, now=NOW)
    assert office.last(ADMIN, "offer_ended")["state"] == OfferState.TAKEN
    with pytest.raises(RefusedError, match="offer_ended"):
        accepting.accept(office.session, ADMIN, first, now=NOW)


def test_an_offer_belongs_to_the_one_it_was_made_to(office: Office) -> None:
    number = office.ask()
    office.send(number)
    with pytest.raises(RefusedError, match="not_yours"):
        accepting.accept(office.session, MENTORS[1], office.offer(number).id or 0, now=NOW)


def test_a_button_pressed_twice_acts_once(office: Office) -> None:
    number = office.ask()
    office.send(number)
    offer = office.offer(number).id or 0
    accepting.accept(office.session, MENTORS[0], offer, now=NOW)
    with pytest.raises(RefusedError, match="offer_ended"):
        accepting.accept(office.session, MENTORS[0], offer, now=NOW)
    with pytest.raises(WrongStageError):
        office.confirm(number)
    assert office.cards(ASKER).count("accepted_asker") == 1


def test_a_withdrawn_question_can_no_longer_be_accepted(office: Office) -> None:
    number = office.ask()
    office.send(number)
    offer = office.offer(number).id or 0
    offering.withdraw(office.session, ASKER, number, now=NOW)
    assert office.last(MENTORS[0], "offer_ended")["state"] == "withdrawn"
    with pytest.raises(RefusedError, match="offer_ended"):
        accepting.accept(office.session, MENTORS[0], offer, now=NOW)


def test_nobody_is_offered_their_own_question(office: Office) -> None:
    number = office.ask(MENTORS[0])
    shown = office.last(MENTORS[0], "shortlist")["candidates"]
    assert [line["person"]["zh"] for line in shown] == ["导师1", "导师2"]
    assert office.consultation(number).asker_id == office.people[MENTORS[0]]


def test_nobody_is_offered_their_own_question_as_their_enterprises_mentor(office: Office) -> None:
    office.session.add(
        Appointment(
            mentor_id=office.people[ASKER],
            enterprise_id=office.enterprise,
            starts_on=TODAY,
            ends_on=TODAY + DAY,
        )
    )
    number = office.ask(found=1)
    choosing.choose_own(office.session, ASKER, number, now=NOW)
    office.confirm(number)
    assert office.offer(number).person_id == office.people[MENTORS[0]]


def test_somebody_removed_from_the_knowledge_base_is_passed_over(office: Office) -> None:
    number = office.ask()
    office.send(number)
    gone = office.session.exec(select(Entry).where(Entry.key == "expert-1")).one()
    gone.removed_at = NOW
    office.session.flush()
    offering.expire_due(office.session, DAY, now=NOW + DAY)
    assert office.offer(number).person_id == office.people[MENTORS[2]]


def test_an_offer_that_passes_on_asks_nobody_to_be_invited_again(office: Office) -> None:
    number = office.ask()
    office.block(MENTORS[0])
    office.send(number)
    offering.expire_due(office.session, DAY, now=NOW + DAY)
    assert office.cards(ADMIN).count("invite_wanted") == 1
    assert office.last(ASKER, "sent")["why"] == "expired"


def test_a_question_is_withdrawn_by_its_asker_alone_and_before_it_is_accepted(
    office: Office,
) -> None:
    number = office.ask()
    office.send(number)
    with office.refuses("not_yours"):
        offering.withdraw(office.session, MENTORS[0], number, now=NOW)
    accepting.accept(office.session, MENTORS[0], office.offer(number).id or 0, now=NOW)
    with office.refuses("wrong_stage", consultation=number):
        offering.withdraw(office.session, ASKER, number, now=NOW)
