"""What was closed is taken up again by one tap."""

from datetime import timedelta

from sqlmodel import select

from bot.desk import accepting, closing, reopening, talking
from bot.desk.tables import MentorDesk, Offer, OfferState, Quiet, Stage
from tests.bot.desk.conftest import ASKER, DAY, MENTORS, NOW, Office

LATER = NOW + timedelta(hours=1)


def closed(office: Office, *, solved: bool = True) -> int:
    number = office.talk()
    talking.relay(office.session, office.heard(ASKER, "壁厚三毫米"), number, now=NOW)
    talking.relay(office.session, office.heard(MENTORS[0], "先查排气"), number, now=NOW)
    closing.settle(office.session, ASKER, number, solved, now=NOW)
    return number


def test_one_tap_takes_it_up_again_with_the_same_mentor(office: Office) -> None:
    number = closed(office)
    reopening.reopen(office.session, ASKER, number, DAY, now=LATER)
    assert office.consultation(number).stage is Stage.ACTIVE
    assert office.consultation(number).ended_at is None
    assert office.last(ASKER, "reopened")["here"]
    assert office.cards(MENTORS[0])[-1] == "taken_up"
    again = office.heard(ASKER, "又有气孔了")
    talking.relay(office.session, again, number, now=LATER)
    assert office.copies(MENTORS[0])[-1] == again.message_id


def test_its_closing_loses_its_buttons_and_the_next_one_stands_below(office: Office) -> None:
    number = closed(office)
    reopening.reopen(office.session, ASKER, number, DAY, now=LATER)
    closing.settle(office.session, ASKER, number, True, now=LATER)
    slots = [(owed.card, owed.slot) for owed in office.owed(ASKER) if "closing:" in owed.slot]
    assert slots == [
        ("rate", f"closing:{number}"),
        ("was_closed", f"closing:{number}"),
        ("rate", f"closing:{number}:2"),
    ]


def test_where_the_mentor_is_gone_it_is_offered_anew_and_the_talk_goes_with_it(
    office: Office,
) -> None:
    number = closed(office)
    office.block(MENTORS[0])
    reopening.reopen(office.session, ASKER, number, DAY, now=LATER)
    found = office.consultation(number)
    assert (found.stage, found.mentor_id) == (Stage.OFFERED, None)
    assert not office.last(ASKER, "reopened")["here"]
    offer = office.offer(number)
    assert offer.person_id == office.people[MENTORS[1]]
    accepting.accept(office.session, MENTORS[1], offer.id or 0, now=LATER)
    said = [one for one in office.owed(MENTORS[1]) if one.source_message]
    assert [one.source_chat for one in said] == [ASKER, MENTORS[0]]
    assert len(office.copies(ASKER)) == 1  # nothing comes back to its asker


def test_a_mentor_who_is_away_is_not_waited_for(office: Office) -> None:
    number = closed(office)
    away = MentorDesk(person_id=office.people[MENTORS[0]], away_until=LATER + DAY)
    office.session.add(away)
    reopening.reopen(office.session, ASKER, number, DAY, now=LATER)
    assert office.offer(number).person_id == office.people[MENTORS[1]]
    assert "taken_up" not in office.cards(MENTORS[0])


def test_a_mentor_who_cannot_go_on_hands_it_over(office: Office) -> None:
    number = closed(office)
    reopening.reopen(office.session, ASKER, number, DAY, now=LATER)
    reopening.hand_over(office.session, MENTORS[0], number, DAY, now=LATER)
    assert office.consultation(number).stage is Stage.OFFERED
    assert office.offer(number).person_id == office.people[MENTORS[1]]
    theirs = select(Offer).where(Offer.person_id == office.people[MENTORS[0]])
    left = office.session.exec(theirs).one()
    assert left.state is OfferState.LEFT
    with office.refuses("not_yours"):
        talking.relay(office.session, office.heard(MENTORS[0]), number, now=LATER)


def test_what_was_never_reopened_is_not_handed_over(office: Office) -> None:
    number = office.talk()
    with office.refuses("wrong_stage"):
        reopening.hand_over(office.session, MENTORS[0], number, DAY, now=LATER)
    with office.refuses("not_yours"):
        reopening.hand_over(office.session, MENTORS[1], number, DAY, now=LATER)


def test_only_its_asker_reopens_and_only_what_is_closed(office: Office) -> None:
    number = office.talk()
    with office.refuses("wrong_stage"):
        reopening.reopen(office.session, ASKER, number, DAY, now=LATER)
    closing.settle(office.session, ASKER, number, False, now=NOW)
    with office.refuses("not_yours"):
        reopening.reopen(office.session, MENTORS[0], number, DAY, now=LATER)
    reopening.reopen(office.session, ASKER, number, DAY, now=LATER)
    with office.refuses("wrong_stage"):  # the button pressed twice
        reopening.reopen(office.session, ASKER, number, DAY, now=LATER)


def test_the_silence_before_a_reopening_does_not_count(office: Office) -> None:
    number = closed(office)
    reopening.reopen(office.session, ASKER, number, DAY, now=LATER)
    assert office.session.get_one(Quiet, number).since == LATER
