"""Answers born at the desk: found as any other, and no file's to change or remove."""

from datetime import date

import pytest
from sqlmodel import Session, select

from knowledge.answers import Credit, publish, retract
from knowledge.queries import counts, entries_by_key, passages
from knowledge.reload import apply, check, plan
from knowledge.tables import Entry, Person
from tests.knowledge.making import BASE, LATER, NOW, base, read

QUESTION, ANSWER = "压铸件有气孔怎么办？", "先查排气，再把浇口速度提到45 m/s。"


def born(session: Session, text: str = ANSWER, language: str = "zh") -> str:
    apply(session, base(), remove=False, now=NOW)
    mentor = session.exec(select(Person)).first()
    assert mentor is not None
    assert mentor.id is not None
    credit = Credit(mentor.id, mentor.organisation_id, False)
    key = publish(session, "answer-7", QUESTION, text, language, credit, date(2026, 11, 23))
    session.commit()
    return key


def texts(session: Session, key: str) -> dict[str, str]:
    return {one.key: one.text for one in passages(session) if one.entry == key}


def test_it_has_the_passages_that_an_answer_of_a_file_has(session: Session) -> None:
    key = born(session)
    assert texts(session, key) == {
        f"{key}/question/zh": QUESTION,
        f"{key}/answer/zh": f"{QUESTION.rstrip('？')}。{ANSWER}",
    }
    view = entries_by_key(session, [key])[key]
    assert (view.kind, view.title_zh, view.summary_zh) == ("answer", QUESTION, ANSWER)
    assert view.details == {"answered_on": "2026-11-23"}
    assert view.person_id is not None


def test_a_reload_that_removes_what_it_does_not_name_leaves_it(session: Session) -> None:
    key = born(session)
    before = texts(session, key)
    other = {**BASE["answers"][0], "id": "answer-other"}
    diff = plan(session, base("answers", answers=[other]))
    assert diff.kinds["answer"].removed == 1  # the file's own of before
    apply(session, base("answers", answers=[other]), remove=True, now=LATER)
    session.commit()
    assert texts(session, key) == before
    assert entries_by_key(session, [key])


def test_no_file_can_name_it(session: Session) -> None:
    key = born(session)
    batch = read(answers=[{**BASE["answers"][0], "id": key}])
    assert check(session, batch).problem_count
    assert entries_by_key(session, [key])[key].title_zh == QUESTION


def test_published_again_it_replaces_itself(session: Session) -> None:
    key = born(session)
    assert born(session, "先看模温。") == key
    assert texts(session, key)[f"{key}/answer/zh"].endswith("先看模温。")
    assert len(session.exec(select(Entry).where(Entry.key == key)).all()) == 1


def test_retracted_it_is_known_no_more_and_its_words_are_gone(session: Session) -> None:
    key = born(session)
    counted = counts(session)["answer"]
    retract(session, key, LATER)
    session.commit()
    assert texts(session, key) == {}
    assert entries_by_key(session, [key]) == {}
    assert counts(session)["answer"] == counted - 1
    row = session.exec(select(Entry).where(Entry.key == key)).one()
    assert (row.title_zh, row.summary_zh, row.removed_at) == ("", "", LATER)
    retract(session, "desk:never", LATER)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_it_stands_in_the_language_it_was_given_in(session: Session, language: str) -> None:
    key = born(session, language=language)
    assert all(one.endswith(f"/{language}") for one in texts(session, key))
    view = entries_by_key(session, [key])[key]
    other = "en" if language == "zh" else "zh"
    assert getattr(view, f"title_{language}") == QUESTION
    assert getattr(view, f"title_{other}") == ""
