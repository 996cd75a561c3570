"""Questions asked by other means than words: pictures, files, voices, what is forwarded."""

from dataclasses import replace
from typing import Any

import pytest

from bot.desk import accepting, asking, choosing, correcting, following, offering, wordless
from bot.desk.enclosing import MOST_ENCLOSED, enclosed_in
from bot.desk.tables import Awaiting, Consultation, Stage
from bot.desk.views import Draft, Enclosed, Found, Heard
from bot.desk.withholding import leave_out
from tests.bot.desk.conftest import ASKER, DAY, MENTORS, NOW, QUESTION, Office

FITS = [Found("expert-0", 0.9, "strong", "证据")]
FILE = {"id": "f1", "unique_id": "u1", "name": "图纸.pdf"}


def pictured(office: Office, text: str = QUESTION, kind: str = "photo", **more: Any) -> Heard:
    return replace(office.heard(ASKER, text, kind=kind), file=FILE, **more)


def ask(office: Office, heard: Heard) -> Consultation:
    number = asking.ask(office.session, heard, FITS, now=NOW)
    return office.consultation(number)


def accept(office: Office, asked: Consultation) -> None:
    offer = office.offer(asked.id or 0)
    accepting.accept(office.session, MENTORS[0], offer.id or 0, now=NOW)


def send(office: Office, asked: Consultation) -> None:
    """To the first mentor, who accepts."""
    office.send(asked.id or 0)
    accept(office, asked)


def copies(office: Office, chat_id: int) -> list[tuple[int | None, dict[str, Any]]]:
    return [
        (owed.source_message, owed.values)
        for owed in office.owed(chat_id)
        if owed.method == "copyMessage"
    ]


def test_a_picture_with_a_caption_goes_along_without_it_to_whoever_accepts(office: Office) -> None:
    heard = pictured(office)
    asked = ask(office, heard)
    assert (asked.question, asked.forwarded) == (QUESTION, QUESTION)
    office.send(asked.id or 0)
    assert copies(office, MENTORS[0]) == []  # nobody sees it before accepting
    assert office.last(MENTORS[0], "offer")["enclosed"] == 1
    accept(office, asked)
    assert copies(office, MENTORS[0]) == [(heard.message_id, {"caption": ""})]


def test_the_preview_names_what_goes_along_and_its_asker_can_leave_it_out(office: Office) -> None:
    asked = ask(office, pictured(office, kind="document"))
    candidate = asking.candidates_of(office.session, asked.id or 0)[0]
    choosing.choose(office.session, ASKER, candidate.id or 0, now=NOW)
    shown = office.last(ASKER, "preview")
    assert shown["enclosed"] == [{"kind": "document", "name": "图纸.pdf"}]
    leave_out(office.session, ASKER, asked.id or 0, now=NOW)
    again = office.last(ASKER, "preview")
    assert again["enclosed"] == []
    with office.refuses("preview_old"):
        offering.confirm(office.session, ASKER, asked.id or 0, shown["seen"], DAY, now=NOW)
    send(office, asked)
    assert copies(office, MENTORS[0]) == []


def test_nobody_else_leaves_out_what_goes_along(office: Office) -> None:
    asked = ask(office, pictured(office))
    with office.refuses("not_yours"):
        leave_out(office.session, MENTORS[0], asked.id or 0, now=NOW)


def test_a_file_added_after_the_preview_makes_it_old(office: Office) -> None:
    asked = ask(office, office.heard(ASKER, QUESTION))
    candidate = asking.candidates_of(office.session, asked.id or 0)[0]
    choosing.choose(office.session, ASKER, candidate.id or 0, now=NOW)
    seen = office.last(ASKER, "preview")["seen"]
    wordless.keep(office.session, pictured(office, ""), now=NOW)
    with office.refuses("preview_old"):
        offering.confirm(office.session, ASKER, asked.id or 0, seen, DAY, now=NOW)


@pytest.mark.parametrize("kind", ["photo", "voice", "video_note", "document"])
def test_what_has_no_words_is_kept_until_some_come_and_goes_along(
    office: Office, kind: str
) -> None:
    sent = pictured(office, "", kind)
    wordless.keep(office.session, sent, now=NOW)
    notice = office.last(ASKER, "notice")
    assert notice["code"] == "words_wanted"
    assert office.awaiting(ASKER) is Awaiting.WORDS
    words = office.heard(ASKER, "压铸 气孔")
    assert following.draft_of(office.session, words) is None
    asked = ask(office, words)
    assert office.awaiting(ASKER) is Awaiting.NOTHING
    assert enclosed_in(office.session, asked.id or 0) == (Enclosed(kind, "图纸.pdf"),)
    send(office, asked)
    assert [number for number, _ in copies(office, MENTORS[0])] == [sent.message_id]


def test_a_sticker_says_nothing_of_a_problem(office: Office) -> None:
    with office.refuses("only_media"):
        wordless.keep(office.session, pictured(office, "", "sticker"), now=NOW)


def test_an_album_without_words_asks_for_them_once_and_goes_along_whole(office: Office) -> None:
    parts = [pictured(office, "", album="a") for _ in range(3)]
    for part in parts:
        wordless.keep(office.session, part, now=NOW)
    codes = [owed.values["code"] for owed in office.owed(ASKER) if owed.card == "notice"]
    assert codes == ["words_wanted"]
    asked = ask(office, office.heard(ASKER, QUESTION))
    send(office, asked)
    assert [number for number, _ in copies(office, MENTORS[0])] == [p.message_id for p in parts]
    owed = [one.album for one in office.owed(MENTORS[0]) if one.method == "copyMessage"]
    assert owed == ["a"] * 3


def test_the_parts_of_an_album_follow_the_one_with_the_words(office: Office) -> None:
    asked = ask(office, pictured(office, album="a"))
    late = pictured(office, "", album="a")
    assert wordless.is_part(office.session, late)
    wordless.take_part(office.session, late, now=NOW)
    assert len(enclosed_in(office.session, asked.id or 0)) == 2
    assert not wordless.is_part(office.session, pictured(office, "", album="b"))


def test_a_part_that_comes_once_somebody_has_accepted_reaches_them(office: Office) -> None:
    asked = ask(office, pictured(office, album="a"))
    send(office, asked)
    late = pictured(office, "", album="a")
    wordless.take_part(office.session, late, now=NOW)
    assert copies(office, MENTORS[0])[-1][0] == late.message_id


def test_a_file_goes_along_with_the_question_that_is_being_asked(office: Office) -> None:
    asked = ask(office, office.heard(ASKER, QUESTION))
    wordless.keep(office.session, pictured(office, ""), now=NOW)
    assert office.awaiting(ASKER) is Awaiting.NOTHING
    assert len(enclosed_in(office.session, asked.id or 0)) == 1
    assert office.last(ASKER, "notice")["code"] == "enclosed"


def test_more_files_than_a_question_takes_are_refused_in_words(office: Office) -> None:
    ask(office, office.heard(ASKER, QUESTION))
    for _ in range(MOST_ENCLOSED):
        wordless.keep(office.session, pictured(office, ""), now=NOW)
    with office.refuses("enclosed_enough", limit=MOST_ENCLOSED):
        wordless.keep(office.session, pictured(office, ""), now=NOW)


def test_what_was_read_in_a_file_is_searched_by_and_not_forwarded(office: Office) -> None:
    asked = ask(office, pictured(office, kind="document", read="合同金额三百万"))
    assert asked.forwarded == QUESTION
    assert asked.file_text == "合同金额三百万"
    again = following.draft_of(office.session, office.heard(ASKER, "那怎么办？"))
    assert again is not None
    assert again.read == "合同金额三百万"
    assert office.last(ASKER, "notice")["code"] == "read_and_enclosed"


def test_why_a_file_was_not_read_is_said_and_it_goes_along_all_the_same(office: Office) -> None:
    asked = ask(office, pictured(office, kind="document", unread="unread_locked"))
    codes = [owed.values["code"] for owed in office.owed(ASKER) if owed.card == "notice"]
    assert codes == ["unread_locked", "enclosed"]
    assert len(enclosed_in(office.session, asked.id or 0)) == 1


def test_an_edited_caption_changes_neither_the_question_nor_what_goes_along(
    office: Office,
) -> None:
    heard = pictured(office)
    asked = ask(office, heard)
    send(office, asked)
    correcting.correct(office.session, replace(heard, text="secret"), now=NOW)
    assert office.last(ASKER, "notice")["code"] == "edit_sent"
    assert [owed.method for owed in office.owed(MENTORS[0]) if owed.method] == ["copyMessage"]


def test_what_came_with_a_turn_that_was_a_question_of_its_own_goes_with_it(
    office: Office,
) -> None:
    first = ask(office, office.heard(ASKER, QUESTION))
    turn = pictured(office, "夹具怎么设计")
    draft = Draft(first.id or 0, QUESTION, follows=True)
    following.follow(office.session, turn, draft, FITS, now=NOW)
    heard = Heard(ASKER, turn.message_id, "text", turn.text)
    following.part(office.session, heard, first.id or 0, 1, ([], []), now=NOW)
    new = (first.id or 0) + 1
    assert enclosed_in(office.session, first.id or 0) == ()
    assert len(enclosed_in(office.session, new)) == 1


def test_what_is_withdrawn_reaches_nobody(office: Office) -> None:
    asked = ask(office, pictured(office))
    office.send(asked.id or 0)
    offering.withdraw(office.session, ASKER, asked.id or 0, now=NOW)
    assert asked.stage is Stage.WITHDRAWN
    assert all(copies(office, chat) == [] for chat in MENTORS)
