"""What else is done with an offer, at the moment something else happens to it, on PostgreSQL."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, SQLModel, col, select

from bot.delivery.tables import Delivery
from bot.desk import accepting, asking, choosing, detailing, escalating, offering, specifying, using
from bot.desk.tables import AnswerUse, Consultation, Detail, Offer, OfferState, Stage
from bot.desk.views import Found
from knowledge.database import open_engine
from tests.bot.desk.conftest import ADMIN, ASKER, DAY, MENTORS, NOW, Office, furnish
from tests.bot.desk.test_races import beside

FIRST, SECOND, THIRD = MENTORS
OTHER_ADMIN = 402
Act = Callable[[Session], object]


@pytest.fixture
def engine(postgres_url: str) -> Iterator[Engine]:
    made = open_engine(postgres_url)
    SQLModel.metadata.create_all(made)
    yield made
    made.dispose()


@pytest.fixture
def on_offer(engine: Engine) -> Iterator[tuple[Office, int, int]]:
    """An office, a question, and its offer to the first mentor; all committed."""
    with Session(engine) as session:
        office = furnish(session)
        office.entry("answer-1", "answer", office.people[THIRD], summary_zh="先抽真空")
        hits = [Found(f"expert-{n}", 0.9 - n / 10, "strong", "证据") for n in range(3)]
        hits.append(Found("answer-1", 0.5, "strong", "证据"))
        number = asking.ask(session, office.heard(ASKER, "压铸件有气孔怎么办"), hits, now=NOW)
        office.send(number)
        offer = office.offer(number).id or 0
        session.commit()
        yield office, number, offer


def entry_of(office: Office) -> int:
    return int(office.last(FIRST, "offer")["similar"][0]["entry"])


def open_offers(engine: Engine, number: int) -> list[int]:
    with Session(engine) as session:
        query = select(Offer.person_id).where(
            Offer.consultation_id == number, Offer.state == OfferState.OPEN
        )
        return sorted(session.exec(query))


def owner_of(engine: Engine, number: int) -> tuple[Stage, int | None]:
    with Session(engine) as session:
        consultation = session.get_one(Consultation, number)
        return consultation.stage, consultation.mentor_id


def test_passed_on_while_it_is_accepted_it_stays_with_who_accepted(
    postgres_url: str, engine: Engine, on_offer: tuple[Office, int, int]
) -> None:
    office, number, offer = on_offer

    def accept(session: Session) -> None:
        accepting.accept(session, FIRST, offer, now=NOW)

    given = FIRST, offer, office.people[SECOND], DAY
    late = beside(postgres_url, engine, accept, escalating.escalate, *given)
    assert late.refused == "offer_ended"
    assert owner_of(engine, number) == (Stage.ACTIVE, office.people[FIRST])
    assert open_offers(engine, number) == []


def test_accepted_while_it_is_passed_on_it_is_the_colleagues_to_decide(
    postgres_url: str, engine: Engine, on_offer: tuple[Office, int, int]
) -> None:
    office, number, offer = on_offer

    def give(session: Session) -> None:
        escalating.escalate(session, FIRST, offer, office.people[SECOND], DAY, now=NOW)

    late = beside(postgres_url, engine, give, accepting.accept, FIRST, offer)
    assert late.refused == "offer_ended"
    assert open_offers(engine, number) == [office.people[SECOND]]


def test_passed_on_at_its_deadline_it_goes_to_the_colleague_alone(
    postgres_url: str, engine: Engine, on_offer: tuple[Office, int, int]
) -> None:
    office, number, offer = on_offer

    def give(session: Session) -> None:
        escalating.escalate(session, FIRST, offer, office.people[THIRD], DAY * 2, now=NOW)

    beside(postgres_url, engine, give, offering.expire_due, DAY)
    assert open_offers(engine, number) == [office.people[THIRD]]


def test_withdrawn_while_it_is_passed_on_nobody_has_it(
    postgres_url: str, engine: Engine, on_offer: tuple[Office, int, int]
) -> None:
    office, number, offer = on_offer

    def withdraw(session: Session) -> None:
        offering.withdraw(session, ASKER, number, now=NOW)

    given = FIRST, offer, office.people[SECOND], DAY
    late = beside(postgres_url, engine, withdraw, escalating.escalate, *given)
    assert late.refused == "offer_ended"
    assert open_offers(engine, number) == []


def test_of_two_admins_who_name_a_colleague_at_once_the_first_has_named_them(
    postgres_url: str, engine: Engine
) -> None:
    with Session(engine) as session:
        office = furnish(session)
        office.join(OTHER_ADMIN, "另一位管理员", "admin")
        number = office.ask()
        choosing.choose_nobody(session, ASKER, number, now=NOW)
        office.confirm(number)
        offers = [office.last(chat, "offer")["offer"] for chat in (ADMIN, OTHER_ADMIN)]
        session.commit()
        people = dict(office.people)

    def give(session: Session) -> None:
        escalating.escalate(session, ADMIN, offers[0], people[FIRST], DAY, now=NOW)

    given = OTHER_ADMIN, offers[1], people[SECOND], DAY
    late = beside(postgres_url, engine, give, escalating.escalate, *given)
    assert late.refused == "offer_ended"
    assert open_offers(engine, number) == [people[FIRST]]


def test_used_at_the_deadline_the_answer_is_sent_and_nobody_else_is_asked(
    postgres_url: str, engine: Engine, on_offer: tuple[Office, int, int]
) -> None:
    office, number, offer = on_offer
    entry = entry_of(office)

    def use(session: Session) -> None:
        using.use(session, FIRST, offer, entry, now=NOW)

    beside(postgres_url, engine, use, offering.expire_due, DAY)
    assert owner_of(engine, number) == (Stage.ANSWERED, office.people[FIRST])
    assert open_offers(engine, number) == []


def test_used_just_after_the_deadline_it_is_sent_to_nobody(
    postgres_url: str, engine: Engine, on_offer: tuple[Office, int, int]
) -> None:
    office, number, offer = on_offer
    entry = entry_of(office)

    def expire(session: Session) -> None:
        offering.expire_due(session, DAY * 9, now=NOW + DAY)

    late = beside(postgres_url, engine, expire, using.use, FIRST, offer, entry)
    assert late.refused == "offer_ended"
    assert open_offers(engine, number) == [office.people[SECOND]]


def test_two_presses_at_once_send_one_answer(
    postgres_url: str, engine: Engine, on_offer: tuple[Office, int, int]
) -> None:
    office, _, offer = on_offer
    entry = entry_of(office)

    def use(session: Session) -> None:
        using.use(session, FIRST, offer, entry, now=NOW)

    late = beside(postgres_url, engine, use, using.use, FIRST, offer, entry)
    assert late.refused == "answer_used"
    with Session(engine) as session:
        assert len(session.exec(select(AnswerUse)).all()) == 1
        sent = select(Delivery).where(Delivery.chat_id == ASKER, Delivery.card == "used")
        assert len(session.exec(sent).all()) == 1


def test_answered_while_the_offer_runs_out_whoever_has_it_next_reads_the_answer(
    postgres_url: str, engine: Engine, on_offer: tuple[Office, int, int]
) -> None:
    office, number, offer = on_offer
    detail, seen = _drafted(office, offer)

    def expire(session: Session) -> None:
        offering.expire_due(session, DAY * 9, now=NOW + 3 * DAY)

    send = specifying.send, ASKER, detail, seen, 1
    assert beside(postgres_url, engine, expire, *send).refused == ""
    assert open_offers(engine, number) == [office.people[SECOND]]
    assert _told(engine, SECOND) == ["ADC12"]


def test_answered_while_it_is_accepted_the_mentor_has_it(
    postgres_url: str, engine: Engine, on_offer: tuple[Office, int, int]
) -> None:
    office, _, offer = on_offer
    detail, seen = _drafted(office, offer)

    def accept(session: Session) -> None:
        accepting.accept(session, FIRST, offer, now=NOW)

    assert (
        beside(postgres_url, engine, accept, specifying.send, ASKER, detail, seen, 1).refused == ""
    )
    with Session(engine) as session:
        query = select(Delivery).where(Delivery.chat_id == FIRST, Delivery.card == "details")
        assert [one.values["lines"][0]["answer"] for one in session.exec(query)] == ["ADC12"]


def test_withdrawn_while_it_is_answered_nobody_reads_it(
    postgres_url: str, engine: Engine, on_offer: tuple[Office, int, int]
) -> None:
    office, number, offer = on_offer
    detail, seen = _drafted(office, offer)

    def withdraw(session: Session) -> None:
        offering.withdraw(session, ASKER, number, now=NOW)

    late = beside(postgres_url, engine, withdraw, specifying.send, ASKER, detail, seen, 1)
    assert late.refused == "wrong_stage"
    assert _told(engine, FIRST) == []


def test_a_question_put_twice_at_once_is_put_once(
    postgres_url: str, engine: Engine, on_offer: tuple[Office, int, int]
) -> None:
    office, _, offer = on_offer
    detailing.ask(office.session, FIRST, offer, now=NOW)
    office.session.commit()

    def put(session: Session) -> None:
        detailing.put(session, FIRST, "什么合金？", DAY, now=NOW)

    late = beside(postgres_url, engine, put, detailing.put, FIRST, "什么合金？", DAY)
    assert late.refused == "details_asked"
    with Session(engine) as session:
        assert len(session.exec(select(Detail)).all()) == 1


def _drafted(office: Office, offer: int) -> tuple[int, str]:
    """A question back whose answer is typed and not yet sent; committed."""
    detailing.ask(office.session, FIRST, offer, now=NOW)
    detailing.put(office.session, FIRST, "什么合金？", DAY, now=NOW)
    detail = office.session.exec(select(col(Detail.id))).one() or 0
    specifying.answer(office.session, ASKER, detail, now=NOW)
    specifying.fill(office.session, ASKER, "ADC12", now=NOW)
    seen = office.last(ASKER, "detail_preview")["seen"]
    office.session.commit()
    return detail, seen


def _told(engine: Engine, chat: int) -> list[str]:
    """The answers on the last offer that a mentor was shown."""
    with Session(engine) as session:
        offers = select(Delivery).where(Delivery.chat_id == chat, Delivery.card == "offer")
        last = session.exec(offers.order_by(col(Delivery.id))).all()[-1]
        return [one["answer"] for one in last.values["details"]["lines"] if one["answer"]]
