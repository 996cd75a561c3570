"""Edits: the copy is changed in place wherever it is by then, and what was said before is kept."""

from dataclasses import replace
from typing import Any

from sqlmodel import select

from bot.delivery.tables import Delivery, DeliveryState
from bot.desk import accepting, closing, correcting, offering, talking
from bot.desk.tables import Message, MessageVersion, Parked
from bot.desk.views import Heard
from tests.bot.desk.conftest import ASKER, MENTORS, NOW, Office

BOLD = {"type": "bold", "offset": 0, "length": 2}
PHOTO = {"id": "f1", "unique_id": "u1"}
OTHER = {"id": "f2", "unique_id": "u2"}


def said(office: Office, **more: Any) -> Heard:
    """A message of the asker's to the mentor, on its way."""
    number = office.talk()
    heard = office.heard(ASKER, "380T", **more)
    talking.relay(office.session, heard, number, now=NOW)
    return heard


def changes(office: Office, chat_id: int = MENTORS[0]) -> list[Delivery]:
    return [one for one in office.owed(chat_id) if one.method.startswith("editMessage")]


def test_the_text_is_changed_in_the_copy_with_its_formatting(office: Office) -> None:
    heard = said(office)
    office.deliver()
    edited = replace(heard, text="400T", entities=(BOLD,))
    correcting.correct(office.session, edited, now=NOW)
    (change,) = changes(office)
    assert (change.method, change.values) == (
        "editMessageText",
        {"text": "400T", "entities": [BOLD]},
    )
    assert (change.reply_chat, change.reply_message) == (ASKER, heard.message_id)


def test_an_edit_before_delivery_goes_after_the_copy_in_the_same_order(office: Office) -> None:
    heard = said(office)
    correcting.correct(office.session, replace(heard, text="400T"), now=NOW)
    copy, change = office.owed(MENTORS[0])[-2:]
    assert (copy.method, change.method) == ("copyMessage", "editMessageText")
    assert copy.priority == change.priority


def test_every_version_is_kept_and_the_newest_stands_in_the_message(office: Office) -> None:
    heard = said(office)
    for text in ("400T", "500T"):
        correcting.correct(office.session, replace(heard, text=text), now=NOW)
    message = office.session.exec(select(Message)).one()
    versions = office.session.exec(select(MessageVersion)).all()
    assert (message.text, message.version, message.edited_at) == ("500T", 2, NOW)
    assert [(one.number, one.text) for one in versions] == [(0, "380T"), (1, "400T")]


def test_a_caption_is_changed_where_the_picture_is_the_same(office: Office) -> None:
    heard = said(office, kind="photo", file=PHOTO)
    office.deliver()
    edited = replace(heard, text="断口", entities=(BOLD,))
    correcting.correct(office.session, edited, now=NOW)
    (change,) = changes(office)
    assert change.method == "editMessageCaption"
    assert change.values == {"caption": "断口", "caption_entities": [BOLD]}


def test_another_picture_takes_the_place_of_the_first(office: Office) -> None:
    heard = said(office, kind="photo", file=PHOTO)
    office.deliver()
    correcting.correct(office.session, replace(heard, file=OTHER), now=NOW)
    (change,) = changes(office)
    assert change.values == {"media": {"type": "photo", "media": "f2", "caption": "380T"}}


def test_a_newer_edit_of_the_same_kind_takes_the_slot_and_one_of_another_does_not(
    office: Office,
) -> None:
    heard = said(office, kind="photo", file=PHOTO)
    correcting.correct(office.session, replace(heard, file=OTHER), now=NOW)
    correcting.correct(office.session, replace(heard, file=OTHER, text="断口"), now=NOW)
    correcting.correct(office.session, replace(heard, file=OTHER, text="裂口"), now=NOW)
    media, first, second = changes(office)
    assert first.slot == second.slot
    assert media.slot != first.slot


def test_what_cannot_be_edited_is_corrected_by_a_note_and_a_new_copy(office: Office) -> None:
    heard = said(office, kind="sticker", file=PHOTO)
    office.deliver()
    correcting.correct(office.session, replace(heard, file=OTHER), now=NOW)
    note, copy = office.owed(MENTORS[0])[-2:]
    assert (note.card, copy.method) == ("corrected", "copyMessage")
    assert note.priority == copy.priority
    assert note.reply_message == copy.reply_message == heard.message_id


def test_where_telegram_refuses_the_edit_the_same_note_is_sent(office: Office) -> None:
    heard = said(office)
    office.deliver()
    correcting.correct(office.session, replace(heard, text="400T"), now=NOW)
    (change,) = changes(office)
    correcting.edit_refused(office.session, change, now=NOW)
    assert office.cards(MENTORS[0])[-2:] == ["corrected", "copyMessage"]
    assert office.copies(MENTORS[0])[-1] == heard.message_id


def test_a_message_that_says_the_same_is_no_edit(office: Office) -> None:
    heard = said(office)
    correcting.correct(office.session, heard, now=NOW)
    assert changes(office) == []
    assert office.session.exec(select(MessageVersion)).all() == []


def test_what_waits_for_a_mentor_is_carried_in_its_newest_version(office: Office) -> None:
    number = office.ask()
    office.send(number)
    heard = office.heard(ASKER, "380T")
    talking.relay(office.session, heard, number, now=NOW)
    correcting.correct(office.session, replace(heard, text="400T"), now=NOW)
    assert changes(office) == []
    offer = office.offer(number)
    accepting.accept(office.session, MENTORS[0], offer.id or 0, now=NOW)
    assert office.copies(MENTORS[0]) == [heard.message_id]
    assert office.session.exec(select(Message.text)).one() == "400T"


def test_an_edit_before_its_writer_said_where_it_belongs_is_kept(office: Office) -> None:
    first, _ = office.talk(0), office.talk(1)
    heard = office.heard(ASKER, "380T")
    talking.park(office.session, heard, now=NOW)
    correcting.correct(office.session, replace(heard, text="400T"), now=NOW)
    parked = office.session.exec(select(Parked)).one()
    assert parked.text == "400T"
    talking.settle(office.session, ASKER, parked.id or 0, first, now=NOW)
    assert office.session.exec(select(Message.text)).one() == "400T"


def test_an_edit_after_closing_is_refused_in_words(office: Office) -> None:
    heard = said(office)
    number = office.session.exec(select(Message.consultation_id)).one()
    closing.settle(office.session, ASKER, number, True, now=NOW)
    with office.refuses("closed_edit", consultation=number):
        correcting.correct(office.session, replace(heard, text="400T"), now=NOW)


def test_whoever_edits_their_question_is_told_how_a_question_is_changed(office: Office) -> None:
    number = office.ask()
    asked = office.consultation(number).asked_message
    correcting.correct(office.session, Heard(ASKER, asked, "text", "改了"), now=NOW)
    assert office.last(ASKER, "notice")["code"] == "edit_draft"
    office.send(number)
    correcting.correct(office.session, Heard(ASKER, asked, "text", "又改了"), now=NOW)
    assert office.last(ASKER, "notice")["code"] == "edit_sent"
    assert "改了" not in office.consultation(number).forwarded


def test_an_edit_of_what_was_never_carried_goes_nowhere(office: Office) -> None:
    office.talk()
    before = len(office.owed(MENTORS[0]))
    correcting.correct(office.session, Heard(ASKER, 4, "text", "x"), now=NOW)
    correcting.correct(office.session, Heard(9999, 4, "text", "x"), now=NOW)
    assert len(office.owed(MENTORS[0])) == before


def test_a_live_location_is_carried_once_and_not_with_every_move(office: Office) -> None:
    heard = said(office, kind="location")
    correcting.correct(office.session, replace(heard, text="x"), now=NOW)
    assert office.copies(MENTORS[0]) == [heard.message_id]
    assert changes(office) == []


def test_an_edit_of_a_message_held_for_an_absent_reader_waits_with_it(office: Office) -> None:
    heard = said(office)
    copy = office.owed(MENTORS[0])[-1]
    copy.state = DeliveryState.HELD
    office.session.add(copy)
    correcting.correct(office.session, replace(heard, text="400T"), now=NOW)
    assert len(changes(office)) == 1


def test_a_withdrawn_question_ends_what_was_written_to_it(office: Office) -> None:
    number = office.ask()
    office.send(number)
    heard = office.heard(ASKER, "380T")
    talking.relay(office.session, heard, number, now=NOW)
    offering.withdraw(office.session, ASKER, number, now=NOW)
    with office.refuses("closed_edit", consultation=number):
        correcting.correct(office.session, replace(heard, text="400T"), now=NOW)
