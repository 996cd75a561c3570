"""Who accepts in confidence has agreed to keep it so: recorded by version, word for word."""

import threading

import pytest
from sqlmodel import Session, SQLModel, col, select

from bot.desk import accepting, confiding, undertaking
from bot.desk.tables import Agreement, OfferState, Stage, Undertaking
from knowledge.database import open_engine
from tests.bot.desk.conftest import ADMIN, ASKER, DAY, MENTORS, NOW, Office, furnish


def confidential(office: Office, mentor: int = 0) -> int:
    """An offer in confidence: the consultation's number."""
    number = office.ask()
    office.choose(number, mentor)
    confiding.choose_level(office.session, ASKER, number, "nda", now=NOW)
    office.confirm(number)
    return number


def offer_of(office: Office, number: int) -> int:
    return office.offer(number).id or 0


def undertake(office: Office, number: int, version: int = undertaking.VERSION, by: int = 0) -> None:
    offer = offer_of(office, number)
    accepting.undertake(office.session, MENTORS[by], offer, version, now=NOW)


def agreements(office: Office) -> list[Agreement]:
    return list(office.session.exec(select(Agreement).order_by(col(Agreement.id))))


def test_accepting_in_confidence_shows_the_undertaking_first(office: Office) -> None:
    number = confidential(office)
    accepting.accept(office.session, MENTORS[0], offer_of(office, number), now=NOW)
    assert office.consultation(number).stage is Stage.OFFERED
    shown = office.last(MENTORS[0], "undertaking")
    assert shown["text"] == undertaking.text_of(undertaking.VERSION, "zh")
    assert office.owed(MENTORS[0])[-1].slot == f"offer:{offer_of(office, number)}"
    assert "accepted_mentor" not in office.cards(MENTORS[0])


def test_agreeing_is_recorded_with_the_words_agreed_to_and_accepts(office: Office) -> None:
    number = confidential(office)
    undertake(office, number)
    (kept,) = agreements(office)
    words = office.session.get_one(Undertaking, kept.undertaking_id)
    assert (kept.person_id, kept.version) == (office.people[MENTORS[0]], undertaking.VERSION)
    assert (kept.consultation_id, kept.agreed_at) == (number, NOW)
    assert words.text == undertaking.text_of(undertaking.VERSION, "zh")
    assert kept.digest == words.digest == undertaking.digest_of(words.text)
    assert office.consultation(number).stage is Stage.ACTIVE
    assert office.last(ASKER, "accepted_asker")["undertaking"] == undertaking.VERSION


def test_the_same_version_is_asked_once(office: Office) -> None:
    undertake(office, confidential(office))
    second = confidential(office)
    accepting.accept(office.session, MENTORS[0], offer_of(office, second), now=NOW)
    assert office.consultation(second).stage is Stage.ACTIVE
    assert len(agreements(office)) == 1


def test_another_mentor_agrees_for_themselves(office: Office) -> None:
    undertake(office, confidential(office))
    second = confidential(office, mentor=1)
    accepting.accept(office.session, MENTORS[1], offer_of(office, second), now=NOW)
    assert office.consultation(second).stage is Stage.OFFERED
    undertake(office, second, by=1)
    assert len(agreements(office)) == 2
    assert len(office.session.exec(select(Undertaking)).all()) == 1


def test_a_new_version_asks_again_and_the_old_words_stay(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    undertake(office, confidential(office))
    old = undertaking.VERSION
    monkeypatch.setattr(undertaking, "VERSION", old + 1)
    monkeypatch.setattr(undertaking, "text_of", lambda version, _: f"承诺 {version}")
    second = confidential(office)
    accepting.accept(office.session, MENTORS[0], offer_of(office, second), now=NOW)
    assert office.consultation(second).stage is Stage.OFFERED
    assert office.last(MENTORS[0], "undertaking")["text"] == f"承诺 {old + 1}"
    undertake(office, second, old + 1)
    assert [one.version for one in agreements(office)] == [old, old + 1]
    assert len(office.session.exec(select(Undertaking)).all()) == 2


def test_agreeing_to_words_that_were_changed_meanwhile_shows_the_new_ones(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, old = confidential(office), undertaking.VERSION
    monkeypatch.setattr(undertaking, "VERSION", old + 1)
    monkeypatch.setattr(undertaking, "text_of", lambda version, _: f"承诺 {version}")
    undertake(office, number, old)
    assert agreements(office) == []
    assert office.consultation(number).stage is Stage.OFFERED
    assert office.last(MENTORS[0], "undertaking")["version"] == old + 1


def test_nobody_agrees_for_somebody_else(office: Office) -> None:
    number = confidential(office)
    with office.refuses("not_yours"):
        undertake(office, number, by=1)
    assert agreements(office) == []


def test_agreeing_after_the_offer_ended_binds_nobody(office: Office) -> None:
    number = confidential(office)
    offer = offer_of(office, number)
    accepting.decline(office.session, MENTORS[0], offer, "no_time", DAY, now=NOW)
    with office.refuses("offer_ended"):
        accepting.undertake(office.session, MENTORS[0], offer, undertaking.VERSION, now=NOW)
    assert agreements(office) == []


def test_a_public_question_asks_for_no_undertaking(office: Office) -> None:
    number = office.talk()
    assert office.consultation(number).stage is Stage.ACTIVE
    assert office.last(ASKER, "accepted_asker")["undertaking"] == 0
    assert agreements(office) == []


def test_the_asker_may_read_what_others_agree_to(office: Office) -> None:
    number = office.ask()
    office.choose(number)
    confiding.show_undertaking(office.session, ASKER, number, now=NOW)
    shown = office.last(ASKER, "undertaking")
    assert (shown["offer"], shown["version"]) == (0, undertaking.VERSION)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_version_has_its_words_in_both_languages(language: str) -> None:
    for version in range(1, undertaking.VERSION + 1):
        assert str(version) in undertaking.text_of(version, language)


def test_the_words_of_a_version_are_never_changed() -> None:
    """Agreements name these digests. Other words are another version, with files of its own."""
    digests = {
        language: undertaking.digest_of(undertaking.text_of(1, language))[:16]
        for language in ("zh", "en")
    }
    assert digests == {"zh": "b2f6f122f809f93a", "en": "91df970c87fa97a2"}


def test_an_offer_that_is_taken_while_the_words_are_read_says_so(office: Office) -> None:
    number = confidential(office)
    offer = office.offer(number)
    accepting.accept(office.session, MENTORS[0], offer.id or 0, now=NOW)
    offer.end(OfferState.EXPIRED, NOW)
    office.session.flush()
    with office.refuses("offer_ended", consultation=number):
        accepting.undertake(office.session, MENTORS[0], offer.id or 0, undertaking.VERSION, now=NOW)


def test_of_two_who_agree_for_the_first_time_at_once_neither_is_turned_away(
    postgres_url: str,
) -> None:
    engine = open_engine(postgres_url)
    SQLModel.metadata.create_all(engine)
    with Session(engine) as session:
        office = furnish(session)
        number = office.ask()
        people = [office.people[chat] for chat in (*MENTORS, ADMIN)]
        session.commit()
    together, failures = threading.Barrier(len(people)), []

    def agree(person: int) -> None:
        try:
            with Session(engine) as session:
                together.wait(timeout=30)
                undertaking.agree(session, person, number, "zh", now=NOW)
                session.commit()
        except BaseException as error:  # it would vanish with its thread
            failures.append(error)

    threads = [threading.Thread(target=agree, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert failures == []
    with Session(engine) as session:
        assert len(session.exec(select(Agreement)).all()) == len(people)
        assert len(session.exec(select(Undertaking)).all()) == 1
    engine.dispose()
