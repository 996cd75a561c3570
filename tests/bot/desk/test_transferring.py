"""A talk goes to another mentor: whole, with everybody told, and never without an owner."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import col, select

from bot.delivery.tables import DeliveryState
from bot.desk import (
    accepting,
    beside,
    closing,
    confiding,
    correcting,
    failing,
    giving_up,
    offering,
    routing,
    talking,
    transferring,
)
from bot.desk.hours import USUAL
from bot.desk.tables import (
    Awaiting,
    Consultation,
    MentorDesk,
    Offer,
    OfferedAs,
    OfferState,
    Stage,
    Transfer,
    TransferState,
)
from bot.desk.undertaking import VERSION
from bot.desk.views import Heard
from bot.worktime import Hours, Week
from tests.bot.desk.conftest import ADMIN, ASKER, DAY, MENTORS, NOW, Office

OLD, NEW, OTHER = MENTORS


@pytest.fixture
def number(office: Office) -> int:
    return office.talk()


def row(office: Office) -> Transfer:
    """The newest."""
    return office.session.exec(select(Transfer).order_by(col(Transfer.id))).all()[-1]


def propose(office: Office, number: int, to: int = NEW) -> int:
    giving_up.ask_whom(office.session, OLD, number, now=NOW)
    giving_up.choose(office.session, OLD, number, office.people[to], DAY, now=NOW)
    return row(office).id or 0


def agree(office: Office, number: int, to: int = NEW) -> int:
    transfer = propose(office, number, to)
    transferring.answer(office.session, ASKER, transfer, 1, DAY, now=NOW)
    return transfer


def hand_over(office: Office, number: int) -> int:
    transfer = agree(office, number)
    transferring.take(office.session, NEW, transfer, now=NOW)
    return transfer


def write(office: Office, chat_id: int, number: int, text: str = "你好") -> Heard:
    heard = office.heard(chat_id, text)
    talking.relay(office.session, heard, number, now=NOW)
    return heard


def test_until_the_new_mentor_accepts_it_is_the_old_ones(office: Office, number: int) -> None:
    for step in ("proposed", "offered"):
        if step == "proposed":
            propose(office, number)
        else:
            transferring.answer(office.session, ASKER, row(office).id or 0, 1, DAY, now=NOW)
        assert row(office).state == step
        heard = write(office, ASKER, number)
        assert office.copies(OLD)[-1] == heard.message_id
        assert heard.message_id not in office.copies(NEW)
        assert office.consultation(number).mentor_id == office.people[OLD]


def test_the_new_mentor_has_all_that_was_said_in_order_and_whose_it_was(
    office: Office, number: int
) -> None:
    said = [write(office, chat, number) for chat in (ASKER, OLD, OLD, ASKER)]
    hand_over(office, number)
    assert office.copies(NEW) == [heard.message_id for heard in said]
    cards = office.cards(NEW)
    start = cards.index("accepted_mentor")
    assert cards[start:] == [
        "accepted_mentor",
        *("said_before", "copyMessage"),
        *("said_before", "copyMessage", "copyMessage"),
        *("said_before", "copyMessage"),
        "from_now",
    ]
    sides = [owed.values["by_asker"] for owed in office.owed(NEW) if owed.card == "said_before"]
    assert sides == [True, False, True]


def test_from_then_on_each_side_writes_to_the_other_and_the_old_mentor_to_nobody(
    office: Office, number: int
) -> None:
    hand_over(office, number)
    before = office.copies(OLD)
    asked, answered = write(office, ASKER, number), write(office, NEW, number)
    assert office.copies(NEW)[-1] == asked.message_id
    assert office.copies(ASKER)[-1] == answered.message_id
    assert office.copies(OLD) == before
    with office.refuses("transferred_away", consultation=number):
        write(office, OLD, number)


def test_everybody_is_told_and_the_old_mentors_card_says_it_is_over(
    office: Office, number: int
) -> None:
    hand_over(office, number)
    assert office.last(ASKER, "transfer_asker")["state"] == "accepted"
    assert office.last(OLD, "transfer_mentor")["state"] == "accepted"
    assert office.last(NEW, "transfer_take")["state"] == "accepted"
    assert office.last(NEW, "accepted_mentor")["name"]["zh"] == "王老板"


def test_what_the_old_mentor_replies_later_is_answered_in_words(
    office: Office, number: int
) -> None:
    write(office, ASKER, number)
    hand_over(office, number)
    office.deliver()
    copy = [owed for owed in office.owed(OLD) if owed.source_message][-1].sent_message
    heard = office.heard(OLD, "再说一句", reply_to=copy)
    assert routing.route(office.session, heard).to == "offered"
    with office.refuses("transferred_away"):
        beside.refuse_reply(office.session, OLD, number)


def test_what_the_old_mentor_wrote_is_no_longer_edited_by_them(office: Office, number: int) -> None:
    heard = write(office, OLD, number, "第一版")
    office.deliver()
    hand_over(office, number)
    edited = Heard(heard.chat_id, heard.message_id, "text", "第二版")
    with office.refuses("transferred_away"):
        correcting.correct(office.session, edited, now=NOW)


def test_what_failed_is_sent_again_by_nobody_who_gave_the_talk_away(
    office: Office, number: int
) -> None:
    write(office, OLD, number, "没送到")
    copy = [owed for owed in office.owed(ASKER) if owed.source_message][-1]
    copy.state = DeliveryState.FAILED
    hand_over(office, number)
    with office.refuses("transferred_away"):
        failing.retry(office.session, OLD, copy.id or 0, now=NOW)


def test_the_asker_may_keep_their_mentor(office: Office, number: int) -> None:
    transfer = propose(office, number)
    transferring.answer(office.session, ASKER, transfer, 0, DAY, now=NOW)
    assert office.last(OLD, "transfer_mentor")["state"] == "refused"
    assert office.cards(NEW) == []
    with office.refuses("transfer_over"):
        transferring.take(office.session, NEW, transfer, now=NOW)


def test_a_mentor_who_declines_changes_nothing(office: Office, number: int) -> None:
    transfer = agree(office, number)
    transferring.decline(office.session, NEW, transfer, now=NOW)
    assert office.last(ASKER, "transfer_asker")["state"] == "declined"
    assert office.last(OLD, "transfer_mentor")["state"] == "declined"
    assert office.consultation(number).mentor_id == office.people[OLD]
    propose(office, number, OTHER)  # another one may be proposed


def test_without_an_answer_in_time_it_stays_as_it_was(office: Office, number: int) -> None:
    transfer = agree(office, number)
    assert transferring.end_due(office.session, now=NOW + DAY - timedelta(seconds=1)) == 0
    assert transferring.end_due(office.session, now=NOW + DAY) == 1
    assert office.last(NEW, "transfer_take")["state"] == "lapsed"
    with office.refuses("transfer_over"):
        transferring.take(office.session, NEW, transfer, now=NOW + DAY)
    assert office.consultation(number).mentor_id == office.people[OLD]


def test_each_has_their_own_working_time_to_answer(office: Office, number: int) -> None:
    """It is Monday, two in the afternoon in Shanghai; the new mentor works in London on Tuesday."""
    shanghai, london = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/London")
    office.session.info[USUAL] = Hours(Week.of("Mon-Fri 09:00-18:00"), shanghai)
    office.session.add(
        MentorDesk(person_id=office.people[NEW], time_zone=london.key, hours="Tue-Fri 09:00-17:00")
    )
    now, working_day = NOW + timedelta(hours=4), timedelta(hours=8)
    giving_up.ask_whom(office.session, OLD, number, now=now)
    giving_up.choose(office.session, OLD, number, office.people[NEW], working_day, now=now)
    assert row(office).expires_at == datetime(2026, 11, 24, 13, tzinfo=shanghai)
    transferring.answer(office.session, ASKER, row(office).id or 0, 1, working_day, now=now)
    assert row(office).expires_at == datetime(2026, 11, 24, 17, tzinfo=london)
    view = office.last(NEW, "transfer_take")
    assert datetime.fromisoformat(view["opens_at"]) == datetime(2026, 11, 24, 9, tzinfo=london)
    assert (view["zone"], view["silent"]) == ("Europe/London", True)


def test_a_talk_that_was_closed_meanwhile_goes_to_nobody(office: Office, number: int) -> None:
    transfer = agree(office, number)
    closing.settle(office.session, ASKER, number, True, now=NOW)
    with office.refuses("transfer_over"):
        transferring.take(office.session, NEW, transfer, now=NOW)
    assert transferring.end_due(office.session, now=NOW) == 1
    assert office.consultation(number).mentor_id == office.people[OLD]


def test_its_mentor_may_call_it_off(office: Office, number: int) -> None:
    transfer = agree(office, number)
    with office.refuses("not_yours"):
        transferring.call_off(office.session, NEW, transfer, now=NOW)
    transferring.call_off(office.session, OLD, transfer, now=NOW)
    with office.refuses("transfer_over"):
        transferring.take(office.session, NEW, transfer, now=NOW)


def test_before_they_accept_the_new_mentor_sees_what_the_asker_shows_to_strangers(
    office: Office,
) -> None:
    number = office.ask()
    office.choose(number)
    confiding.choose_level(office.session, ASKER, number, "match_only", now=NOW)
    office.confirm(number)
    accepting.accept(office.session, OLD, office.offer(number).id or 0, now=NOW)
    write(office, ASKER, number, "电话另告")
    agree(office, number)
    shown = office.last(NEW, "transfer_take")
    assert shown["text"] == ""
    assert "王老板" not in str(shown)
    assert "宏达" not in str(shown)


def test_in_confidence_only_who_has_agreed_takes_it_on(office: Office) -> None:
    number = office.talk()
    consultation = office.consultation(number)
    consultation.level = type(consultation.level)("nda")
    transfer = agree(office, number)
    transferring.take(office.session, NEW, transfer, now=NOW)
    assert office.consultation(number).mentor_id == office.people[OLD]
    pledge = office.last(NEW, "pledge")
    assert (pledge["action"], pledge["number"]) == ("pledge_take", transfer)
    transferring.pledge_take(office.session, NEW, transfer, VERSION - 1, now=NOW)
    assert office.consultation(number).mentor_id == office.people[OLD]
    transferring.pledge_take(office.session, NEW, transfer, VERSION, now=NOW)
    assert office.consultation(number).mentor_id == office.people[NEW]


def test_an_admin_transfers_with_a_reason_that_both_are_told(office: Office, number: int) -> None:
    with office.refuses("transfer_reason"):
        giving_up.begin_by_admin(office.session, ADMIN, number, " ", now=NOW)
    giving_up.begin_by_admin(office.session, ADMIN, number, "导师出国", now=NOW)
    assert office.awaiting(ADMIN) is Awaiting.TRANSFER_NAME
    giving_up.find_name(office.session, ADMIN, "导师1", now=NOW)
    (found,) = office.last(ADMIN, "transfer_to")["people"]
    giving_up.choose(office.session, ADMIN, number, found["id"], DAY, now=NOW)
    for chat, card in ((ASKER, "transfer_asker"), (OLD, "transfer_mentor")):
        told = office.last(chat, card)
        assert (told["reason"], told["state"], told["by_mentor"]) == ("导师出国", "offered", False)
    transferring.take(office.session, NEW, row(office).id or 0, now=NOW)
    assert office.consultation(number).mentor_id == office.people[NEW]


def test_nobody_but_its_mentor_and_admins_gives_it_away(office: Office, number: int) -> None:
    for chat in (ASKER, OTHER):
        with office.refuses("not_yours"):
            giving_up.ask_whom(office.session, chat, number, now=NOW)
        with office.refuses("not_yours"):
            giving_up.choose(office.session, chat, number, office.people[NEW], DAY, now=NOW)
    with office.refuses("not_allowed"):
        giving_up.begin_by_admin(office.session, OLD, number, "我想", now=NOW)
    with office.refuses("not_allowed"):  # nor learns how an admin types it
        giving_up.begin_by_admin(office.session, OLD, 0, "", now=NOW)
    with office.refuses("transfer_usage"):
        giving_up.begin_by_admin(office.session, ADMIN, 0, "", now=NOW)
    with office.refuses("stale_button"):  # an admin without a reason
        giving_up.choose(office.session, ADMIN, number, office.people[NEW], DAY, now=NOW)


@pytest.mark.parametrize("who", [ASKER, OLD])
def test_neither_side_is_the_next_mentor(office: Office, number: int, who: int) -> None:
    with office.refuses("cannot_take"):
        giving_up.choose(office.session, OLD, number, office.people[who], DAY, now=NOW)


def test_only_one_transfer_is_under_way(office: Office, number: int) -> None:
    propose(office, number)
    with office.refuses("transfer_under_way"):
        giving_up.ask_whom(office.session, OLD, number, now=NOW)
    with office.refuses("transfer_under_way"):
        giving_up.choose(office.session, OLD, number, office.people[OTHER], DAY, now=NOW)


def test_only_those_asked_answer_and_once(office: Office, number: int) -> None:
    transfer = propose(office, number)
    with office.refuses("not_yours"):
        transferring.answer(office.session, NEW, transfer, 1, DAY, now=NOW)
    with office.refuses("transfer_over"):  # before the asker agrees
        transferring.take(office.session, NEW, transfer, now=NOW)
    transferring.answer(office.session, ASKER, transfer, 1, DAY, now=NOW)
    with office.refuses("not_yours"):
        transferring.take(office.session, OTHER, transfer, now=NOW)
    transferring.take(office.session, NEW, transfer, now=NOW)
    with office.refuses("transfer_over"):
        transferring.take(office.session, NEW, transfer, now=NOW)


def test_what_was_in_the_hand_of_one_is_in_the_hand_of_the_other(
    office: Office, number: int
) -> None:
    hand_over(office, number)
    offers = office.session.exec(select(Offer).where(Offer.consultation_id == number)).all()
    assert {(one.person_id, one.state) for one in offers} == {
        (office.people[OLD], OfferState.LEFT),
        (office.people[NEW], OfferState.ACCEPTED),
    }
    assert [one.offered_as for one in offers][-1] is OfferedAs.TRANSFERRED
    assert offering.expire_due(office.session, DAY, now=NOW + 9 * DAY) == 0


def test_a_name_is_typed_only_after_it_was_asked_for(office: Office, number: int) -> None:
    giving_up.ask_whom(office.session, OLD, number, now=NOW)
    assert office.awaiting(OLD) is Awaiting.NOTHING  # what they type is for the asker
    giving_up.ask_name(office.session, OLD, number, now=NOW)
    giving_up.find_name(office.session, OLD, "没有这个人", now=NOW)
    assert office.last(OLD, "transfer_to")["people"] == []
    giving_up.find_name(office.session, OLD, "导师2", now=NOW)
    (found,) = office.last(OLD, "transfer_to")["people"]
    giving_up.choose(office.session, OLD, number, found["id"], DAY, now=NOW)
    assert office.awaiting(OLD) is Awaiting.NOTHING
    assert row(office).to_id == office.people[OTHER]


def test_a_name_typed_after_the_talk_closed_leaves_the_form(office: Office, number: int) -> None:
    giving_up.ask_name(office.session, OLD, number, now=NOW)
    closing.settle(office.session, ASKER, number, True, now=NOW)
    giving_up.find_name(office.session, OLD, "导师2", now=NOW)
    assert office.awaiting(OLD) is Awaiting.NOTHING
    assert office.last(OLD, "notice")["code"] == "not_talking"


def test_after_a_transfer_its_asker_closes_with_the_new_mentor(office: Office, number: int) -> None:
    hand_over(office, number)
    closing.settle(office.session, ASKER, number, True, now=NOW)
    assert office.session.get_one(Consultation, number).stage is Stage.RESOLVED
    assert "closed_mentor" in office.cards(NEW)
    assert "closed_mentor" not in office.cards(OLD)


def test_it_may_go_back(office: Office, number: int) -> None:
    hand_over(office, number)
    giving_up.choose(office.session, NEW, number, office.people[OLD], DAY, now=NOW)
    back = row(office).id or 0
    transferring.answer(office.session, ASKER, back, 1, DAY, now=NOW)
    transferring.take(office.session, OLD, back, now=NOW)
    heard = write(office, OLD, number)
    assert office.copies(ASKER)[-1] == heard.message_id
    assert row(office).state is TransferState.ACCEPTED
