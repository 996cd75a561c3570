"""Notes among those who answer a consultation reach nobody else."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from bot.cards.rights import as_json as mydata_json
from bot.cards.rights import as_page as mydata_page
from bot.cards.transcript import as_json, as_page, told
from bot.desk import breaking_glass, noting, queueing, routing, talking, transcribing, transferring
from bot.desk.rights.giving import held_about
from bot.desk.tables import InternalNote, Level, Offer, OfferedAs, OfferState
from tests.bot.desk.conftest import ADMIN, ASKER, DAY, LIAISON, MENTORS, NOW, Office

FIRST, SECOND, THIRD = MENTORS
SECRET = "对方预算只有八万，先别报价"


def note(office: Office, number: int, text: str = SECRET, chat_id: int = FIRST) -> None:
    noting.leave(office.session, office.heard(chat_id, f" #{number} {text}"), now=NOW)


def read(office: Office, number: int, chat_id: int = FIRST) -> list[str]:
    noting.show(office.session, chat_id, number, now=NOW)
    return [one["text"] for one in office.last(chat_id, "notes")["notes"]]


def hand_over(office: Office, number: int, chat_id: int) -> None:
    """By an admin, to who takes it on."""
    by = (office.people[chat_id], office.people[ADMIN], DAY, "换人", NOW)
    transferring.begin(office.session, office.consultation(number), *by)
    transfer = office.last(chat_id, "transfer_take")["transfer"]
    transferring.take(office.session, chat_id, transfer, now=NOW)


def offer(
    office: Office, number: int, chat_id: int, offered_as: OfferedAs, state: OfferState
) -> None:
    given: dict[str, Any] = {"offered_as": offered_as, "state": state, "offered_at": NOW}
    person = office.people[chat_id]
    office.session.add(Offer(consultation_id=number, person_id=person, **given))
    office.session.flush()


def test_a_note_is_kept_and_shown_to_its_mentor(office: Office) -> None:
    number = office.talk()
    note(office, number)
    assert read(office, number) == [SECRET]
    queueing.jump(office.session, FIRST, number, now=NOW)
    assert office.last(FIRST, "queue_talk")["notes"] == 1


def test_a_note_reaches_its_asker_by_no_way(office: Office) -> None:
    """Carried, transcribed in both forms, given out, looked at: none of it holds a word of it."""
    number = office.talk()
    talking.relay(office.session, office.heard(FIRST, "先查排气"), number, now=NOW)
    note(office, number)
    read(office, number)
    talking.relay(office.session, office.heard(ASKER, "好的"), number, now=NOW)
    values = told(transcribing.transcript_of(office.session, number), {}, {})
    breaking_glass.ask(office.session, ADMIN, f"#{number} 提问者投诉答复态度不好", now=NOW)
    look = office.last(ADMIN, "look_ask")["look"]
    breaking_glass.look(office.session, ADMIN, look, now=NOW)
    seen = [
        *(str(one.values) for chat in (ASKER, ADMIN) for one in office.owed(chat)),
        as_json(values),
        as_page(values, "zh", ZoneInfo("Asia/Shanghai")),
        mydata_json(held_about(office.session, ASKER, NOW)),
        mydata_page(held_about(office.session, ASKER, NOW)),
    ]
    assert "先查排气" in seen[-4]
    assert not [one for one in seen if SECRET in one]
    assert office.copies(ASKER)[-1] != 0
    assert len(office.copies(ASKER)) == 1


@pytest.mark.parametrize("stranger", [ASKER, SECOND, LIAISON, ADMIN])
def test_who_has_no_part_in_it_neither_reads_nor_writes_one(office: Office, stranger: int) -> None:
    number = office.talk()
    note(office, number)
    code = "for_mentors" if stranger == ASKER else "not_yours"
    with office.refuses(code):
        noting.show(office.session, stranger, number, now=NOW)
    with office.refuses(code):
        note(office, number, chat_id=stranger)
    with office.refuses("not_yours"):
        noting.show(office.session, FIRST, 999, now=NOW)


def test_an_asker_who_is_a_mentor_too_reads_none_of_their_own_question(office: Office) -> None:
    number = office.talk()
    note(office, number)
    office.give_role(ASKER, "mentor")
    offer(office, number, ASKER, OfferedAs.NEXT, OfferState.ACCEPTED)
    with office.refuses("not_yours"):
        noting.show(office.session, ASKER, number, now=NOW)


def test_the_new_mentor_and_the_one_before_read_it_and_the_new_one_is_told(
    office: Office,
) -> None:
    number = office.talk()
    note(office, number)
    hand_over(office, number, SECOND)
    assert office.last(SECOND, "note_left") == {"consultation": number, "count": 1}
    assert read(office, number, SECOND) == read(office, number, FIRST) == [SECRET]
    note(office, number, "我来跟进", SECOND)
    assert read(office, number, FIRST) == [SECRET, "我来跟进"]
    assert read(office, number, ADMIN) == [SECRET, "我来跟进"]


def test_what_somebody_else_notes_its_mentor_learns_of_without_the_words(office: Office) -> None:
    number = office.talk()
    offer(office, number, LIAISON, OfferedAs.LIAISON, OfferState.ESCALATED)
    note(office, number, chat_id=LIAISON)
    assert office.last(FIRST, "note_left") == {"consultation": number, "count": 1}


def test_of_what_is_under_an_undertaking_who_has_not_agreed_reads_none(office: Office) -> None:
    number = office.talk()
    note(office, number)
    office.consultation(number).level = Level.NDA
    office.session.flush()
    with office.refuses("not_yours"):
        noting.show(office.session, FIRST, number, now=NOW)


def test_a_reply_says_of_which_consultation_it_is(office: Office) -> None:
    number, _ = office.talk(), office.talk()
    heard = office.heard(ASKER, "补充一张图")
    talking.relay(office.session, heard, number, now=NOW)
    office.deliver()
    copy = next(one for one in office.owed(FIRST) if one.source_message == heard.message_id)
    said = office.heard(FIRST, SECRET, reply_to=copy.sent_message)
    noting.leave(office.session, said, now=NOW)
    assert read(office, number) == [SECRET]


def test_without_a_consultation_or_with_two_nothing_is_kept(office: Office) -> None:
    number, other = office.talk(), office.talk()
    office.deliver()
    card = office.shown(FIRST, "accepted_mentor")
    with office.refuses("note_how"):
        noting.leave(office.session, office.heard(FIRST, SECRET), now=NOW)
    with office.refuses("note_which", consultation=other, number=number):
        said = office.heard(FIRST, f"#{number} {SECRET}", reply_to=card)
        noting.leave(office.session, said, now=NOW)
    with office.refuses("note_long"):
        note(office, number, "长" * 1001)
    assert office.session.exec(select(InternalNote)).all() == []


def test_a_reply_to_notes_is_carried_to_nobody(office: Office) -> None:
    number = office.talk()
    note(office, number)
    read(office, number)
    for card in noting.CARDS[:2]:
        office.deliver()
        shown = office.shown(FIRST, card)
        with office.refuses("note_reply"):
            said = office.heard(FIRST, "同意", reply_to=shown, quote={"text": SECRET})
            routing.route(office.session, said)
        said = office.heard(FIRST, "再补一条", reply_to=shown)
        noting.leave(office.session, said, now=NOW)
    assert read(office, number) == [SECRET, "再补一条", "再补一条"]


def test_a_card_holds_the_newest_and_counts_the_rest(office: Office) -> None:
    number = office.talk()
    for place in range(5):
        note(office, number, f"{place}" + "长" * 900)
    assert [text[0] for text in read(office, number)] == ["2", "3", "4"]
    assert office.last(FIRST, "notes")["more"] == 2


def test_a_note_without_a_number_is_of_the_only_talk_there_is(office: Office) -> None:
    number = office.talk()
    noting.leave(office.session, office.heard(FIRST, SECRET), now=NOW)
    assert read(office, number) == [SECRET]
    office.talk()
    with office.refuses("note_how"):
        noting.leave(office.session, office.heard(FIRST, SECRET), now=NOW)
    with office.refuses("note_how"):
        noting.leave(office.session, office.heard(SECOND, SECRET), now=NOW)
