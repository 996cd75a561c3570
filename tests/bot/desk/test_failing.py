"""What did not arrive is explained to its writer, who decides what follows."""

import pytest
from sqlmodel import select

from bot.delivery.tables import Delivery, DeliveryState
from bot.desk import closing, failing, removing, talking
from bot.desk.tables import Message, Receipt
from bot.desk.views import Heard
from tests.bot.desk.conftest import ASKER, MENTORS, NOW, Office


def said(office: Office, number: int, **more: str) -> Heard:
    heard = office.heard(ASKER, **more)
    talking.relay(office.session, heard, number, now=NOW)
    return heard


def copies(office: Office) -> list[Delivery]:
    return [one for one in office.owed(MENTORS[0]) if one.method == "copyMessage"]


def fail(office: Office, owed: Delivery, reason: str = "Bad Request: no") -> Delivery:
    owed.state = DeliveryState.FAILED
    office.session.add(owed)
    office.session.flush()
    failing.failed(office.session, owed, reason, now=NOW)
    return owed


def doubt(office: Office, owed: Delivery) -> Delivery:
    owed.state = DeliveryState.UNCERTAIN
    office.session.add(owed)
    office.session.flush()
    failing.uncertain(office.session, owed, "no_answer", now=NOW)
    return owed


@pytest.mark.parametrize(
    ("said_by_telegram", "reason"),
    [
        ("Bad Request: message to copy not found", "gone"),
        ("Bad Request: message can't be copied", "protected"),
        ("Bad Request: VOICE_MESSAGES_FORBIDDEN", "no_voice"),
        ("Request Entity Too Large", "too_large"),
        ("Bad Request: not enough rights to send photos", "no_rights"),
        ("no_topic", "no_topic"),
        ("Bad Request: something new", "other"),
    ],
)
def test_the_reason_is_given_on_the_message_itself(
    office: Office, said_by_telegram: str, reason: str
) -> None:
    heard = said(office, office.talk())
    fail(office, copies(office)[-1], said_by_telegram)
    card = office.owed(ASKER)[-1]
    assert (card.card, card.values["reason"]) == ("undelivered", reason)
    assert card.reply_message == heard.message_id


def test_its_writer_has_it_sent_again_once(office: Office) -> None:
    heard = said(office, office.talk())
    owed = fail(office, copies(office)[-1])
    failing.retry(office.session, ASKER, owed.id or 0, now=NOW)
    assert [one.source_message for one in copies(office)] == [heard.message_id] * 2
    assert office.owed(ASKER)[-1].card == "resent"
    with office.refuses("decided"):
        failing.retry(office.session, ASKER, owed.id or 0, now=NOW)


def test_what_may_have_arrived_is_not_sent_twice_unless_its_writer_says_so(office: Office) -> None:
    said(office, office.talk())
    owed = doubt(office, copies(office)[-1])
    assert office.cards(ASKER)[-1] == "uncertain"
    assert len(copies(office)) == 1
    failing.leave(office.session, ASKER, owed.id or 0, now=NOW)
    assert (len(copies(office)), office.cards(ASKER)[-1]) == (1, "left")
    with office.refuses("decided"):
        failing.retry(office.session, ASKER, owed.id or 0, now=NOW)


def test_an_album_that_failed_as_one_is_told_of_once_and_sent_again_whole(office: Office) -> None:
    number = office.talk()
    parts = [said(office, number, album="9").message_id for _ in range(3)]
    for owed in copies(office):
        doubt(office, owed)
    assert office.cards(ASKER).count("uncertain") == 1
    failing.retry(office.session, ASKER, copies(office)[0].id or 0, now=NOW)
    again = copies(office)[3:]
    assert [(one.source_message, one.album) for one in again] == [(part, "9") for part in parts]


def test_nobody_decides_on_anothers_message(office: Office) -> None:
    said(office, office.talk())
    owed = fail(office, copies(office)[-1])
    for act in (failing.retry, failing.leave):
        with office.refuses("not_yours"):
            act(office.session, MENTORS[0], owed.id or 0, now=NOW)
        with office.refuses("not_yours"):
            act(office.session, ASKER, 99_999, now=NOW)


def test_nothing_is_sent_again_into_what_was_closed_or_taken_back(office: Office) -> None:
    number = office.talk()
    first, second = said(office, number), said(office, number)
    one, two = (fail(office, owed) for owed in copies(office))
    removing.remove(office.session, ASKER, first.message_id, now=NOW)
    with office.refuses("deleted_already"):
        failing.retry(office.session, ASKER, one.id or 0, now=NOW)
    closing.settle(office.session, ASKER, number, True, now=NOW)
    with office.refuses("closed"):
        failing.retry(office.session, ASKER, two.id or 0, now=NOW)
    assert second.message_id not in office.copies(MENTORS[0])[2:]


def test_the_mark_of_a_message_that_failed_is_taken_away(office: Office) -> None:
    said(office, office.talk())
    message = office.session.exec(select(Message)).one()
    message.receipt = Receipt.ACCEPTED
    office.session.add(message)
    fail(office, copies(office)[-1])
    mark = next(one for one in office.owed(ASKER) if one.method == "setMessageReaction")
    assert mark.values == {"reaction": []}
    office.session.refresh(message)
    assert message.receipt == Receipt.FAILED


def test_a_message_sent_again_gets_its_marks_again(office: Office) -> None:
    said(office, office.talk())
    owed = fail(office, copies(office)[-1])
    message = office.session.exec(select(Message)).one()
    office.session.refresh(message)
    assert message.receipt == Receipt.FAILED
    failing.retry(office.session, ASKER, owed.id or 0, now=NOW)
    office.session.refresh(message)
    assert message.receipt == Receipt.NONE
