"""A person looks at an entry, at what is open, at what is possible."""

from bot.desk import asking, choosing, closing, looking
from bot.desk.views import Found
from tests.bot.desk.conftest import ASKER, MENTORS, NOW, QUESTION, Office

PATENT = {
    "number": "ZL202010000001.2",
    "licence": "free",
    "terms_zh": "三年",
    "terms_en": "3 years",
}


def test_an_entry_shows_its_facts_in_the_readers_language(office: Office) -> None:
    entry = office.entry("patent-1", "patent", title_zh="一种脱模剂", details=PATENT)
    looking.show_entry(office.session, ASKER, entry, now=NOW)
    view = office.last(ASKER, "entry")
    assert view["facts"] == [
        {"name": "number", "value": "ZL202010000001.2"},
        {"name": "licence", "value": "free"},
        {"name": "terms", "value": "三年"},
    ]
    assert (view["consultation"], view["candidate"]) == (0, 0)


def test_a_fact_in_one_language_alone_is_shown_in_it(office: Office) -> None:
    entry = office.entry("patent-1", "patent", details={"terms_en": "3 years"})
    looking.show_entry(office.session, ASKER, entry, now=NOW)
    assert office.last(ASKER, "entry")["facts"] == [{"name": "terms", "value": "3 years"}]


def test_an_earlier_answer_can_be_asked_about_while_the_question_is_a_draft(
    office: Office,
) -> None:
    entry = office.entry("answer-1", "answer", office.people[MENTORS[1]])
    hits = [Found("answer-1", 0.9, "strong", "证据")]
    number = asking.ask(office.session, office.heard(ASKER, QUESTION), hits, now=NOW)
    looking.show_entry(office.session, ASKER, entry, now=NOW)
    view = office.last(ASKER, "entry")
    assert view["consultation"] == number
    choosing.choose(office.session, ASKER, view["candidate"], now=NOW)
    office.confirm(number)
    assert office.offer(number).person_id == office.people[MENTORS[1]]
    looking.show_entry(office.session, ASKER, entry, now=NOW)
    assert office.last(ASKER, "entry")["candidate"] == 0


def test_an_entry_that_is_gone_is_a_stale_button(office: Office) -> None:
    with office.refuses("stale_button"):
        looking.show_entry(office.session, ASKER, 10**9, now=NOW)


def test_what_is_open_is_seen_from_both_sides(office: Office) -> None:
    number = office.talk()
    waiting = office.ask()
    office.send(waiting, mentor=1)
    looking.show_open(office.session, ASKER, now=NOW)
    mine = office.last(ASKER, "consultations")["options"]
    assert [(one["consultation"], one["stage"], one["as_asker"]) for one in mine] == [
        (number, "active", True),
        (waiting, "offered", True),
    ]
    assert mine[1]["name"] is None
    looking.show_open(office.session, MENTORS[0], now=NOW)
    (theirs,) = office.last(MENTORS[0], "consultations")["options"]
    assert (theirs["as_asker"], theirs["name"]["zh"]) == (False, "王老板")


def test_an_offer_not_accepted_shows_a_mentor_nothing_of_its_asker(office: Office) -> None:
    office.send(office.ask())
    looking.show_open(office.session, MENTORS[0], now=NOW)
    assert office.last(MENTORS[0], "consultations")["options"] == []


def test_what_is_closed_is_no_longer_open(office: Office) -> None:
    number = office.talk()
    closing.settle(office.session, ASKER, number, False, now=NOW)
    looking.show_open(office.session, ASKER, now=NOW)
    assert office.last(ASKER, "consultations")["options"] == []
