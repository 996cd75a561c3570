"""A solved consultation becomes a public answer, if both sides approve the same words."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from bot.desk import approving, closing, looking, reopening, talking
from bot.desk.drafting import QUESTION_LIMIT
from bot.desk.tables import Answer, AnswerState, Awaiting, Level
from knowledge.queries import entries_by_key, passages
from knowledge.tables import Entry, Person
from tests.bot.desk.conftest import ASKER, DAY, MENTORS, NOW, Office

MENTOR, OTHER = MENTORS[0], MENTORS[1]
SAID = (
    "王老板您好！",
    "宏达的模具先查排气槽，再把浇口速度提到45 m/s",
    "保压加3秒，模温控制在200度左右。有事打13812345678",
    "不客气",
)


@dataclass
class Desk:
    """A talk that was solved, and the draft of it."""

    office: Office
    number: int

    @property
    def answer(self) -> Answer:
        self.office.session.flush()
        query = select(Answer).where(Answer.consultation_id == self.number)
        return self.office.session.exec(query).one()

    def state(self) -> AnswerState:
        return self.answer.state

    def card(self, chat_id: int, name: str = "answer") -> dict[str, Any]:
        return self.office.last(chat_id, name)

    def approve(self, chat_id: int) -> None:
        seen = self.card(chat_id)
        session = self.office.session
        approving.approve(session, chat_id, seen["answer"], seen["version"], now=NOW)

    def publish(self) -> str:
        self.approve(MENTOR)
        self.approve(ASKER)
        return self.answer.entry_key

    def found(self) -> set[str]:
        """The keys of the entries that the index would hold."""
        self.office.session.flush()
        return {one.entry for one in passages(self.office.session)}


def solved(office: Office, level: Level = Level.PUBLIC, said: tuple[str, ...] = SAID) -> Desk:
    number = office.talk()
    office.consultation(number).level = level
    for text in said:
        talking.relay(office.session, office.heard(MENTOR, text), number, now=NOW)
    closing.settle(office.session, ASKER, number, True, now=NOW)
    return Desk(office, number)


@pytest.fixture
def desk(office: Office) -> Desk:
    return solved(office)


def test_a_solved_consultation_offers_its_mentor_a_draft_without_names(desk: Desk) -> None:
    card = desk.card(MENTOR)
    assert card["question"] == desk.office.consultation(desk.number).forwarded
    assert "浇口速度提到45 m/s" in card["text"]
    assert "保压加3秒" in card["text"]
    for hidden in ("宏达", "王老板", "13812345678", "您好", "不客气"):
        assert hidden not in card["text"]
    assert "answer" not in desk.office.cards(ASKER)
    assert desk.found() == set()


def test_nothing_is_public_before_both_approve_the_same_words(desk: Desk) -> None:
    desk.approve(MENTOR)
    assert desk.state() is AnswerState.DRAFT
    assert desk.found() == set()
    shown, asked = desk.card(MENTOR), desk.card(ASKER)
    assert (shown["question"], shown["text"]) == (asked["question"], asked["text"])
    assert asked["other"]
    desk.approve(ASKER)
    assert desk.state() is AnswerState.PUBLIC
    assert desk.found() == {desk.answer.entry_key}


def test_it_is_an_entry_with_credit_to_its_mentor_and_their_university(desk: Desk) -> None:
    office = desk.office
    home = office.enterprise_named("浙大")
    office.session.get_one(Person, office.people[MENTOR]).organisation_id = home
    key = desk.publish()
    entry = entries_by_key(office.session, [key])[key]
    assert (entry.kind, entry.person_name_zh, entry.organisation_name_zh) == (
        "answer",
        "导师0",
        "浙大",
    )
    assert entry.title_zh == desk.answer.question
    assert entry.summary_zh == desk.answer.text
    texts = {one.key.split("/")[1]: one.text for one in passages(office.session)}
    assert texts["question"] == entry.title_zh
    assert texts["answer"].startswith(entry.title_zh)
    assert entry.summary_zh in texts["answer"]


def test_whoever_has_it_before_them_is_reminded_once(desk: Desk) -> None:
    session, soon = desk.office.session, NOW + timedelta(days=4)
    assert approving.remind_due(session, now=soon) == 0
    for _ in range(2):
        approving.remind_due(session, now=NOW + timedelta(days=6))
    cards = desk.office.cards(MENTOR)
    assert cards.count("answer") == 2
    assert desk.card(MENTOR)["reminder"]
    assert "answer" not in desk.office.cards(ASKER)

    desk.approve(MENTOR)
    assert not desk.card(ASKER)["reminder"]
    for _ in range(2):
        approving.remind_due(session, now=NOW + timedelta(days=12))
    assert desk.office.cards(ASKER).count("answer") == 2
    assert desk.office.cards(MENTOR).count("answer") == 2
    desk.approve(ASKER)
    assert desk.state() is AnswerState.PUBLIC


def test_who_is_asked_whether_there_may_be_a_draft_is_reminded_too(office: Office) -> None:
    desk = solved(office, Level.MATCH_ONLY)
    for _ in range(2):
        approving.remind_due(office.session, now=NOW + timedelta(days=6))
    assert office.cards(ASKER).count("answer_wish") == 2
    approving.allow(office.session, ASKER, desk.answer.id or 0, now=NOW)
    assert office.cards(ASKER)[-1] == "answer_allowed"
    assert "answer" in office.cards(MENTOR)


def test_nobody_is_reminded_of_what_was_decided(desk: Desk) -> None:
    approving.decline(desk.office.session, MENTOR, desk.answer.id or 0, now=NOW)
    assert approving.remind_due(desk.office.session, now=NOW + timedelta(days=6)) == 0


def test_either_side_may_say_no_and_then_nothing_becomes_public(desk: Desk) -> None:
    desk.approve(MENTOR)
    approving.decline(desk.office.session, ASKER, desk.answer.id or 0, now=NOW)
    assert desk.state() is AnswerState.DECLINED
    assert desk.card(MENTOR, "answer_declined")["mine"] is False
    with desk.office.refuses("answer_moved"):
        desk.approve(ASKER)
    assert desk.found() == set()


def test_a_mentor_who_says_no_leaves_the_asker_in_peace(desk: Desk) -> None:
    approving.decline(desk.office.session, MENTOR, desk.answer.id or 0, now=NOW)
    assert not any(card.startswith("answer") for card in desk.office.cards(ASKER))


def test_an_edit_by_one_side_is_approved_anew_by_the_other(desk: Desk) -> None:
    session = desk.office.session
    desk.approve(MENTOR)
    seen = desk.card(ASKER)
    approving.edit_question(session, ASKER, seen["answer"], seen["version"], now=NOW)
    assert desk.office.awaiting(ASKER) is Awaiting.ANSWER_QUESTION
    approving.rewrite_question(session, ASKER, "压铸件内部有气孔怎么办？", now=NOW)
    assert desk.office.awaiting(ASKER) is Awaiting.NOTHING
    with desk.office.refuses("answer_changed"):  # the card of before
        approving.approve(session, ASKER, seen["answer"], seen["version"], now=NOW)
    desk.approve(ASKER)
    assert desk.state() is AnswerState.DRAFT
    assert desk.card(MENTOR)["question"] == "压铸件内部有气孔怎么办？"
    desk.approve(MENTOR)
    assert desk.state() is AnswerState.PUBLIC


def test_a_part_is_dropped_and_taken_back(desk: Desk) -> None:
    session, card = desk.office.session, desk.card(MENTOR)
    approving.drop(session, MENTOR, card["answer"], card["version"], 0, now=NOW)
    assert "45 m/s" not in desk.card(MENTOR)["text"]
    again = desk.card(MENTOR)
    with desk.office.refuses("answer_empty"):
        approving.drop(session, MENTOR, again["answer"], again["version"], 1, now=NOW)
    approving.drop(session, MENTOR, again["answer"], again["version"], 0, now=NOW)
    assert desk.card(MENTOR)["text"] == card["text"]
    slots = {owed.slot for owed in desk.office.owed(MENTOR) if owed.card == "answer"}
    assert len(slots) == 1  # in place


def test_the_answer_is_rewritten_whole_and_what_still_identifies_is_pointed_at(desk: Desk) -> None:
    session, card = desk.office.session, desk.card(MENTOR)
    approving.edit_answer(session, MENTOR, card["answer"], card["version"], now=NOW)
    approving.rewrite_answer(session, MENTOR, "找张师傅13912345678，他调过45 m/s", now=NOW)
    assert "13912345678" in desk.card(MENTOR)["marks"]
    assert len(desk.card(MENTOR)["parts"]) == 1


@pytest.mark.parametrize(
    ("text", "code"), [("短", "answer_short"), ("问" * (QUESTION_LIMIT + 1), "answer_long")]
)
def test_a_text_of_the_wrong_length_leaves_the_form_open(desk: Desk, text: str, code: str) -> None:
    card, session = desk.card(MENTOR), desk.office.session
    approving.edit_question(session, MENTOR, card["answer"], card["version"], now=NOW)
    with desk.office.refuses(code):
        approving.rewrite_question(session, MENTOR, text, now=NOW)
    assert desk.office.awaiting(MENTOR) is Awaiting.ANSWER_QUESTION


@pytest.mark.parametrize("chat_id", [ASKER, MENTOR])
def test_either_side_withdraws_it_and_its_texts_are_gone(desk: Desk, chat_id: int) -> None:
    key = desk.publish()
    approving.note_indexed(desk.office.session, [(desk.answer.id or 0, desk.answer.state)], now=NOW)
    approving.withdraw(desk.office.session, chat_id, desk.answer.id or 0, now=NOW)
    assert entries_by_key(desk.office.session, [key]) == {}
    assert desk.found() == set()
    entry = desk.office.session.exec(select(Entry).where(Entry.key == key)).one()
    assert (entry.title_zh, entry.summary_zh) == ("", "")
    assert approving.unindexed(desk.office.session)
    for chat in (ASKER, MENTOR):
        assert desk.office.cards(chat)[-1] == "answer_withdrawn"
    with desk.office.refuses("answer_moved"):
        approving.withdraw(desk.office.session, chat_id, desk.answer.id or 0, now=NOW)


def test_what_is_public_can_be_withdrawn_from_the_list_of_what_is_closed(desk: Desk) -> None:
    looking.show_open(desk.office.session, MENTOR, now=NOW)
    assert [one["answer"] for one in desk.card(MENTOR, "closed_list")["closed"]] == [0]
    desk.publish()
    looking.show_open(desk.office.session, MENTOR, now=NOW)
    listed = desk.card(MENTOR, "closed_list")["closed"]
    assert [one["answer"] for one in listed] == [desk.answer.id]


def test_under_nda_nothing_is_ever_drafted(office: Office) -> None:
    desk = solved(office, Level.NDA)
    assert office.session.exec(select(Answer)).all() == []
    assert "answer" not in desk.office.cards(MENTOR)


def test_who_shared_it_for_the_match_alone_is_asked_first(office: Office) -> None:
    desk = solved(office, Level.MATCH_ONLY)
    assert "answer" not in office.cards(MENTOR)
    wish = desk.card(ASKER, "answer_wish")["answer"]
    with office.refuses("not_yours"):
        approving.allow(office.session, MENTOR, wish, now=NOW)
    approving.allow(office.session, ASKER, wish, now=NOW)
    assert desk.card(MENTOR)["answer"] == wish
    with office.refuses("answer_moved"):
        approving.allow(office.session, ASKER, wish, now=NOW)
    desk.publish()
    assert desk.state() is AnswerState.PUBLIC


def test_who_does_not_wish_it_is_not_asked_again(office: Office) -> None:
    desk = solved(office, Level.MATCH_ONLY)
    approving.decline(office.session, ASKER, desk.answer.id or 0, now=NOW)
    reopening.reopen(office.session, ASKER, desk.number, DAY, now=NOW)
    closing.settle(office.session, ASKER, desk.number, True, now=NOW)
    assert office.cards(ASKER).count("answer_wish") == 1
    assert desk.state() is AnswerState.DECLINED


def test_a_reopened_consultation_shelves_its_draft_and_drafts_it_anew(desk: Desk) -> None:
    before = desk.card(MENTOR)
    desk.approve(MENTOR)
    reopening.reopen(desk.office.session, ASKER, desk.number, DAY, now=NOW)
    with desk.office.refuses("answer_moved"):
        desk.approve(ASKER)
    heard = desk.office.heard(MENTOR, "补充：加冷却销后再把慢压射切换点后移10毫米")
    talking.relay(desk.office.session, heard, desk.number, now=NOW)
    closing.settle(desk.office.session, ASKER, desk.number, True, now=NOW)
    after = desk.card(MENTOR)
    assert after["version"] > before["version"]
    assert "冷却销" in after["text"]
    assert not desk.answer.mentor_approved


@pytest.mark.parametrize("said", [(), ("您好", "好的，谢谢"), ("壁厚多少？",)])
def test_where_nothing_substantial_was_said_nothing_is_offered(
    office: Office, said: tuple[str, ...]
) -> None:
    solved(office, said=said)
    assert office.session.exec(select(Answer)).all() == []


def test_unsolved_drafts_nothing(office: Office) -> None:
    number = office.talk()
    talking.relay(office.session, office.heard(MENTOR, SAID[1]), number, now=NOW)
    closing.settle(office.session, ASKER, number, False, now=NOW)
    assert office.session.exec(select(Answer)).all() == []


def test_nobody_else_reads_edits_approves_or_withdraws(desk: Desk) -> None:
    session, card = desk.office.session, desk.card(MENTOR)
    seen = (card["answer"], card["version"])
    for use_case, args in (
        (approving.approve, seen),
        (approving.decline, seen[:1]),
        (approving.drop, (*seen, 0)),
        (approving.edit_question, seen),
        (approving.edit_answer, seen),
        (approving.withdraw, seen[:1]),
    ):
        with desk.office.refuses("not_yours"):
            use_case(session, OTHER, *args, now=NOW)


def test_an_asker_who_is_gone_is_named_to_the_mentor_who_approves(desk: Desk) -> None:
    desk.office.block(ASKER)
    desk.approve(MENTOR)
    assert desk.card(MENTOR, "notice")["code"] == "answer_waits"
    assert desk.state() is AnswerState.DRAFT
