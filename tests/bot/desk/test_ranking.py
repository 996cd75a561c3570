"""People are ranked by relevance and by reasons that are shown; conflicts are no matter of rank."""

from datetime import timedelta

import pytest
from sqlmodel import select

from bot.desk import choosing
from bot.desk.ranking import CAPACITY, OF_ONE_HOME, WEIGHTS, reasons_for
from bot.desk.records import PRIOR, UNKNOWN, Record
from bot.desk.tables import Consultation, Offer, OfferedAs, OfferState, Stage
from knowledge.tables import Person
from knowledge.views import Bond
from tests.bot.desk.conftest import ADMIN, ASKER, LIAISON, MENTORS, NOW, Office
from tests.bot.desk.test_asking import ask, found

HOUR = timedelta(hours=1)


def names(office: Office) -> list[str]:
    return [line["person"]["zh"] for line in office.last(ASKER, "shortlist")["candidates"]]


def reasons(office: Office, place: int = 0) -> list[str]:
    line = office.last(ASKER, "shortlist")["candidates"][place]
    return [reason["name"] for reason in line["reasons"]]


def settle_home(office: Office, mentor: int, home: int) -> None:
    office.session.get_one(Person, office.people[MENTORS[mentor]]).organisation_id = home
    office.session.flush()


def offered(office: Office, mentor: int, state: str, hours: float = 1, reason: str = "") -> None:
    """An offer of a consultation of the asker's enterprise, made two days ago."""
    offered_in(office, MENTORS[mentor], state, hours, reason)


def offered_in(
    office: Office, chat_id: int, state: str, hours: float = 1, reason: str = ""
) -> None:
    asked = NOW - 48 * HOUR
    kept = Consultation(
        asker_id=office.people[ASKER],
        enterprise_id=office.enterprise,
        question="旧问",
        forwarded="旧问",
        asked_message=1,
        stage=Stage.RESOLVED,
        asked_at=asked,
    )
    office.session.add(kept)
    office.session.flush()
    ended = None if state == "open" else asked + hours * HOUR
    office.session.add(
        Offer(
            consultation_id=kept.id or 0,
            person_id=office.people[chat_id],
            offered_as=OfferedAs.CHOSEN,
            state=OfferState(state),
            reason=reason,
            offered_at=asked,
            ended_at=ended,
        )
    )
    office.session.flush()


def test_an_appointed_mentor_passes_a_comparable_one_and_the_card_says_why(office: Office) -> None:
    office.appoint(1)
    ask(office, found("expert-0", 0.80), found("expert-1", 0.79))
    assert names(office) == ["导师1", "导师0"]
    assert (reasons(office, 0), reasons(office, 1)) == (["appointed"], [])


def test_no_reason_puts_a_weaker_match_first(office: Office) -> None:
    office.appoint(1)
    ask(office, found("expert-0", 0.80, "strong"), found("expert-1", 0.80, "weak"))
    assert names(office) == ["导师0", "导师1"]


def test_no_reasons_pass_somebody_who_fits_better_by_a_fifth() -> None:
    best = reasons_for(Bond("expert", 1, 1, True, True, True), Record(0, 1.0, 1))
    worst = reasons_for(Bond("expert", 1, 1, False, False, False), Record(99, 0.0, 99))
    high = 1 + sum(reason.gain for reason in best)
    low = 1 + sum(reason.gain for reason in worst)
    assert high <= 1.1 + 1e-9
    assert 0.8 * high < low
    assert len(best) == len(WEIGHTS)


def test_a_newcomer_has_no_term_from_a_record() -> None:
    assert reasons_for(Bond("expert", 1, 1, False, False, False), UNKNOWN) == ()


def test_somebody_of_the_same_province_is_preferred_among_equals(office: Office) -> None:
    settle_home(office, 1, office.enterprise_named("浙大", region="浙江"))
    ask(office, found("expert-0", 0.8), found("expert-1", 0.8))
    assert names(office)[0] == "导师1"
    assert reasons(office) == ["same_region"]


def test_who_answers_soon_is_preferred_and_who_lets_offers_lapse_is_not(office: Office) -> None:
    offered(office, 1, "accepted", hours=2)
    for _ in range(PRIOR):
        offered(office, 0, "expired", hours=24)
    ask(office, *(found(f"expert-{number}", 0.8) for number in range(3)))
    assert names(office) == ["导师1", "导师2", "导师0"]
    assert [reasons(office, place) for place in range(3)] == [["answers"], [], ["slow"]]


def test_a_busy_mentor_is_shown_as_busy_and_can_still_be_chosen(office: Office) -> None:
    for _ in range(CAPACITY):
        offered(office, 0, "open")
    number = ask(office, found("expert-0", 0.8), found("expert-1", 0.8))
    assert names(office) == ["导师1", "导师0"]
    assert reasons(office, 1) == ["busy"]
    office.send(number, 0)
    assert office.offer(number).person_id == office.people[MENTORS[0]]


def test_that_a_mentor_is_busy_is_said_before_sending_and_after_as_it_is_then(
    office: Office,
) -> None:
    number = office.ask()
    for _ in range(CAPACITY - 1):
        offered(office, 0, "open")
    office.choose(number)
    assert office.last(ASKER, "preview")["busy"] == 0
    offered(office, 0, "open")
    office.choose(number)
    assert office.last(ASKER, "preview")["busy"] == CAPACITY
    office.confirm(number)
    assert office.last(ASKER, "sent")["busy"] == CAPACITY


def test_their_own_question_does_not_make_a_mentor_busy(office: Office) -> None:
    for _ in range(CAPACITY - 1):
        offered(office, 0, "open")
    office.send(office.ask())
    assert office.last(ASKER, "sent")["busy"] == 0


def test_who_declared_a_conflict_since_the_shortlist_is_passed_over_and_it_is_said(
    office: Office,
) -> None:
    number = office.ask()
    office.choose(number)
    offered(office, 0, "declined", reason="conflict")
    offered(office, 1, "declined", reason="conflict")
    office.confirm(number)
    assert office.offer(number).person_id == office.people[MENTORS[2]]
    assert office.last(ASKER, "sent")["why"] == "cannot"


def test_a_conflict_holds_for_the_own_mentor_the_liaison_and_admins_too(office: Office) -> None:
    office.appoint(0)
    office.dispatch()
    number = office.ask(found=0)
    choosing.choose_own(office.session, ASKER, number, now=NOW)
    offered(office, 0, "declined", reason="conflict")
    offered_in(office, LIAISON, "declined", reason="conflict")
    offered_in(office, ADMIN, "declined", reason="conflict")
    office.confirm(number)
    held = select(Offer).where(Offer.consultation_id == number)
    assert office.session.exec(held).all() == []
    assert office.cards(ASKER)[-1] == "nobody_yet"


@pytest.mark.parametrize(("reason", "left"), [("conflict", ["导师1"]), ("no_time", None)])
def test_who_declined_this_enterprise_for_a_conflict_is_not_shown_to_it(
    office: Office, reason: str, left: list[str] | None
) -> None:
    offered(office, 0, "declined", reason=reason)
    ask(office, found("expert-0", 0.9), found("expert-1", 0.5))
    assert names(office) == (left or ["导师0", "导师1"])


def test_nobody_of_the_askers_own_enterprise_is_shown(office: Office) -> None:
    settle_home(office, 0, office.enterprise)
    ask(office, found("expert-0", 0.9), found("expert-1", 0.5))
    assert names(office) == ["导师1"]


@pytest.mark.parametrize(("elsewhere", "third"), [(0.75, "外校"), (0.5, "同校2")])
def test_a_third_of_one_university_waits_for_one_from_elsewhere_who_compares(
    office: Office, elsewhere: float, third: str
) -> None:
    home = office.enterprise_named("甲大学")
    for number in range(3):
        person = office.join(500 + number, f"同校{number}", "mentor", home)
        office.expert(f"home-{number}", person)
    away = office.join(510, "外校", "mentor", office.enterprise_named("乙大学"))
    office.expert("away", away)
    hits = [found(f"home-{number}", 0.8 - number / 100) for number in range(3)]
    ask(office, *hits, found("away", elsewhere))
    assert names(office)[OF_ONE_HOME] == third
