"""Silent talks: a warning first, and never closed over the head of a mentor who owes an answer."""

from datetime import datetime, timedelta

import pytest

from bot.desk import closing, reopening, silence, talking
from bot.desk.silence import Patience
from bot.desk.tables import Stage
from tests.bot.desk.conftest import ADMIN, ASKER, DAY, MENTORS, NOW, Office

PATIENCE = Patience(quiet=timedelta(days=7), warned=timedelta(days=3))
WARNED = NOW + timedelta(days=7)
OVER = NOW + timedelta(days=10)


def turn(office: Office, now: datetime) -> None:
    silence.end_silences(office.session, PATIENCE, now=now)


@pytest.fixture
def answered(office: Office) -> int:
    """A talk in which the mentor had the last word."""
    number = office.talk()
    talking.relay(office.session, office.heard(MENTORS[0], "先查排气"), number, now=NOW)
    return number


def test_the_asker_is_warned_first_and_it_is_closed_later(office: Office, answered: int) -> None:
    turn(office, WARNED - timedelta(seconds=1))
    assert "quiet" not in office.cards(ASKER)
    turn(office, WARNED)
    turn(office, WARNED)  # as every turn does
    assert office.cards(ASKER).count("quiet") == 1
    assert office.last(ASKER, "quiet")["until"] == OVER.isoformat()
    turn(office, OVER - timedelta(seconds=1))
    assert office.consultation(answered).stage is Stage.ACTIVE
    turn(office, OVER)
    assert office.consultation(answered).stage is Stage.SILENT
    assert office.cards(ASKER)[-1] == "fell_silent"
    assert office.last(MENTORS[0], "closed_mentor")["solved"] is None
    turn(office, OVER + DAY)
    assert office.cards(ASKER).count("fell_silent") == 1


def test_keep_open_begins_the_silence_anew(office: Office, answered: int) -> None:
    turn(office, WARNED)
    silence.keep_open(office.session, ASKER, answered, now=WARNED)
    slots = {owed.card: owed.slot for owed in office.owed(ASKER)}
    assert slots["kept_open"] == slots["quiet"]
    turn(office, WARNED + timedelta(days=6))
    assert office.cards(ASKER).count("quiet") == 1
    turn(office, WARNED + timedelta(days=7))
    assert office.cards(ASKER).count("quiet") == 2
    turn(office, WARNED + timedelta(days=10))
    assert office.consultation(answered).stage is Stage.SILENT


def test_a_word_makes_the_warning_void(office: Office, answered: int) -> None:
    turn(office, WARNED)
    talking.relay(office.session, office.heard(MENTORS[0], "还在吗"), answered, now=WARNED + DAY)
    turn(office, OVER + DAY)
    assert office.consultation(answered).stage is Stage.ACTIVE


@pytest.mark.parametrize("asked", [False, True])
def test_where_the_mentor_owes_an_answer_the_admins_are_told_and_it_stays_open(
    office: Office, asked: bool
) -> None:
    number = office.talk()  # the question itself waits for an answer
    if asked:
        talking.relay(office.session, office.heard(ASKER, "在吗"), number, now=NOW)
    turn(office, WARNED)
    assert office.cards(MENTORS[0])[-1] == "answer_owed"
    assert "quiet" not in office.cards(ASKER)
    for days in (10, 11, 60):
        turn(office, NOW + timedelta(days=days))
        assert office.consultation(number).stage is Stage.ACTIVE
    assert office.cards(ADMIN).count("unanswered") == 1
    assert office.cards(ASKER).count("still_unanswered") == 1


def test_without_an_admin_to_tell_it_waits_until_there_is_one(office: Office) -> None:
    number = office.talk()
    office.block(ADMIN)
    turn(office, WARNED)
    turn(office, OVER)
    assert "still_unanswered" not in office.cards(ASKER)
    office.join(402, "管理员二", "admin")
    turn(office, OVER + DAY)
    assert "unanswered" in office.cards(402)
    assert office.consultation(number).stage is Stage.ACTIVE


def test_once_the_mentor_asked_whether_it_is_solved_the_asker_has_the_word(office: Office) -> None:
    number = office.talk()
    talking.relay(office.session, office.heard(ASKER, "在吗"), number, now=NOW)
    closing.say_answered(office.session, MENTORS[0], number, now=NOW)
    turn(office, WARNED)
    turn(office, OVER)
    assert office.consultation(number).stage is Stage.SILENT


def test_the_asker_can_still_say_how_it_ended_or_reopen(office: Office, answered: int) -> None:
    turn(office, WARNED)
    turn(office, OVER)
    with office.refuses("wrong_stage"):
        silence.keep_open(office.session, ASKER, answered, now=OVER)
    with office.refuses("wrong_stage"):  # nobody rates what they did not say a word on
        closing.rate(office.session, ASKER, answered, 5, now=OVER)
    closing.settle(office.session, ASKER, answered, True, now=OVER)
    slots = {owed.card: owed.slot for owed in office.owed(ASKER)}
    assert slots["rate"] == slots["fell_silent"]
    reopening.reopen(office.session, ASKER, answered, DAY, now=OVER)
    assert office.consultation(answered).stage is Stage.ACTIVE


def test_only_the_asker_keeps_it_open(office: Office, answered: int) -> None:
    with office.refuses("not_yours"):
        silence.keep_open(office.session, MENTORS[0], answered, now=WARNED)


def test_what_is_on_offer_or_closed_is_left_alone(office: Office) -> None:
    number = office.ask()
    office.send(number)
    other = office.talk(1)
    closing.settle(office.session, ASKER, other, True, now=NOW)
    assert silence.end_silences(office.session, PATIENCE, now=NOW + timedelta(days=99)) == 0
