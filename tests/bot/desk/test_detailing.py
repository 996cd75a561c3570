"""A mentor asks for one detail before they decide; the asker answers, and it is part of it."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from bot.desk import (
    accepting,
    breaking_glass,
    choosing,
    confiding,
    detailing,
    escalating,
    offering,
    routing,
    specifying,
    transcribing,
)
from bot.desk.policy import Policy
from bot.desk.rights import erasing, keeping
from bot.desk.tables import Awaiting, Detail, DetailState, Offer, OfferState, Stage
from bot.desk.views import Heard
from tests.bot.desk.conftest import ADMIN, ASKER, DAY, MENTORS, NOW, Office

FIRST, SECOND, THIRD = MENTORS
ASKED, SAID = "压铸用的是什么合金？", "ADC12，壁厚三毫米"


@pytest.fixture
def number(office: Office) -> int:
    """A question on offer to the first mentor."""
    made = office.ask()
    office.send(made)
    return made


def offer_of(office: Office, number: int) -> int:
    return office.offer(number).id or 0


def put(office: Office, number: int, mentor: int = FIRST, text: str = ASKED) -> int:
    detailing.ask(office.session, mentor, offer_of(office, number), now=NOW)
    detailing.put(office.session, mentor, text, DAY, now=NOW)
    return office.session.exec(select(Detail.id).order_by(col(Detail.id).desc())).first() or 0


def draft(office: Office, detail: int, text: str = SAID) -> str:
    """The asker types an answer; what its preview's buttons hold."""
    specifying.answer(office.session, ASKER, detail, now=NOW)
    specifying.fill(office.session, ASKER, text, now=NOW)
    seen: str = office.last(ASKER, "detail_preview")["seen"]
    return seen


def say(office: Office, detail: int, text: str = SAID, shared: int = 1) -> None:
    seen = draft(office, detail, text)
    specifying.send(office.session, ASKER, detail, seen, shared, now=NOW)


def lines(office: Office, mentor: int) -> list[tuple[str, str]]:
    """What stands on a mentor's offer of questions back: the answer, and its state."""
    details = office.last(mentor, "offer")["details"]
    return [(one["answer"], one["state"]) for one in details["lines"]]


def test_the_question_reaches_the_asker_and_the_answer_the_offer(
    office: Office, number: int
) -> None:
    detail = put(office, number)
    wanted = office.last(ASKER, "detail_wanted")
    assert (wanted["question"], wanted["by"]["zh"]) == (ASKED, "导师0")
    assert lines(office, FIRST) == [("", "asked")]
    say(office, detail)
    assert lines(office, FIRST) == [(SAID, "answered")]
    assert office.last(ASKER, "detail_wanted")["state"] == "answered"


def test_the_mentor_learns_nothing_of_who_asks(office: Office, number: int) -> None:
    told = len(office.owed(FIRST))
    say(office, put(office, number))
    after = " ".join(str(owed.values) for owed in office.owed(FIRST)[told:])
    assert "王老板" not in after
    assert "宏达" not in after


def test_the_answer_makes_the_offer_anew_below_so_that_it_is_noticed(
    office: Office, number: int
) -> None:
    slot = office.offer(number).slot
    say(office, put(office, number))
    cards = [(owed.card, owed.slot) for owed in office.owed(FIRST)]
    assert ("offer_below", slot) in cards
    assert cards[-1] == ("offer", office.offer(number).slot)
    assert office.offer(number).slot != slot


def test_nothing_is_read_before_its_asker_has_seen_and_sent_it(office: Office, number: int) -> None:
    draft(office, put(office, number))
    assert lines(office, FIRST) == [("", "asked")]
    assert SAID not in str([owed.values for owed in office.owed(FIRST)])


def test_what_looks_secret_in_it_is_marked_and_redacted(office: Office, number: int) -> None:
    detail = put(office, number)
    draft(office, detail, "宏达的合金，电话13800001111")
    marks = {mark["kind"]: mark["key"] for mark in office.last(ASKER, "detail_preview")["marks"]}
    assert set(marks) == {"enterprise", "phone"}
    specifying.redact(office.session, ASKER, detail, marks["phone"], now=NOW)
    specifying.keep(office.session, ASKER, detail, marks["enterprise"], now=NOW)
    view = office.last(ASKER, "detail_preview")
    assert view["marks"] == []
    specifying.send(office.session, ASKER, detail, view["seen"], 1, now=NOW)
    assert lines(office, FIRST) == [("宏达的合金，电话[电话]", "answered")]


def test_redact_all_leaves_what_is_kept(office: Office, number: int) -> None:
    detail = put(office, number)
    draft(office, detail, "宏达的合金，电话13800001111，邮箱a@b.com")
    marks = {mark["kind"]: mark["key"] for mark in office.last(ASKER, "detail_preview")["marks"]}
    specifying.keep(office.session, ASKER, detail, marks["enterprise"], now=NOW)
    specifying.redact_all(office.session, ASKER, detail, now=NOW)
    row = office.session.get_one(Detail, detail)
    assert row.answer == "宏达的合金，电话[电话]，邮箱[邮箱]"


def test_a_preview_that_showed_something_else_sends_nothing(office: Office, number: int) -> None:
    detail = put(office, number)
    seen = draft(office, detail)
    draft(office, detail, "其实是A380")
    with office.refuses("preview_old"):
        specifying.send(office.session, ASKER, detail, seen, 1, now=NOW)
    with office.refuses("preview_old"):
        specifying.redact(office.session, ASKER, detail, "00000000", now=NOW)


def test_each_draft_is_a_message_of_its_own_and_redacting_changes_it_in_its_place(
    office: Office, number: int
) -> None:
    detail = put(office, number)
    draft(office, detail, "电话13800001111")
    specifying.redact_all(office.session, ASKER, detail, now=NOW)
    draft(office, detail)
    slots = [owed.slot for owed in office.owed(ASKER) if owed.card == "detail_preview"]
    assert slots[0] == slots[1] != slots[2]


def test_one_question_on_each_offer(office: Office, number: int) -> None:
    put(office, number)
    with office.refuses("details_asked"):
        detailing.ask(office.session, FIRST, offer_of(office, number), now=NOW)
    assert office.last(FIRST, "offer")["details"]["asked"]


def test_two_questions_typed_one_after_the_other_are_one(office: Office, number: int) -> None:
    detailing.ask(office.session, FIRST, offer_of(office, number), now=NOW)
    put(office, number)
    notes: dict[str, object] = {"offer": offer_of(office, number)}
    chat = office.chat(FIRST)
    chat.awaiting, chat.notes = Awaiting.DETAIL_QUESTION, notes  # as in a second window
    with office.refuses("details_asked"):
        detailing.put(office.session, FIRST, "还有呢？", DAY, now=NOW)
    assert len(office.session.exec(select(Detail)).all()) == 1


def test_the_offer_has_its_time_once_more(office: Office, number: int) -> None:
    before = office.offer(number).expires_at
    assert before == NOW + DAY
    put(office, number)
    assert office.offer(number).expires_at == NOW + 2 * DAY
    assert office.last(ASKER, "detail_wanted")["until"] == (NOW + 2 * DAY).isoformat()


def test_unanswered_it_goes_on_to_the_next_in_time(office: Office, number: int) -> None:
    put(office, number)
    offering.expire_due(office.session, DAY, now=NOW + DAY + timedelta(minutes=1))
    assert office.offer(number).person_id == office.people[FIRST]
    offering.expire_due(office.session, DAY, now=NOW + 2 * DAY)
    assert office.offer(number).person_id == office.people[SECOND]


def test_the_mentor_may_decide_without_waiting(office: Office, number: int) -> None:
    put(office, number)
    accepting.accept(office.session, FIRST, offer_of(office, number), now=NOW)
    assert office.consultation(number).stage is Stage.ACTIVE
    assert "details" not in office.cards(FIRST)


def test_an_answer_that_comes_after_it_was_accepted_reaches_the_mentor(
    office: Office, number: int
) -> None:
    detail = put(office, number)
    accepting.accept(office.session, FIRST, offer_of(office, number), now=NOW)
    say(office, detail)
    assert office.last(ASKER, "detail_preview")["talking"]
    assert office.last(FIRST, "details")["lines"][0]["answer"] == SAID


def test_whoever_is_offered_it_next_reads_the_answer_too(office: Office, number: int) -> None:
    say(office, put(office, number))
    accepting.decline(office.session, FIRST, offer_of(office, number), "no_time", DAY, now=NOW)
    assert lines(office, SECOND) == [(SAID, "answered")]
    assert not office.last(SECOND, "offer")["details"]["asked"]  # and may ask themself


def test_an_answer_that_comes_after_the_offer_ended_reaches_whoever_has_it_then(
    office: Office, number: int
) -> None:
    detail = put(office, number)
    accepting.decline(office.session, FIRST, offer_of(office, number), "no_time", DAY, now=NOW)
    assert lines(office, SECOND) == []
    told = len(office.owed(FIRST))
    say(office, detail)
    assert lines(office, SECOND) == [(SAID, "answered")]
    assert len(office.owed(FIRST)) == told


def test_whoever_accepts_has_all_answers_before_what_is_said(office: Office, number: int) -> None:
    say(office, put(office, number))
    escalating.escalate(
        office.session, FIRST, offer_of(office, number), office.people[THIRD], DAY, now=NOW
    )
    say(office, put(office, number, THIRD, "多大的压铸机？"), "八百吨")
    accepting.accept(office.session, THIRD, offer_of(office, number), now=NOW)
    told = [line["answer"] for line in office.last(THIRD, "details")["lines"]]
    assert told == [SAID, "八百吨"]
    cards = office.cards(THIRD)
    assert cards.index("accepted_mentor") < cards.index("details")


@pytest.mark.parametrize("level", ["match_only", "nda"])
def test_of_a_veiled_question_the_asker_says_who_reads_the_answer(
    office: Office, level: str
) -> None:
    number = office.ask()
    office.choose(number)
    confiding.choose_level(office.session, ASKER, number, level, now=NOW)
    office.confirm(number)
    detail = put(office, number)
    assert ASKED in str(office.last(ASKER, "detail_wanted"))
    say(office, detail, shared=0)
    assert lines(office, FIRST) == [("", "veiled")]
    accepting.decline(office.session, FIRST, offer_of(office, number), "no_time", DAY, now=NOW)
    assert lines(office, SECOND) == []
    say(office, put(office, number, SECOND, "多大？"), "八百吨", shared=1)
    assert lines(office, SECOND) == [("八百吨", "answered")]
    assert SAID not in str([owed.values for owed in office.owed(SECOND)])


def reply_to(office: Office, chat: int, card: str, **more: str) -> Heard:
    office.deliver()
    return office.heard(chat, SAID, reply_to=office.shown(chat, card), **more)


def test_a_reply_to_the_card_is_its_answer_without_the_button(office: Office, number: int) -> None:
    detail = put(office, number)
    heard = reply_to(office, ASKER, "detail_wanted")
    found = routing.route(office.session, heard)
    assert (found.to, found.detail) == ("detail", detail)
    specifying.write(office.session, ASKER, detail, SAID, now=NOW)
    assert office.last(ASKER, "detail_preview")["pieces"][0]["text"] == SAID


def test_a_reply_to_it_with_a_picture_or_once_it_is_answered_waits_for_whoever_accepts(
    office: Office, number: int
) -> None:
    detail = put(office, number)
    photo = reply_to(office, ASKER, "detail_wanted", kind="photo")
    assert routing.route(office.session, photo).to == "talk"
    say(office, detail)
    again = reply_to(office, ASKER, "detail_wanted")
    assert routing.route(office.session, again).to == "talk"


def test_a_reply_to_anything_else_is_no_answer(office: Office, number: int) -> None:
    put(office, number)
    assert routing.route(office.session, reply_to(office, ASKER, "sent")).to == "talk"


@pytest.mark.parametrize("card", ["detail_ask", "offer"])
def test_a_mentors_reply_on_the_card_of_the_offer_fills_the_form_that_is_open_on_it(
    office: Office, number: int, card: str
) -> None:
    detailing.ask(office.session, FIRST, offer_of(office, number), now=NOW)
    assert routing.route(office.session, reply_to(office, FIRST, card)).to == "form"


def test_a_reply_on_another_offer_does_not_go_to_the_asker_of_this_one(
    office: Office, number: int
) -> None:
    office.join(101, "李老板", "asker")
    other = office.ask(101)
    office.send(other)
    heard = reply_to(office, FIRST, "offer")  # the newer one
    detailing.ask(office.session, FIRST, offer_of(office, number), now=NOW)
    assert routing.route(office.session, heard).to == "offered"


def test_the_asker_would_rather_not_say(office: Office, number: int) -> None:
    detail = put(office, number)
    specifying.answer(office.session, ASKER, detail, now=NOW)
    specifying.refuse(office.session, ASKER, detail, now=NOW)
    assert office.awaiting(ASKER) is Awaiting.NOTHING
    assert lines(office, FIRST) == [("", "unsaid")]
    with office.refuses("details_over"):
        specifying.answer(office.session, ASKER, detail, now=NOW)


def test_what_is_not_told_to_the_next_is_no_news_to_them(office: Office, number: int) -> None:
    detail = put(office, number)
    accepting.decline(office.session, FIRST, offer_of(office, number), "no_time", DAY, now=NOW)
    told = len(office.owed(SECOND))
    specifying.refuse(office.session, ASKER, detail, now=NOW)
    assert len(office.owed(SECOND)) == told


def test_it_is_sent_once(office: Office, number: int) -> None:
    detail = put(office, number)
    seen = draft(office, detail)
    specifying.send(office.session, ASKER, detail, seen, 1, now=NOW)
    with office.refuses("details_over"):
        specifying.send(office.session, ASKER, detail, seen, 1, now=NOW)


def test_withdrawn_while_details_are_asked_nothing_is_answered(office: Office, number: int) -> None:
    detail = put(office, number)
    specifying.answer(office.session, ASKER, detail, now=NOW)
    offering.withdraw(office.session, ASKER, number, now=NOW)
    specifying.fill(office.session, ASKER, SAID, now=NOW)
    assert office.last(ASKER, "notice")["code"] == "wrong_stage"
    assert office.awaiting(ASKER) is Awaiting.NOTHING
    assert SAID not in str([owed.values for owed in office.owed(FIRST)])
    with office.refuses("wrong_stage"):
        specifying.answer(office.session, ASKER, detail, now=NOW)


def test_a_question_typed_after_the_offer_ended_goes_nowhere_and_the_form_is_left(
    office: Office, number: int
) -> None:
    offer = office.offer(number)
    detailing.ask(office.session, FIRST, offer.id or 0, now=NOW)
    offering.pass_on(office.session, offer, OfferState.EXPIRED, DAY, NOW)
    detailing.put(office.session, FIRST, ASKED, DAY, now=NOW)
    assert office.last(FIRST, "notice")["code"] == "offer_ended"
    assert office.awaiting(FIRST) is Awaiting.NOTHING
    assert "detail_wanted" not in office.cards(ASKER)


def test_an_asker_who_is_gone_has_it_when_they_are_back(office: Office, number: int) -> None:
    office.block(ASKER)
    put(office, number)
    assert office.last(FIRST, "notice")["code"] == "details_later"
    assert "detail_wanted" in office.cards(ASKER)  # held


@pytest.mark.parametrize(
    ("typed", "code"), [("？！…", "details_words"), ("长" * 121, "details_long")]
)
def test_a_question_without_words_or_too_long_is_asked_for_again(
    office: Office, number: int, typed: str, code: str
) -> None:
    detailing.ask(office.session, FIRST, offer_of(office, number), now=NOW)
    with office.refuses(code):
        detailing.put(office.session, FIRST, typed, DAY, now=NOW)
    assert office.awaiting(FIRST) is Awaiting.DETAIL_QUESTION


def test_too_long_an_answer_is_asked_for_again(office: Office, number: int) -> None:
    specifying.answer(office.session, ASKER, put(office, number), now=NOW)
    with office.refuses("details_long"):
        specifying.fill(office.session, ASKER, "长" * 301, now=NOW)
    assert office.awaiting(ASKER) is Awaiting.DETAIL_ANSWER


def test_nobody_else_asks_or_answers(office: Office, number: int) -> None:
    with office.refuses("not_yours"):
        detailing.ask(office.session, SECOND, offer_of(office, number), now=NOW)
    detail = put(office, number)
    office.join(101, "李老板", "asker")
    with office.refuses("not_yours"):
        specifying.answer(office.session, 101, detail, now=NOW)


def test_for_the_office_an_admin_asks_without_a_name_and_without_an_end(office: Office) -> None:
    office.join(402, "另一位管理员", "admin")
    number = office.ask()
    choosing.choose_nobody(office.session, ASKER, number, now=NOW)
    office.confirm(number)
    query = select(Offer).where(Offer.person_id == office.people[ADMIN])
    offer = office.session.exec(query).one()
    detailing.ask(office.session, ADMIN, offer.id or 0, now=NOW)
    detailing.put(office.session, ADMIN, ASKED, DAY, now=NOW)
    wanted = office.last(ASKER, "detail_wanted")
    assert (wanted["by"]["zh"], wanted["until"]) == ("", None)
    assert offer.expires_at is None
    say(office, wanted["detail"])
    assert lines(office, ADMIN) == lines(office, 402) == [(SAID, "answered")]


def test_it_stands_in_the_transcript_and_in_an_admins_look(office: Office, number: int) -> None:
    say(office, put(office, number))
    accepting.accept(office.session, FIRST, offer_of(office, number), now=NOW)
    (line,) = transcribing.transcript_of(office.session, number).before
    assert (line.question, line.answer) == (ASKED, SAID)
    breaking_glass.ask(office.session, ADMIN, f"#{number} 提问者投诉答复态度不好", now=NOW)
    look = office.last(ADMIN, "look_ask")["look"]
    breaking_glass.look(office.session, ADMIN, look, now=NOW)
    said = [one for card in office.owed(ADMIN) for one in card.values.get("said", [])]
    assert [(one["by_asker"], one["text"]) for one in said] == [(False, ASKED), (True, SAID)]


def test_either_sides_words_go_when_they_are_forgotten_or_old(office: Office, number: int) -> None:
    say(office, put(office, number))
    offering.withdraw(office.session, ASKER, number, now=NOW)
    policy = Policy()
    keeping.sweep(office.session, policy, now=NOW + policy.keep_consultations + DAY)
    office.session.expire_all()
    row = office.session.exec(select(Detail)).one()
    assert (row.question, row.answer, row.state) == ("", "", DetailState.ANSWERED)


def test_who_is_forgotten_leaves_no_answer(office: Office, number: int) -> None:
    say(office, put(office, number))
    erasing.forget(office.session, ASKER, int(NOW.timestamp()), DAY, now=NOW)
    office.session.expire_all()
    row = office.session.exec(select(Detail)).one()
    assert (row.question, row.answer) == (ASKED, "")
