"""The marks under a message: accepted, then delivered, and one of them where both come at once."""

from datetime import timedelta

from bot.desk import receipts, talking
from bot.desk.receipts import Mark
from bot.desk.tables import Message, Receipt
from bot.desk.views import Heard
from tests.bot.desk.conftest import ASKER, MENTORS, NOW, Office

LATER = NOW + timedelta(seconds=2)


def said(office: Office, number: int, chat_id: int = ASKER, album: str = "") -> Heard:
    heard = office.heard(chat_id, album=album)
    talking.relay(office.session, heard, number, now=NOW)
    return heard


def due(office: Office, most: int = 20) -> list[tuple[int, Receipt]]:
    marks = receipts.due(office.session, most, LATER)
    return [(mark.message_id, mark.now) for mark in marks]


def show(office: Office) -> list[Mark]:
    marks = receipts.due(office.session, 20, LATER)
    receipts.shown(office.session, marks, now=LATER)
    return marks


def test_a_message_that_arrived_meanwhile_gets_one_mark(office: Office) -> None:
    heard = said(office, office.talk())
    assert receipts.due(office.session, 20, NOW) == []
    office.deliver()
    assert due(office) == [(heard.message_id, Receipt.DELIVERED)]
    show(office)
    assert due(office) == []


def test_a_message_that_waits_is_marked_accepted_and_then_delivered(office: Office) -> None:
    heard = said(office, office.talk())
    assert due(office) == [(heard.message_id, Receipt.ACCEPTED)]
    show(office)
    assert due(office) == []
    office.deliver()
    assert due(office) == [(heard.message_id, Receipt.DELIVERED)]


def test_a_message_that_waits_for_a_mentor_is_marked_accepted(office: Office) -> None:
    number = office.ask()
    office.send(number)
    heard = said(office, number)
    assert due(office) == [(heard.message_id, Receipt.ACCEPTED)]


def test_a_chat_gets_one_mark_at_a_turn_and_others_theirs(office: Office) -> None:
    number = office.talk()
    first, second = said(office, number), said(office, number)
    theirs = said(office, number, MENTORS[0])
    assert [message for message, _ in due(office)] == [first.message_id, theirs.message_id]
    show(office)
    assert [message for message, _ in due(office)] == [second.message_id]


def test_an_album_is_marked_on_its_first_part(office: Office) -> None:
    number = office.talk()
    first, _ = said(office, number, album="9"), said(office, number, album="9")
    office.deliver()
    assert due(office) == [(first.message_id, Receipt.DELIVERED)]
    show(office)
    assert due(office) == []


def test_what_became_of_a_message_meanwhile_stands(office: Office) -> None:
    said(office, office.talk())
    marks = receipts.due(office.session, 20, LATER)
    message = office.session.get_one(Message, 1)
    message.receipt = Receipt.OVERTAKEN
    office.session.add(message)
    office.session.flush()
    receipts.shown(office.session, marks, now=LATER)
    office.session.refresh(message)
    assert message.receipt == Receipt.OVERTAKEN


def test_marks_that_are_due_are_found_in_one_statement(office: Office) -> None:
    said(office, office.talk())
    with office.costs_at_most(1):
        assert len(receipts.due(office.session, 20, LATER)) == 1
