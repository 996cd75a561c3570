"""The one who was asked accepts, or declines with a coded reason."""

import pytest

from bot.desk import accepting, choosing, offering, talking
from bot.desk.tables import OfferState, Stage
from tests.bot.desk.conftest import ADMIN, ASKER, DAY, MENTORS, NOW, Office

SECOND = 402


@pytest.fixture
def two_admins(office: Office) -> Office:
    """A question that went to both admins at once."""
    office.join(SECOND, "管理员二", "admin")
    number = office.ask(found=0)
    choosing.choose_nobody(office.session, ASKER, number, now=NOW)
    office.confirm(number)
    return office


def offer_to(office: Office, chat_id: int) -> int:
    found: int = office.last(chat_id, "offer")["offer"]
    return found


def decline(office: Office, chat_id: int, reason: str = "no_time") -> None:
    offer = offer_to(office, chat_id)
    accepting.decline(office.session, chat_id, offer, reason, DAY, now=NOW)


def test_both_sides_learn_each_others_name(office: Office) -> None:
    office.talk()
    assert office.last(ASKER, "accepted_asker")["name"]["zh"] == "导师0"
    assert office.last(MENTORS[0], "accepted_mentor")["organisation"]["zh"] == "宏达"


def test_the_reasons_are_shown_in_place_of_the_offer_and_back(office: Office) -> None:
    number = office.ask()
    office.send(number)
    offer = offer_to(office, MENTORS[0])
    accepting.ask_reason(office.session, MENTORS[0], offer, now=NOW)
    accepting.keep_open(office.session, MENTORS[0], offer, now=NOW)
    assert office.cards(MENTORS[0]) == ["offer", "decline", "offer"]
    assert len({owed.slot for owed in office.owed(MENTORS[0])}) == 1


@pytest.mark.parametrize("reason", ["", "lazy", "NO_TIME"])
def test_a_reason_that_is_not_coded_is_refused(office: Office, reason: str) -> None:
    office.send(office.ask())
    with office.refuses("stale_button"):
        decline(office, MENTORS[0], reason)


@pytest.mark.parametrize("act", ["accept", "ask_reason", "keep_open"])
def test_an_offer_that_has_ended_cannot_be_taken_up(office: Office, act: str) -> None:
    number = office.ask()
    office.send(number)
    offer = offer_to(office, MENTORS[0])
    offering.expire_due(office.session, DAY, now=NOW + DAY)
    with office.refuses("offer_ended", consultation=number):
        getattr(accepting, act)(office.session, MENTORS[0], offer, now=NOW + DAY)


def test_an_offer_that_was_never_made_is_nobodys(office: Office) -> None:
    with office.refuses("not_yours"):
        accepting.accept(office.session, MENTORS[0], 10**9, now=NOW)


def test_one_admin_who_declines_leaves_it_with_the_other(two_admins: Office) -> None:
    decline(two_admins, ADMIN)
    assert two_admins.cards(SECOND) == ["offer"]
    assert two_admins.cards(ADMIN) == ["offer", "offer_ended"]
    assert two_admins.cards(ASKER).count("sent") == 1


def test_the_last_admin_cannot_decline(two_admins: Office) -> None:
    decline(two_admins, ADMIN)
    with two_admins.refuses("last_in_line"):
        decline(two_admins, SECOND)
    accepting.accept(two_admins.session, SECOND, offer_to(two_admins, SECOND), now=NOW)


def test_an_admin_who_joined_later_is_asked_when_the_last_declines(two_admins: Office) -> None:
    decline(two_admins, ADMIN)
    two_admins.join(403, "管理员三", "admin")
    decline(two_admins, SECOND)
    assert two_admins.last(403, "offer")["offered_as"] == "admin"


def test_a_conflict_of_interest_lets_even_the_last_admin_decline(two_admins: Office) -> None:
    decline(two_admins, ADMIN, "conflict")
    decline(two_admins, SECOND, "conflict")
    assert two_admins.cards(ASKER)[-1] == "nobody_yet"
    before = two_admins.cards(ADMIN), two_admins.cards(SECOND)
    offering.expire_due(two_admins.session, DAY, now=NOW)
    assert (two_admins.cards(ADMIN), two_admins.cards(SECOND)) == before


def test_whoever_declined_for_a_conflict_is_never_asked_again_as_admin(office: Office) -> None:
    office.give_role(MENTORS[0], "admin")
    number = office.ask(found=1)
    office.send(number)
    decline(office, MENTORS[0], "conflict")
    assert office.offer(number).person_id == office.people[ADMIN]
    assert office.cards(MENTORS[0]).count("offer") == 1


def test_an_asker_who_is_an_admin_is_not_offered_their_own_question(office: Office) -> None:
    office.give_role(ASKER, "admin")
    number = office.ask(found=0)
    choosing.choose_nobody(office.session, ASKER, number, now=NOW)
    office.confirm(number)
    assert office.offer(number).person_id == office.people[ADMIN]


def test_a_lone_admin_who_asks_is_told_once_that_nobody_is_there(office: Office) -> None:
    office.give_role(ASKER, "admin")
    office.block(ADMIN)
    office.block(MENTORS[0])
    number = office.ask(found=1)
    office.send(number)
    before = office.cards(ASKER)
    assert before[-2:] == ["invite_wanted", "nobody_yet"]
    for _ in range(3):
        offering.expire_due(office.session, DAY, now=NOW)
    assert office.cards(ASKER) == before


def test_accepting_while_the_asker_is_away_is_told_to_the_mentor(office: Office) -> None:
    number = office.ask()
    office.send(number)
    office.block(ASKER)
    accepting.accept(office.session, MENTORS[0], offer_to(office, MENTORS[0]), now=NOW)
    assert office.consultation(number).stage is Stage.ACTIVE
    assert office.last(MENTORS[0], "notice")["code"] == "asker_blocked"


def test_what_an_asker_kept_adding_is_not_lost_to_the_second_mentor(office: Office) -> None:
    number = office.ask()
    office.send(number)
    heard = office.heard(ASKER, "补充")
    talking.relay(office.session, heard, number, now=NOW)
    decline(office, MENTORS[0])
    accepting.accept(office.session, MENTORS[1], offer_to(office, MENTORS[1]), now=NOW)
    assert office.copies(MENTORS[1]) == [heard.message_id]
    assert office.copies(MENTORS[0]) == []


def test_only_one_offer_is_accepted(two_admins: Office) -> None:
    accepting.accept(two_admins.session, ADMIN, offer_to(two_admins, ADMIN), now=NOW)
    assert two_admins.last(SECOND, "offer_ended")["state"] == OfferState.TAKEN
    with two_admins.refuses("offer_ended"):
        accepting.accept(two_admins.session, SECOND, offer_to(two_admins, SECOND), now=NOW)
