"""A question becomes a draft with its shortlist."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from bot.desk import asking, choosing, introducing, offering, parking, talking
from bot.desk.asking import QUESTION_LIMIT, check_question, is_question
from bot.desk.errors import RefusedError
from bot.desk.tables import Awaiting, Consultation, Parked, Stage
from bot.desk.views import Found
from knowledge.tables import Entry
from tests.bot.desk.conftest import ASKER, DAY, MENTORS, NOW, QUESTION, Office


def found(key: str, score: float = 0.9, strength: str = "strong", evidence: str = "证据") -> Found:
    return Found(key, score, strength, evidence)  # type: ignore[arg-type]


def ask(office: Office, *hits: Found, text: str = QUESTION) -> int:
    return asking.ask(office.session, office.heard(ASKER, text), hits, now=NOW)


def shown(office: Office) -> list[str]:
    """The kinds on the last shortlist, in order."""
    return [line["kind"] for line in office.last(ASKER, "shortlist")["candidates"]]


def test_a_question_is_kept_as_a_draft_that_nobody_else_sees(office: Office) -> None:
    number = office.ask()
    question = office.consultation(number)
    assert (question.stage, question.question) == (Stage.DRAFT, QUESTION)
    assert question.enterprise_id == office.enterprise
    assert [office.cards(chat) for chat in MENTORS] == [[], [], []]


def test_the_shortlist_quotes_its_evidence_and_answers_the_question(office: Office) -> None:
    heard = office.heard(ASKER, QUESTION)
    asking.ask(office.session, heard, [found("expert-1", evidence="高真空压铸")], now=NOW)
    (line,) = office.last(ASKER, "shortlist")["candidates"]
    assert (line["person"]["zh"], line["evidence"]) == ("导师1", "高真空压铸")
    assert line["here"]
    assert office.owed(ASKER)[-1].reply_message == heard.message_id


def test_people_come_first_and_each_kind_has_its_room(office: Office) -> None:
    kinds = ["policy", "patent", "platform", "achievement", "answer", "expert"]
    hits = []
    for kind in kinds:
        for number in range(7):
            key = f"{kind}-x{number}"
            office.entry(key, kind, office.people[MENTORS[0]] if kind == "expert" else None)
            hits.append(found(key, 0.9 - number / 100))
    ask(office, *hits)
    assert shown(office) == (
        ["expert"] * 5
        + ["platform"] * 2
        + ["patent"] * 2
        + ["answer"] * 2
        + ["achievement", "policy"]
    )


def test_the_best_of_a_kind_are_shown_best_first(office: Office) -> None:
    ask(office, found("expert-2", 0.5, "possible"), found("expert-0", 0.8), found("expert-1", 0.7))
    lines = office.last(ASKER, "shortlist")["candidates"]
    assert [line["person"]["zh"] for line in lines] == ["导师0", "导师1", "导师2"]
    assert [line["strength"] for line in lines] == ["strong", "strong", "possible"]


def test_weak_hits_are_not_shown_and_nothing_good_enough_is_said(office: Office) -> None:
    number = ask(office, found("expert-0", 0.2, "weak"))
    view = office.last(ASKER, "shortlist")
    assert view["nothing"]
    assert view["candidates"] == []
    choosing.choose_nobody(office.session, ASKER, number, now=NOW)
    assert office.last(ASKER, "preview")["mentor"] == {"zh": "", "en": ""}


def test_where_something_fits_weaker_people_fill_up_to_three(office: Office) -> None:
    weak = [found(f"expert-{number}", 0.3, "weak") for number in (1, 2)]
    ask(office, found("expert-0", 0.9, "strong"), *weak)
    lines = office.last(ASKER, "shortlist")["candidates"]
    assert [line["strength"] for line in lines] == ["strong", "weak", "weak"]


def test_an_entry_that_was_removed_meanwhile_is_left_out(office: Office) -> None:
    gone = office.session.exec(select(Entry).where(Entry.key == "expert-0")).one()
    gone.removed_at = datetime(2026, 11, 1, tzinfo=UTC)
    office.session.flush()
    ask(office, found("expert-0"), found("expert-1"), found("no-such-entry"))
    assert len(shown(office)) == 1


def test_nobody_finds_themselves(office: Office) -> None:
    hits = [found("expert-0"), found("expert-1")]
    asking.ask(office.session, office.heard(MENTORS[0], QUESTION), hits, now=NOW)
    (line,) = office.last(MENTORS[0], "shortlist")["candidates"]
    assert line["person"]["zh"] == "导师1"


def test_an_earlier_answer_leads_to_its_mentor_and_a_platform_to_nobody(office: Office) -> None:
    office.entry("answer-1", "answer", office.people[MENTORS[1]])
    office.entry("platform-1", "platform", office.people[MENTORS[2]])
    number = ask(office, found("answer-1"), found("platform-1"))
    people = {row.entry_key: row.person_id for row in asking.candidates_of(office.session, number)}
    assert people == {"answer-1": office.people[MENTORS[1]], "platform-1": None}


def test_long_evidence_is_cut(office: Office) -> None:
    ask(office, found("expert-0", evidence="证" * 1000))
    (line,) = office.last(ASKER, "shortlist")["candidates"]
    assert line["evidence"] == "证" * asking.EVIDENCE_LIMIT


def test_markup_in_a_question_is_kept_as_it_was_typed(office: Office) -> None:
    number = ask(office, found("expert-0"), text="<script>alert(1)</script> & 气孔")
    assert office.consultation(number).forwarded == "<script>alert(1)</script> & 气孔"


def test_a_question_is_trimmed_and_may_be_as_long_as_the_limit() -> None:
    assert check_question(f"  {'气' * QUESTION_LIMIT}\n") == "气" * QUESTION_LIMIT


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "no_words"),
        ("  \n ", "no_words"),
        ("👍🏻🔥", "no_words"),
        ("123 ???", "no_words"),
        ("气" * (QUESTION_LIMIT + 1), "too_long"),
        ("a" * 10_000, "too_long"),
    ],
)
def test_what_cannot_be_searched_by_is_refused_with_its_reason(text: str, code: str) -> None:
    with pytest.raises(RefusedError) as refused:
        check_question(text)
    assert refused.value.code == code


@given(st.text())
def test_any_text_is_a_question_or_refused(text: str) -> None:
    try:
        kept = check_question(text)
    except RefusedError:
        assert len(text.strip()) > QUESTION_LIMIT or not any(map(str.isalpha, text))
    else:
        assert kept == text.strip()


def test_who_asks_by_a_picture_is_told_that_it_goes_along(office: Office) -> None:
    heard = office.heard(ASKER, QUESTION, kind="photo")
    number = asking.ask(office.session, heard, [found("expert-0")], now=NOW)
    notice = office.owed(ASKER)[-1]
    assert notice.values == {"code": "enclosed", "values": {"consultation": number}}
    assert notice.reply_message == heard.message_id


@given(st.text(max_size=3000), st.text(max_size=3000))
def test_what_is_searched_is_never_longer_than_a_question(text: str, read: str) -> None:
    searched = asking.searched_by(text, read)
    assert len(searched) <= QUESTION_LIMIT
    assert searched.startswith(text[:QUESTION_LIMIT].rstrip())


def test_ask_takes_the_next_text_whatever_else_is_open(office: Office) -> None:
    office.talk()
    asking.invite_question(office.session, ASKER, now=NOW)
    assert office.awaiting(ASKER) is Awaiting.QUESTION
    office.ask()
    assert office.awaiting(ASKER) is Awaiting.NOTHING


def test_a_kept_message_becomes_a_question_of_its_own(office: Office) -> None:
    office.talk()
    heard = office.heard(ASKER, "另一个问题：焊缝开裂")
    talking.park(office.session, heard, now=NOW)
    parked = office.last(ASKER, "which")["parked"]
    asked = parking.parked_heard(office.session, ASKER, parked)
    asking.ask_parked(office.session, asked, parked, [found("expert-0")], now=NOW)
    assert office.last(ASKER, "settled")["consultation"] == 0
    assert office.session.get_one(Parked, parked).text == ""
    with office.refuses("settled"):
        parking.parked_heard(office.session, ASKER, parked)
    questions = office.session.exec(select(Consultation.question)).all()
    assert questions[-1] == "另一个问题：焊缝开裂"
    assert office.copies(MENTORS[0]) == []


def test_what_an_asker_says_of_themselves_later_goes_with_the_question(office: Office) -> None:
    office.join(150, "李工", "asker")
    hits = [found("expert-0")]
    number = asking.ask(office.session, office.heard(150, QUESTION), hits, now=NOW)
    introducing.choose_industry(office.session, 150, "C", now=NOW)
    office.choose(number)
    assert office.last(150, "preview")["context"]["industry"] == "C"
    seen = office.last(150, "preview")["seen"]
    offering.confirm(office.session, 150, number, seen, DAY, now=NOW)
    assert office.last(MENTORS[0], "offer")["context"]["industry"] == "C"


@pytest.mark.parametrize(
    "text",
    ["铝压铸件有气孔怎么办", "有气孔吗", "Why do our castings have pores", "pores?", "甲\n乙"],
)
def test_a_question_is_told_from_a_name(text: str) -> None:
    assert is_question(text)


@pytest.mark.parametrize(
    "text", ["宏达压铸厂", "杭州恒泰机械有限公司", "Can Do Ltd", "How & Why Labs", "A/B 测试"]
)
def test_a_name_is_told_from_a_question(text: str) -> None:
    assert not is_question(text)
