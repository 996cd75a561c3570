"""A vague question is answered as any other, and one clarifying question stands beneath."""

from datetime import timedelta

import pytest
from sqlmodel import select

from bot.desk import asking, choosing, clarifying, following, offering
from bot.desk.tables import IN_OWN_WORDS, Candidate, Consultation
from bot.desk.views import Found
from tests.bot.desk.conftest import ASKER, NOW, QUESTION, Office

VAGUE = "产品质量有问题"
FIELDS = ("纺纱", "制革", "养虾")
FLAT = [Found(f"field-{n}", 0.5, "possible", "证据", 0.2) for n in range(len(FIELDS))]
# Statements that a question with a shortlist costs.
ASKING = 13
SHARP = [Found("expert-1", 0.9, "strong", "佐证", 0.9)]


@pytest.fixture(autouse=True)
def people(office: Office) -> None:
    for number, field in enumerate(FIELDS):
        person = office.person_named(field)
        office.entry(f"field-{number}", "expert", person, title_zh=f"教授，{field}")


def ask(office: Office, text: str = VAGUE, found: list[Found] = FLAT) -> int:
    return asking.ask(office.session, office.heard(ASKER, text), found, now=NOW)


def press(office: Office, number: int, choice: int = 1, chat_id: int = ASKER) -> str:
    """As the handler does; the choice's words."""
    turns = clarifying.turns_with(office.session, chat_id, number, choice)
    clarifying.narrow(office.session, chat_id, number, choice, SHARP, now=NOW)
    return turns.last


def keys(office: Office, number: int) -> list[str]:
    chosen = select(Candidate.entry_key).where(Candidate.consultation_id == number)
    return list(office.session.exec(chosen))


def follow(office: Office, text: str) -> int:
    heard = office.heard(ASKER, text)
    draft = following.draft_of(office.session, heard)
    assert draft is not None
    assert draft.follows
    following.follow(office.session, heard, draft, FLAT, now=NOW)
    return heard.message_id


def test_a_vague_question_has_its_shortlist_and_beneath_it_one_clarifying_question(
    office: Office,
) -> None:
    number = ask(office)
    assert office.cards(ASKER)[-2:] == ["shortlist", "clarify"]
    assert len(office.last(ASKER, "shortlist")["candidates"]) == 3
    view = office.last(ASKER, "clarify")
    assert (view["consultation"], view["listed"]) == (number, True)
    assert sorted(view["choices"]) == sorted(FIELDS)


def test_it_is_asked_too_where_nothing_was_good_enough(office: Office) -> None:
    ask(office, found=[Found(hit.entry, 0.5, "weak", "", 0.1) for hit in FLAT])
    assert office.last(ASKER, "shortlist")["nothing"]
    assert office.cards(ASKER)[-1] == "clarify"
    assert not office.last(ASKER, "clarify")["listed"]


@pytest.mark.parametrize(("text", "found"), [(VAGUE, SHARP), (VAGUE, []), (QUESTION * 3, FLAT)])
def test_a_specific_question_is_asked_nothing_and_costs_no_statement_more(
    office: Office, text: str, found: list[Found]
) -> None:
    heard = office.heard(ASKER, text)
    with office.costs_at_most(ASKING):
        asking.ask(office.session, heard, found, now=NOW)
    assert "clarify" not in office.cards(ASKER)


def test_a_clarifying_question_costs_one_statement_to_find_and_one_to_owe(office: Office) -> None:
    heard = office.heard(ASKER, VAGUE)
    with office.costs_at_most(ASKING + 2):
        asking.ask(office.session, heard, FLAT, now=NOW)
    assert "clarify" in office.cards(ASKER)


def test_where_nothing_separates_what_was_found_nothing_is_asked(office: Office) -> None:
    ask(office, found=[Found(f"expert-{n}", 0.5, "possible", "", 0.2) for n in range(3)])
    assert "clarify" not in office.cards(ASKER)


def test_a_choice_becomes_a_turn_and_another_shortlist_is_shown(office: Office) -> None:
    number = ask(office)
    before = office.consultation(number).asked_message
    choice = press(office, number, 2)
    assert choice == office.last(ASKER, "clarify")["choices"][1]
    assert office.consultation(number).question == f"{VAGUE}\n{choice}"
    assert office.consultation(number).forwarded == f"{VAGUE}\n{choice}"
    assert office.consultation(number).asked_message == before
    assert keys(office, number) == ["expert-1"]
    assert office.cards(ASKER)[-1] == "shortlist"
    assert office.last(ASKER, "clarified") == {"consultation": number, "choice": choice}


def test_the_answer_stands_in_the_place_of_the_question(office: Office) -> None:
    first, second = ask(office), ask(office)
    press(office, first)
    clarifying.choose_none(office.session, ASKER, second, now=NOW)
    slots = {owed.card: owed.slot for owed in office.owed(ASKER) if owed.thread == first}
    assert slots["clarify"] == slots["clarified"] != ""
    other = {owed.card: owed.slot for owed in office.owed(ASKER) if owed.thread == second}
    assert other["clarify"] == other["clarified"] != slots["clarify"]


def test_what_was_redacted_stays_redacted_after_a_choice(office: Office) -> None:
    number = ask(office)
    office.consultation(number).forwarded = "改过的"
    choice = press(office, number)
    assert office.consultation(number).forwarded == f"改过的\n{choice}"


def test_a_preview_shown_before_the_choice_sends_nothing(office: Office) -> None:
    number = ask(office)
    choosing.choose_nobody(office.session, ASKER, number, now=NOW)
    seen = office.last(ASKER, "preview")["seen"]
    press(office, number)
    with office.refuses("preview_old"):
        offering.confirm(office.session, ASKER, number, seen, timedelta(days=1), now=NOW)


def test_it_is_answered_once(office: Office) -> None:
    number = ask(office)
    press(office, number, 1)
    question = office.consultation(number).question
    for choice in (1, 2):
        with office.refuses("clarified"):
            press(office, number, choice)
    with office.refuses("clarified"):
        clarifying.choose_none(office.session, ASKER, number, now=NOW)
    assert office.consultation(number).question == question


def test_it_is_asked_once_whatever_is_typed_or_chosen_after_it(office: Office) -> None:
    number = ask(office)
    follow(office, "那成本呢")
    press(office, number)
    follow(office, "那交期呢")
    assert office.cards(ASKER).count("clarify") == 1


def test_a_choice_goes_on_with_what_was_typed_since(office: Office) -> None:
    number = ask(office)
    follow(office, "那成本呢")
    choice = press(office, number)
    assert office.consultation(number).question == f"{VAGUE}\n那成本呢\n{choice}"


def test_a_choice_is_not_taken_off_as_the_last_thing_typed(office: Office) -> None:
    number = ask(office)
    message = follow(office, "那成本呢")
    press(office, number)
    with office.refuses("stale_button"):
        following.turns_apart(office.session, ASKER, number, message)
    message = follow(office, "那交期呢")
    assert following.turns_apart(office.session, ASKER, number, message).last == "那交期呢"


def test_none_of_these_asks_for_their_own_words_and_these_go_on_with_the_draft(
    office: Office,
) -> None:
    number = ask(office)
    clarifying.choose_none(office.session, ASKER, number, now=NOW)
    assert office.last(ASKER, "clarified") == {"consultation": number, "choice": ""}
    assert office.consultation(number).question == VAGUE
    follow(office, "ADC12压铸件漏气")
    assert office.consultation(number).question == f"{VAGUE}\nADC12压铸件漏气"
    assert office.consultation(number).choice == IN_OWN_WORDS
    later = following.draft_of(office.session, office.heard(ASKER, "锂电池涂布厚边怎么办"))
    assert later is not None
    assert not later.follows
    with office.refuses("clarified"):
        press(office, number)


def test_another_question_is_another_question_after_none_of_these(office: Office) -> None:
    clarifying.choose_none(office.session, ASKER, ask(office), now=NOW)
    draft = following.draft_of(office.session, office.heard(ASKER, "另一个问题，模具变形"))
    assert draft is not None
    assert not draft.follows


@pytest.mark.parametrize("end", ["send", "withdraw"])
def test_a_question_that_was_sent_or_withdrawn_is_not_narrowed(office: Office, end: str) -> None:
    number = ask(office)
    choosing.choose_nobody(office.session, ASKER, number, now=NOW)
    if end == "send":
        office.confirm(number)
    else:
        offering.withdraw(office.session, ASKER, number, now=NOW)
    with office.refuses("wrong_stage", consultation=number):
        press(office, number)
    with office.refuses("wrong_stage", consultation=number):
        clarifying.choose_none(office.session, ASKER, number, now=NOW)
    assert office.consultation(number).question == VAGUE


def test_somebody_else_cannot_answer_it(office: Office) -> None:
    number = ask(office)
    office.join(101, "李老板", "asker")
    with office.refuses("not_yours"):
        press(office, number, chat_id=101)
    with office.refuses("not_yours"):
        clarifying.choose_none(office.session, 101, number, now=NOW)
    assert office.session.get_one(Consultation, number).choice is None


@pytest.mark.parametrize("choice", [0, -1, 4, 99])
def test_a_choice_that_was_never_offered_is_a_stale_button(office: Office, choice: int) -> None:
    number = ask(office)
    with office.refuses("stale_button"):
        press(office, number, choice)
    with office.refuses("stale_button"):
        press(office, office.ask(), 1)  # nothing was asked there
