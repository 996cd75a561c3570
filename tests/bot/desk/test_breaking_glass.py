"""An admin reads a consultation: for a reason, once, for a while; recorded, and told to both."""

from datetime import timedelta

import pytest
from sqlmodel import select

from bot.desk import breaking_glass, counting, talking
from bot.desk.breaking_glass import LOOK_FOR, SaidView, paged
from bot.desk.tables import Audit, Awaiting, Look, LookState
from tests.bot.desk.conftest import ADMIN, ASKER, MENTORS, NOW, QUESTION, Office

REASON = "提问者投诉答复态度不好"
SAID = "浇口速度要多少"


@pytest.fixture
def number(office: Office) -> int:
    """A consultation under way, with something said in it."""
    made = office.talk()
    talking.relay(office.session, office.heard(ASKER, SAID), made, now=NOW)
    return made


def ask(office: Office, number: int, reason: str = REASON) -> int:
    """Asked for, and not begun: the look's number."""
    breaking_glass.ask_which(office.session, ADMIN, now=NOW)
    breaking_glass.ask(office.session, ADMIN, f"#{number} {reason}", now=NOW)
    found: int = office.last(ADMIN, "look_ask")["look"]
    return found


def audits(office: Office) -> list[Audit]:
    return list(office.session.exec(select(Audit)))


def test_asking_shows_nothing_and_tells_nobody_yet(office: Office, number: int) -> None:
    ask(office, number)
    assert office.awaiting(ADMIN) is Awaiting.NOTHING
    assert QUESTION not in str([one.values for one in office.owed(ADMIN)])
    assert "looked" not in office.cards(ASKER) + office.cards(MENTORS[0])
    assert audits(office) == []


def test_a_look_shows_it_records_it_and_tells_both_sides(office: Office, number: int) -> None:
    breaking_glass.look(office.session, ADMIN, ask(office, number), now=NOW)
    shown = [one.values for one in office.owed(ADMIN) if one.card == "look"]
    assert shown[0]["question"] == QUESTION
    (entry,) = audits(office)
    assert (entry.actor_id, entry.act, entry.consultation_id) == (
        office.people[ADMIN],
        "look",
        number,
    )
    assert (entry.reason, entry.at) == (REASON, NOW)
    for side in (ASKER, MENTORS[0]):
        told = office.last(side, "looked")
        assert told["name"]["zh"] == "管理员"
        assert (told["reason"], told["entry"]) == (REASON, entry.id)


def test_what_was_said_is_read_in_its_order(office: Office, number: int) -> None:
    talking.relay(office.session, office.heard(MENTORS[0], "先说壁厚"), number, now=NOW)
    breaking_glass.look(office.session, ADMIN, ask(office, number), now=NOW)
    said = [one for card in office.owed(ADMIN) for one in card.values.get("said", [])]
    assert [(one["by_asker"], one["text"]) for one in said] == [(True, SAID), (False, "先说壁厚")]


def test_it_is_seen_once(office: Office, number: int) -> None:
    look = ask(office, number)
    breaking_glass.look(office.session, ADMIN, look, now=NOW)
    for use_case in (breaking_glass.look, breaking_glass.leave):
        with office.refuses("look_over", consultation=number):
            use_case(office.session, ADMIN, look, now=NOW)
    assert len(audits(office)) == 1


def test_it_is_taken_away_after_its_time(office: Office, number: int) -> None:
    look = ask(office, number)
    breaking_glass.look(office.session, ADMIN, look, now=NOW)
    slots = {one.slot for one in office.owed(ADMIN) if one.card == "look"}
    almost = NOW + LOOK_FOR - timedelta(seconds=1)
    assert breaking_glass.end_due(office.session, now=almost) == 0
    assert breaking_glass.end_due(office.session, now=NOW + LOOK_FOR) == 1
    assert {one.slot for one in office.owed(ADMIN) if one.card == "look_over"} == slots
    assert breaking_glass.end_due(office.session, now=NOW + LOOK_FOR) == 0
    assert office.session.get_one(Look, look).state is LookState.OVER


def test_who_leaves_it_has_read_nothing_and_nobody_is_told(office: Office, number: int) -> None:
    look = ask(office, number)
    breaking_glass.leave(office.session, ADMIN, look, now=NOW)
    with office.refuses("look_over"):
        breaking_glass.look(office.session, ADMIN, look, now=NOW)
    assert audits(office) == []
    assert "looked" not in office.cards(ASKER)


def test_a_look_asked_for_long_ago_is_asked_for_anew(office: Office, number: int) -> None:
    look = ask(office, number)
    late = NOW + breaking_glass.BEGIN_WITHIN + timedelta(seconds=1)
    with office.refuses("look_over"):
        breaking_glass.look(office.session, ADMIN, look, now=late)


@pytest.mark.parametrize("text", ["", "12", "12 好奇", "为什么要看这个咨询", "x12 提问者投诉态度"])
def test_without_a_number_and_a_reason_nothing_is_asked(office: Office, text: str) -> None:
    breaking_glass.ask_which(office.session, ADMIN, now=NOW)
    with office.refuses("look_form"):
        breaking_glass.ask(office.session, ADMIN, text, now=NOW)
    assert office.awaiting(ADMIN) is Awaiting.LOOK


def test_what_was_never_sent_is_shown_to_nobody(office: Office) -> None:
    draft = office.ask()
    for unsent in (draft, 999):
        with office.refuses("look_none", consultation=unsent):
            breaking_glass.ask(office.session, ADMIN, f"{unsent} {REASON}", now=NOW)


def test_only_an_admin_asks_and_only_they_read_what_they_asked_for(
    office: Office, number: int
) -> None:
    for chat_id in (ASKER, MENTORS[0]):
        with office.refuses("not_allowed"):
            breaking_glass.ask_which(office.session, chat_id, now=NOW)
        with office.refuses("not_allowed"):
            breaking_glass.ask(office.session, chat_id, f"{number} {REASON}", now=NOW)
    look = ask(office, number)
    office.join(402, "另一位", "admin")
    with office.refuses("not_yours"):
        breaking_glass.look(office.session, 402, look, now=NOW)
    with office.refuses("not_allowed"):
        breaking_glass.look(office.session, MENTORS[0], look, now=NOW)


def test_who_has_blocked_the_bot_is_owed_the_news_all_the_same(office: Office, number: int) -> None:
    look = ask(office, number)
    office.block(MENTORS[0])
    breaking_glass.look(office.session, ADMIN, look, now=NOW)
    assert "looked" in office.cards(MENTORS[0])


def test_without_a_look_admins_are_shown_no_word_of_it(office: Office, number: int) -> None:
    counting.show_admin(office.session, ADMIN, now=NOW)
    counting.show_counts(office.session, ADMIN, now=NOW)
    shown = str([one.values for one in office.owed(ADMIN)])
    assert QUESTION not in shown
    assert SAID not in shown


def test_pages_hold_everything_in_order_and_fit_a_card() -> None:
    said = [SaidView(n % 2 == 0, "text", f"{n}" * 400) for n in range(30)]
    pages = paged(said)
    assert [one for page in pages for one in page] == said
    assert pages[0] == ()
    assert all(sum(len(one.text) for one in page) < 2900 for page in pages)
