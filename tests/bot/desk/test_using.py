"""A mentor answers with what was answered before: credited, sent once, and never without owner."""

import pytest
from sqlmodel import select

from bot.desk import accepting, asking, confiding, counting, learning, offering, transcribing, using
from bot.desk.rights import HOLDINGS
from bot.desk.tables import AnswerUse, OfferState, Stage
from bot.desk.views import Found
from knowledge.answers import retract
from knowledge.tables import Entry
from tests.bot.desk.conftest import ASKER, DAY, MENTORS, NOW, Office

FIRST, SECOND, THIRD = MENTORS
BEFORE, ANSWER = "压铸件加工后露气孔", "先抽真空，再查料饼厚度。"


def answered(office: Office, key: str, author: int | None = THIRD, title: str = BEFORE) -> int:
    """An earlier answer of the third mentor."""
    person = office.people[author] if author is not None else None
    return office.entry(key, "answer", person, title_zh=title, summary_zh=ANSWER)


def ask(office: Office, *keys: str) -> int:
    hits = [Found(f"expert-{n}", 0.9 - n / 10, "strong", f"证据{n}") for n in range(3)]
    hits += [Found(key, 0.5 - n / 10, "strong", "证据") for n, key in enumerate(keys)]
    return asking.ask(office.session, office.heard(ASKER, "铝压铸件有气孔怎么办"), hits, now=NOW)


@pytest.fixture
def entry(office: Office) -> int:
    return answered(office, "answer-1")


@pytest.fixture
def number(office: Office, entry: int) -> int:
    """A question on offer to the first mentor, for which an earlier answer was found."""
    made = ask(office, "answer-1")
    office.send(made)
    return made


def offer_of(office: Office, number: int) -> int:
    return office.offer(number).id or 0


def uses(office: Office) -> list[AnswerUse]:
    return list(office.session.exec(select(AnswerUse)))


def test_the_offer_lists_the_answers_that_were_found(office: Office, number: int) -> None:
    similar = office.last(FIRST, "offer")["similar"]
    assert [(one["question"]["zh"], one["answer"]["zh"]) for one in similar] == [(BEFORE, ANSWER)]
    assert number


def test_the_whole_answer_is_shown_to_the_mentor_alone_and_accepts_nothing(
    office: Office, number: int, entry: int
) -> None:
    told = len(office.owed(ASKER))
    using.show(office.session, FIRST, offer_of(office, number), entry, now=NOW)
    view = office.last(FIRST, "earlier")
    assert (view["answer"]["zh"], view["author"]["zh"]) == (ANSWER, "导师2")
    assert office.consultation(number).stage is Stage.OFFERED
    assert len(office.owed(ASKER)) == told


def test_using_it_accepts_and_sends_it_with_credit_and_asks_whether_it_solves_it(
    office: Office, number: int, entry: int
) -> None:
    using.use(office.session, FIRST, offer_of(office, number), entry, now=NOW)
    consultation = office.consultation(number)
    assert (consultation.stage, consultation.mentor_id) == (Stage.ANSWERED, office.people[FIRST])
    view = office.last(ASKER, "used")
    assert (view["answer"]["zh"], view["author"]["zh"]) == (ANSWER, "导师2")
    assert (view["mentor"]["zh"], view["own"]) == ("导师0", False)
    cards = office.cards(ASKER)
    assert cards.index("accepted_asker") < cards.index("used")
    (use,) = uses(office)
    assert (use.entry_key, use.author_id) == ("answer-1", office.people[THIRD])


def test_solved_by_it_the_consultation_is_closed_and_the_author_thanked(
    office: Office, number: int, entry: int
) -> None:
    using.use(office.session, FIRST, offer_of(office, number), entry, now=NOW)
    using.settle(office.session, ASKER, uses(office)[0].id or 0, 1, now=NOW)
    assert office.consultation(number).stage is Stage.RESOLVED
    assert uses(office)[0].solved
    thanks = office.owed(THIRD)[-1]
    assert (thanks.card, thanks.values["question"]["zh"]) == ("used_again", BEFORE)
    assert "宏达" not in str(thanks.values)


def test_not_solved_by_it_the_mentor_goes_on(office: Office, number: int, entry: int) -> None:
    using.use(office.session, FIRST, offer_of(office, number), entry, now=NOW)
    using.settle(office.session, ASKER, uses(office)[0].id or 0, 0, now=NOW)
    consultation = office.consultation(number)
    assert (consultation.stage, consultation.mentor_id) == (Stage.ACTIVE, office.people[FIRST])
    assert uses(office)[0].solved is False
    assert "not_yet" in office.cards(FIRST)
    assert "used_again" not in office.cards(THIRD)


def test_an_answer_of_the_mentors_own_is_their_own(office: Office) -> None:
    entry = answered(office, "answer-own", FIRST)
    number = ask(office, "answer-own")
    office.send(number)
    using.use(office.session, FIRST, offer_of(office, number), entry, now=NOW)
    assert office.last(ASKER, "used")["own"]
    using.settle(office.session, ASKER, uses(office)[0].id or 0, 1, now=NOW)
    assert "used_again" not in office.cards(FIRST)


def test_after_accepting_it_can_be_used_in_the_talk(
    office: Office, number: int, entry: int
) -> None:
    offer = offer_of(office, number)
    accepting.accept(office.session, FIRST, offer, now=NOW)
    told = office.last(FIRST, "accepted_mentor")
    assert [one["entry"] for one in told["similar"]] == [entry]
    using.use(office.session, FIRST, offer, entry, now=NOW)
    assert office.consultation(number).stage is Stage.ANSWERED


@pytest.mark.parametrize("level", ["match_only", "nda"])
def test_of_a_veiled_question_the_answers_would_tell_so_they_are_shown_after_accepting(
    office: Office, entry: int, level: str
) -> None:
    number = ask(office, "answer-1")
    office.choose(number)
    confiding.choose_level(office.session, ASKER, number, level, now=NOW)
    office.confirm(number)
    offer = offer_of(office, number)
    assert office.last(FIRST, "offer")["similar"] == []
    for act in (using.show, using.use):
        with office.refuses("answer_veiled"):
            act(office.session, FIRST, offer, entry, now=NOW)
    assert office.consultation(number).stage is Stage.OFFERED
    assert uses(office) == []
    if level == "nda":
        accepting.undertake(office.session, FIRST, offer, 1, now=NOW)
    else:
        accepting.accept(office.session, FIRST, offer, now=NOW)
    assert [one["entry"] for one in office.last(FIRST, "accepted_mentor")["similar"]] == [entry]


def test_an_answer_taken_back_meanwhile_is_sent_to_nobody_and_nothing_is_accepted(
    office: Office, number: int, entry: int
) -> None:
    retract(office.session, "answer-1", NOW)
    with office.refuses("answer_gone"):
        using.use(office.session, FIRST, offer_of(office, number), entry, now=NOW)
    assert office.consultation(number).stage is Stage.OFFERED
    assert "used" not in office.cards(ASKER)


def test_no_other_entry_can_be_sent(office: Office, number: int) -> None:
    other = answered(office, "answer-2", title="别的问题")
    expert = office.session.exec(select(Entry.id).where(Entry.key == "expert-1")).one() or 0
    for wrong in (other, expert):
        with office.refuses("stale_button"):
            using.use(office.session, FIRST, offer_of(office, number), wrong, now=NOW)


def test_what_the_asker_finds_not_to_fit_is_not_offered_to_be_used(
    office: Office, entry: int
) -> None:
    number = ask(office, "answer-1")
    line = next(
        one for one in asking.candidates_of(office.session, number) if one.entry_key == "answer-1"
    )
    learning.strike(office.session, ASKER, line.id or 0, now=NOW)
    office.send(number)
    assert office.last(FIRST, "offer")["similar"] == []
    with office.refuses("stale_button"):
        using.use(office.session, FIRST, offer_of(office, number), entry, now=NOW)


def test_pressed_twice_it_is_sent_once(office: Office, number: int, entry: int) -> None:
    offer = offer_of(office, number)
    using.use(office.session, FIRST, offer, entry, now=NOW)
    with office.refuses("answer_used"):
        using.use(office.session, FIRST, offer, entry, now=NOW)
    assert office.cards(ASKER).count("used") == 1


def test_what_was_sent_is_on_no_card_any_more(office: Office, entry: int) -> None:
    other = answered(office, "answer-2", title="压铸件气孔怎么查")
    number = ask(office, "answer-1", "answer-2")
    office.send(number)
    using.use(office.session, FIRST, offer_of(office, number), entry, now=NOW)
    assert [one["entry"] for one in office.last(FIRST, "accepted_mentor")["similar"]] == [other]


def test_of_an_offer_that_ended_nothing_is_used(office: Office, number: int, entry: int) -> None:
    offer = office.offer(number)
    offering.pass_on(office.session, offer, OfferState.EXPIRED, DAY, NOW)
    with office.refuses("offer_ended"):
        using.use(office.session, FIRST, offer.id or 0, entry, now=NOW)
    assert office.offer(number).person_id == office.people[SECOND]


def test_a_withdrawn_question_is_answered_by_nothing(
    office: Office, number: int, entry: int
) -> None:
    offer = offer_of(office, number)
    offering.withdraw(office.session, ASKER, number, now=NOW)
    with office.refuses("offer_ended"):
        using.use(office.session, FIRST, offer, entry, now=NOW)


def test_nobody_uses_it_on_anothers_offer_or_settles_anothers(
    office: Office, number: int, entry: int
) -> None:
    offer = offer_of(office, number)
    with office.refuses("not_yours"):
        using.use(office.session, SECOND, offer, entry, now=NOW)
    using.use(office.session, FIRST, offer, entry, now=NOW)
    for who in (FIRST, SECOND):
        with office.refuses("not_yours"):
            using.settle(office.session, who, uses(office)[0].id or 0, 1, now=NOW)


def test_the_transcript_names_it_and_its_author_until_it_is_taken_back(
    office: Office, number: int, entry: int
) -> None:
    using.use(office.session, FIRST, offer_of(office, number), entry, now=NOW)
    (line,) = transcribing.transcript_of(office.session, number).used
    assert (line.answer.zh, line.author.zh, line.at) == (ANSWER, "导师2", NOW)
    retract(office.session, "answer-1", NOW)
    (line,) = transcribing.transcript_of(office.session, number).used
    assert (line.question.zh, line.answer.zh) == ("", "")


def test_a_button_of_nothing_that_was_used_is_answered(office: Office, number: int) -> None:
    with office.refuses("stale_button"):
        using.settle(office.session, ASKER, number + 999, 1, now=NOW)


def test_it_is_said_whether_it_helped_once(office: Office, number: int, entry: int) -> None:
    using.use(office.session, FIRST, offer_of(office, number), entry, now=NOW)
    use = uses(office)[0].id or 0
    using.settle(office.session, ASKER, use, 1, now=NOW)
    for solved in (0, 1):
        with office.refuses("wrong_stage"):
            using.settle(office.session, ASKER, use, solved, now=NOW)
    assert office.cards(THIRD).count("used_again") == 1


def test_the_admins_see_how_many_were_used_and_solved(
    office: Office, number: int, entry: int
) -> None:
    using.use(office.session, FIRST, offer_of(office, number), entry, now=NOW)
    assert _figures(office) == (1, 0)
    using.settle(office.session, ASKER, uses(office)[0].id or 0, 1, now=NOW)
    assert _figures(office) == (1, 1)


def _figures(office: Office) -> tuple[int, int]:
    view = counting.counted(office.session, NOW)
    return view.answers_used, view.answers_solved


def test_who_used_what_is_told_to_each_without_the_others() -> None:
    for holding in HOLDINGS["answer_use"]:
        named = {"mentor_id", "author_id"} - set(holding.owners)
        assert named <= set(holding.hidden)
