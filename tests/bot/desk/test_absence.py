"""Whoever can't be reached gets what was written to them once they are back, in order, once."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from bot.delivery.tables import Delivery, DeliveryState
from bot.desk import absence, talking, undelivered
from bot.desk.tables import Chat, ChatState
from tests.bot.desk.conftest import ASKER, DAY, MENTORS, NOW, Office

MENTOR, SECOND_CHAT = MENTORS[0], 299
WEEK = timedelta(days=7)


def lose(office: Office, chat_id: int, reason: str = "blocked") -> None:
    undelivered.chat_lost(office.session, chat_id, reason, DAY, now=NOW)


def come_back(office: Office, chat_id: int) -> None:
    undelivered.chat_back(office.session, chat_id, now=NOW)


def write(office: Office, chat_id: int, number: int) -> int:
    """One message to the other side; its id."""
    heard = office.heard(chat_id)
    talking.relay(office.session, heard, number, now=NOW)
    return heard.message_id


def waiting(office: Office, chat_id: int) -> list[int]:
    """The copies that the sender may take, as it takes them."""
    query = (
        select(Delivery.source_message)
        .where(Delivery.chat_id == chat_id, Delivery.state == DeliveryState.QUEUED)
        .where(col(Delivery.source_message).is_not(None))
        .order_by(col(Delivery.priority), col(Delivery.id))
    )
    office.session.flush()
    return [message or 0 for message in office.session.exec(query)]


def codes(office: Office, chat_id: int) -> list[str]:
    return [owed.values["code"] for owed in office.owed(chat_id) if owed.card == "notice"]


def test_what_is_written_to_somebody_away_goes_when_they_are_back_in_order_and_once(
    office: Office,
) -> None:
    number = office.talk()
    before = write(office, ASKER, number)
    lose(office, MENTOR)
    written = [before, *(write(office, ASKER, number) for _ in range(3))]
    assert waiting(office, MENTOR) == []
    come_back(office, MENTOR)
    come_back(office, MENTOR)
    assert waiting(office, MENTOR) == written
    assert office.copies(MENTOR) == written


def test_the_sender_is_woken_for_what_was_held(office: Office) -> None:
    number = office.talk()
    lose(office, MENTOR)
    message = write(office, ASKER, number)
    office.session.info.clear()
    come_back(office, MENTOR)
    assert message in [owed.source_message for owed in office.session.info["owed"]]


def test_a_refused_message_is_held_before_those_written_after_it(office: Office) -> None:
    number = office.talk()
    first, second = write(office, ASKER, number), write(office, ASKER, number)
    refused = next(owed for owed in office.owed(MENTOR) if owed.source_message == first)
    refused.state = DeliveryState.FAILED  # as the ledger leaves it
    undelivered.refused(office.session, refused, "blocked", DAY, now=NOW)
    come_back(office, MENTOR)
    assert waiting(office, MENTOR) == [first, second]


def test_the_writer_is_told_once_an_absence_on_the_message_that_did_not_arrive(
    office: Office,
) -> None:
    number = office.talk()
    first = write(office, ASKER, number)
    refused = office.owed(MENTOR)[-1]
    undelivered.refused(office.session, refused, "blocked", DAY, now=NOW)
    for _ in range(3):
        write(office, ASKER, number)
    assert codes(office, ASKER) == ["partner_blocked", "kept_until_back"]
    assert office.owed(ASKER)[-1].reply_message == first
    come_back(office, MENTOR)
    assert codes(office, ASKER)[2:] == ["partner_back"]
    lose(office, MENTOR)
    assert codes(office, ASKER)[3:] == ["partner_blocked"]


def test_a_second_refusal_of_the_same_absence_is_not_told_again(office: Office) -> None:
    number = office.talk()
    for _ in range(2):
        write(office, ASKER, number)
    for refused in office.owed(MENTOR)[-2:]:
        undelivered.refused(office.session, refused, "blocked", DAY, now=NOW)
    assert codes(office, ASKER) == ["partner_blocked", "kept_until_back"]


def test_to_an_account_that_is_gone_nothing_is_kept_and_its_writer_knows(office: Office) -> None:
    number = office.talk()
    undelivered.chat_lost(office.session, MENTOR, "deactivated", DAY, now=NOW)
    write(office, ASKER, number)
    assert codes(office, ASKER) == ["partner_gone", "gone_for_good"]
    held = [owed for owed in office.owed(MENTOR) if owed.state is DeliveryState.HELD]
    assert held == []


def test_a_card_for_somebody_away_is_kept_as_well(office: Office) -> None:
    number = office.talk()
    lose(office, ASKER)
    assert not absence.tell(office.session, office.people[ASKER], "ready", {}, now=NOW)
    assert office.owed(ASKER)[-1].state is DeliveryState.HELD
    come_back(office, ASKER)
    assert office.owed(ASKER)[-1].state is DeliveryState.QUEUED
    assert codes(office, MENTOR) == ["asker_blocked", "asker_back"]
    assert office.consultation(number).mentor_id == office.people[MENTOR]


def test_what_is_kept_too_long_is_given_up_and_its_writer_told_how_much(office: Office) -> None:
    number = office.talk()
    lose(office, MENTOR)
    for _ in range(2):
        write(office, ASKER, number)
    assert absence.give_up(office.session, WEEK, now=NOW + WEEK) == 0
    late = NOW + WEEK + timedelta(seconds=1)
    assert absence.give_up(office.session, WEEK, now=late) == 1
    told = office.last(ASKER, "notice")
    assert told == {
        "code": "kept_too_long",
        "values": {"consultation": number, "number": 2, "days": 7},
    }
    assert absence.give_up(office.session, WEEK, now=late) == 0
    come_back(office, MENTOR)
    assert waiting(office, MENTOR) == []


def test_what_was_held_in_the_moment_of_a_return_is_released_at_the_next_turn(
    office: Office,
) -> None:
    number = office.talk()
    lose(office, MENTOR)
    message = write(office, ASKER, number)
    office.chat(MENTOR).state = ChatState.ACTIVE  # as a transaction beside did
    absence.give_up(office.session, WEEK, now=NOW)
    assert waiting(office, MENTOR) == [message]


@pytest.mark.parametrize("lost", ["old", "new"])
def test_a_person_with_two_chats_is_reached_in_the_one_that_takes_it(
    office: Office, lost: str
) -> None:
    number = office.talk()
    session, person = office.session, office.people[MENTOR]
    session.add(
        Chat(chat_id=SECOND_CHAT, person_id=person, consent_version=1, first_seen=NOW + DAY)
    )
    session.flush()
    first = write(office, ASKER, number)
    assert waiting(office, SECOND_CHAT) == [first]
    lose(office, SECOND_CHAT)
    assert waiting(office, MENTOR) == [first]
    assert codes(office, ASKER) == []
    lose(office, MENTOR)
    second = write(office, ASKER, number)
    back = MENTOR if lost == "old" else SECOND_CHAT
    come_back(office, back)
    assert waiting(office, back) == [first, second]


def test_a_delivery_to_a_chat_that_nobody_knows_is_told_to_its_writer(office: Office) -> None:
    number = office.talk()
    write(office, ASKER, number)
    refused = office.owed(MENTOR)[-1]
    refused.chat_id = 12345
    undelivered.refused(office.session, refused, "kicked", DAY, now=NOW)
    assert codes(office, ASKER) == ["unreachable"]
