"""What was said is found again by whoever said or read it, and by nobody else."""

from datetime import timedelta
from typing import Any

import pytest

from bot.desk import noting, recalling, removing, talking, transferring
from bot.desk.recalling import HitsView
from bot.desk.rights import erasing
from bot.handlers.tooling import folded
from tests.bot.desk.conftest import ADMIN, ASKER, DAY, LIAISON, MENTORS, NOW, Office

FIRST, SECOND, THIRD = MENTORS
HOUR = timedelta(hours=1)


def find(office: Office, chat_id: int, typed: str) -> HitsView:
    office.session.flush()
    return recalling.look_for(office.session, chat_id, typed, folded)


def lines(office: Office, chat_id: int, typed: str) -> list[str]:
    return [hit.line for hit in find(office, chat_id, typed).hits]


def say(office: Office, chat_id: int, number: int, text: str, hours: int = 0) -> Any:
    heard = office.heard(chat_id, text)
    talking.relay(office.session, heard, number, now=NOW + hours * HOUR)
    office.deliver()
    return heard


@pytest.fixture
def number(office: Office) -> int:
    made = office.talk()
    say(office, ASKER, made, "浇口速度要多少", 1)
    say(office, FIRST, made, "先把浇口速度提到45 m/s", 2)
    return made


def test_both_sides_find_what_either_wrote_newest_first(office: Office, number: int) -> None:
    for chat_id, mine in ((ASKER, [False, True]), (FIRST, [True, False])):
        hits = find(office, chat_id, "浇口").hits
        assert [hit.line for hit in hits] == ["先把浇口速度提到45 m/s", "浇口速度要多少"]
        assert [hit.mine for hit in hits] == mine
        assert {hit.consultation for hit in hits} == {number}


@pytest.mark.parametrize("stranger", [SECOND, LIAISON, ADMIN])
def test_nobody_finds_anothers(office: Office, number: int, stranger: int) -> None:
    view = find(office, stranger, "浇口")
    assert (view.hits, view.looked) == ((), 0)
    hit = find(office, FIRST, "浇口").hits[0]
    for message in (hit.message, 0):
        with office.refuses("find_gone"):
            recalling.show(office.session, stranger, number, message, now=NOW)


def test_who_was_only_offered_it_finds_nothing(office: Office) -> None:
    office.send(office.ask())
    assert lines(office, FIRST, "气孔") == []
    assert len(lines(office, ASKER, "气孔")) == 1


@pytest.mark.parametrize("typed", ["ＡＢＳ－４５ 澆口", "abs-45 浇口", "  浇口   ABS-45 ", "Abs"])
def test_width_case_and_script_make_no_difference(office: Office, typed: str) -> None:
    say(office, FIRST, office.talk(), "浇口用ABS-45料")
    assert lines(office, ASKER, typed) == ["浇口用ABS-45料"]
    assert lines(office, ASKER, f"{typed} 没有这个词") == []


def test_what_was_taken_back_is_not_found(office: Office, number: int) -> None:
    heard = say(office, FIRST, number, "这句话说错了")
    assert len(lines(office, ASKER, "说错了")) == 1
    removing.remove(office.session, FIRST, heard.message_id, now=NOW)
    assert lines(office, ASKER, "说错了") == lines(office, FIRST, "说错了") == []


def test_what_was_erased_is_not_found(office: Office, number: int) -> None:
    assert len(lines(office, FIRST, "速度要多少")) == 1
    erasing.forget(office.session, ASKER, int(NOW.timestamp()), DAY, now=NOW)
    assert lines(office, FIRST, "速度要多少") == []


def test_who_was_there_before_finds_what_they_read_and_nothing_after(
    office: Office, number: int
) -> None:
    by = (office.people[SECOND], office.people[ADMIN], DAY, "换人", NOW)
    transferring.begin(office.session, office.consultation(number), *by)
    transfer = office.last(SECOND, "transfer_take")["transfer"]
    transferring.take(office.session, SECOND, transfer, now=NOW)
    say(office, SECOND, number, "浇口的事以后由我答复", 3)
    assert len(lines(office, SECOND, "浇口")) == 3
    assert lines(office, FIRST, "浇口") == ["先把浇口速度提到45 m/s", "浇口速度要多少"]


def test_notes_are_found_by_nobody(office: Office, number: int) -> None:
    noting.leave(office.session, office.heard(FIRST, f"#{number} 预算八万"), now=NOW)
    assert lines(office, ASKER, "预算") == lines(office, FIRST, "预算") == []


def test_a_hit_is_shown_in_answer_to_its_message(office: Office, number: int) -> None:
    hit = find(office, ASKER, "45 m/s").hits[0]
    recalling.show(office.session, ASKER, number, hit.message, now=NOW)
    card = office.owed(ASKER)[-1]
    assert (card.card, card.thread, card.reply_chat) == ("found_one", number, FIRST)
    assert card.values["text"] == "先把浇口速度提到45 m/s"
    assert card.values["going"]


def test_a_question_is_shown_to_both(office: Office, number: int) -> None:
    for chat_id in (ASKER, FIRST):
        (hit,) = find(office, chat_id, "气孔").hits
        recalling.show(office.session, chat_id, number, hit.message, now=NOW)
        assert "气孔" in office.last(chat_id, "found_one")["text"]


def test_it_looks_so_far_and_says_how_far(
    office: Office, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in range(7):
        say(office, FIRST, number, f"第{place}句", 3 + place)
    monkeypatch.setattr(recalling, "BATCH", 2)
    monkeypatch.setattr(recalling, "MESSAGES", 5)
    view = find(office, FIRST, "浇口")
    assert (view.hits, view.looked, view.back_to) == ((), 6, NOW + 5 * HOUR)
    monkeypatch.setattr(recalling, "MESSAGES", 50)
    view = find(office, FIRST, "浇口")
    assert (len(view.hits), view.looked, view.back_to) == (2, 10, None)
    assert len(find(office, FIRST, "第 句").hits) == recalling.SHOWN


def test_a_long_message_is_cut_around_the_word(office: Office) -> None:
    say(office, FIRST, office.talk(), "前" * 100 + "排气槽" + "后" * 100)
    (line,) = lines(office, ASKER, "排气槽")
    assert line == "…" + "前" * 40 + "排气槽" + "后" * 40 + "…"


@pytest.mark.parametrize("typed", ["", "  ", "气"])
def test_without_words_it_is_said_how(office: Office, typed: str) -> None:
    with office.refuses("find_how"):
        find(office, ASKER, typed)
