"""Every kind of message goes both ways with what belongs to it; what can't is answered."""

from typing import Any

import pytest
from sqlmodel import select

from bot.delivery.albums import PATIENCE
from bot.delivery.tables import Delivery
from bot.desk import accepting, copying, talking
from bot.desk.copying import FETCHED_LIMIT
from bot.desk.tables import Message
from bot.handlers.reading import KINDS
from tests.bot.desk.conftest import ASKER, MENTORS, NOW, Office

FILE = {"id": "f1", "unique_id": "u1"}
QUOTE = {"text": "什么合金？", "position": 2, "is_manual": True}
BOLD = {"type": "bold", "offset": 0, "length": 2}
CARRIED = sorted({*KINDS, "text", "other"} - set(copying.NOT_COPIED))


def copies(office: Office, chat_id: int = MENTORS[0]) -> list[Delivery]:
    return [one for one in office.owed(chat_id) if one.method == "copyMessage"]


@pytest.mark.parametrize("kind", CARRIED)
def test_every_kind_is_carried_both_ways(office: Office, kind: str) -> None:
    number = office.talk()
    for writer, reader in ((ASKER, MENTORS[0]), (MENTORS[0], ASKER)):
        heard = office.heard(writer, "", kind=kind)
        talking.relay(office.session, heard, number, now=NOW)
        assert office.copies(reader)[-1] == heard.message_id


@pytest.mark.parametrize(("kind", "code"), copying.NOT_COPIED.items())
def test_what_telegram_lets_no_bot_copy_is_answered_and_not_recorded(
    office: Office, kind: str, code: str
) -> None:
    number = office.talk()
    heard = office.heard(ASKER, "", kind=kind)
    with office.refuses(code):
        talking.relay(office.session, heard, number, now=NOW)
    with office.refuses(code):
        talking.park(office.session, heard, now=NOW)
    assert copies(office) == []


def test_what_was_said_is_kept_with_its_formatting_file_and_quote(office: Office) -> None:
    heard = office.heard(
        ASKER, "断口", kind="photo", entities=(BOLD,), file=FILE, quote=QUOTE, reply_to=4
    )
    talking.relay(office.session, heard, office.talk(), now=NOW)
    kept = office.session.exec(select(Message)).one()
    assert (kept.text, kept.entities, kept.file, kept.quote) == ("断口", [BOLD], FILE, QUOTE)
    assert copying.heard_again(kept) == heard


def test_the_words_somebody_chose_to_answer_go_with_the_reply(office: Office) -> None:
    number = office.talk()
    for quote in (QUOTE, {**QUOTE, "is_manual": False}):
        heard = office.heard(ASKER, reply_to=4, quote=quote)
        talking.relay(office.session, heard, number, now=NOW)
    chosen, not_chosen = copies(office)
    assert chosen.values == {"quote": {"quote": "什么合金？", "quote_position": 2}}
    assert not_chosen.values == {}
    assert chosen.reply_message == not_chosen.reply_message == 4


def album(office: Office, size: int = 2, **more: Any) -> list[Any]:
    files = [{"id": f"f{n}", "unique_id": f"u{n}"} for n in range(size)]
    return [office.heard(ASKER, "", kind="photo", album="9", file=one, **more) for one in files]


def test_parts_of_an_album_are_owed_as_such_and_wait_for_each_other(office: Office) -> None:
    number = office.talk()
    for part in album(office):
        talking.relay(office.session, part, number, now=NOW)
    assert {(one.album, one.not_before) for one in copies(office)} == {("9", NOW + PATIENCE)}


def test_an_album_that_replies_knows_its_files(office: Office) -> None:
    number = office.talk()
    for part in album(office, reply_to=4):
        talking.relay(office.session, part, number, now=NOW)
    media = [one.values["media"] for one in copies(office)]
    assert media == [{"type": "photo", "media": f"f{n}", "caption": ""} for n in range(2)]


def test_an_album_that_could_belong_to_two_is_asked_about_once_and_goes_whole(
    office: Office,
) -> None:
    first, _ = office.talk(0), office.talk(1)
    *early, late = album(office, 3)
    for part in early:
        talking.park(office.session, part, now=NOW)
    assert office.cards(ASKER).count("which") == 1
    parked = office.last(ASKER, "which")["parked"]
    talking.settle(office.session, ASKER, parked, first, now=NOW)
    talking.park(office.session, late, now=NOW)  # it came after the answer
    assert office.cards(ASKER).count("which") == 1
    wanted = [part.message_id for part in (*early, late)]
    assert [(one.source_message, one.album) for one in copies(office)] == [
        (message, "9") for message in wanted
    ]


def test_an_album_that_waits_for_a_mentor_is_said_to_be_kept_once_and_goes_whole(
    office: Office,
) -> None:
    number = office.ask()
    office.send(number)
    parts = album(office, 3)
    for part in parts:
        talking.relay(office.session, part, number, now=NOW)
    kept = [one for one in office.owed(ASKER) if one.values.get("code") == "kept_until_accepted"]
    assert len(kept) == 1
    accepting.accept(office.session, MENTORS[0], office.offer(number).id or 0, now=NOW)
    assert [one.album for one in copies(office)] == ["9"] * 3


def test_a_file_too_large_to_be_fetched_is_passed_on_and_its_writer_knows(office: Office) -> None:
    number = office.talk()
    for size in (FETCHED_LIMIT, FETCHED_LIMIT + 1):
        heard = office.heard(ASKER, "", kind="document", file={**FILE, "size": size})
        talking.relay(office.session, heard, number, now=NOW)
    assert len(copies(office)) == 2
    (note,) = [one for one in office.owed(ASKER) if one.values.get("code") == "too_large_to_keep"]
    assert note.reply_message == heard.message_id
