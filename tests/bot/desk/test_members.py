"""Who is in a chat, how they are told, and what it costs."""

import pytest
from sqlmodel import select

from bot.delivery.tables import DeliveryState
from bot.desk import accepting, asking, choosing, offering, routing, talking
from bot.desk.members import (
    chat_of,
    find_member,
    is_admin,
    language_of,
    notify,
    reachable,
    spoken,
    tell_role,
)
from bot.desk.tables import Chat, ChatState
from bot.desk.views import Found
from knowledge.tables import Person, PersonRole
from tests.bot.desk.conftest import ADMIN, ASKER, DAY, MENTORS, NOW, QUESTION, Office


def test_a_member_is_found_by_one_query_with_every_role(office: Office) -> None:
    office.give_role(ASKER, "mentor")
    with office.costs_at_most(1):
        member = find_member(office.session, ASKER)
    assert member is not None
    assert member.roles == {PersonRole.ASKER, PersonRole.MENTOR}
    assert (member.enterprise_id, member.here) == (office.enterprise, True)


def test_somebody_without_any_role_is_a_member(office: Office) -> None:
    person = office.person_named("无角色")
    office.session.add(Chat(chat_id=77, person_id=person, first_seen=NOW))
    office.session.flush()
    member = find_member(office.session, 77)
    assert member is not None
    assert member.roles == frozenset()


def test_only_those_who_agreed_and_did_not_block_can_be_asked(office: Office) -> None:
    office.block(MENTORS[0])
    office.chat(MENTORS[1]).consent_version = 0
    office.session.flush()
    everyone = set(office.people.values()) | {office.person_named("未入驻")}
    here = {office.people[chat] for chat in office.people if chat not in MENTORS[:2]}
    assert reachable(office.session, everyone) == here


@pytest.mark.parametrize("state", list(ChatState))
def test_a_person_is_told_in_their_latest_chat_that_is_active(
    office: Office, state: ChatState
) -> None:
    newer = Chat(chat_id=78, person_id=office.people[ASKER], state=state, first_seen=NOW + DAY)
    office.session.add(newer)
    office.session.flush()
    expected = 78 if state is ChatState.ACTIVE else ASKER
    assert chat_of(office.session, office.people[ASKER]) == (expected, "zh")


def test_an_admin_must_have_agreed(office: Office) -> None:
    assert is_admin(office.session, ADMIN)
    assert not is_admin(office.session, ASKER)
    office.chat(ADMIN).consent_version = 0
    office.session.flush()
    assert not is_admin(office.session, ADMIN)


def test_everyone_with_a_role_is_told_in_their_own_language(office: Office) -> None:
    office.join(402, "Second", "admin")
    office.session.get_one(Person, office.people[402]).language = "en"
    office.join(403, "Third", "admin")
    office.block(403)
    assert tell_role(office.session, PersonRole.ADMIN, "admin", {}, now=NOW) == 2
    assert [office.owed(chat)[-1].language for chat in (ADMIN, 402)] == ["zh", "en"]
    assert [owed.state for owed in office.owed(403)] == [DeliveryState.HELD]


@pytest.mark.parametrize(("code", "language"), [("zh-hans", "zh"), ("en-GB", "en"), ("de", "en")])
def test_a_stranger_is_answered_in_the_language_of_their_app(
    office: Office, code: str, language: str
) -> None:
    assert spoken(code) == language
    notify(office.session, 999, "invite_false", now=NOW, language_code=code)
    assert office.owed(999)[-1].language == language
    assert language_of(office.session, ASKER, code) == "zh"


# What each step may cost, in SQL statements.


def test_routing_a_message_costs_at_most_two_queries(office: Office) -> None:
    office.talk()
    heard = office.heard(ASKER)
    with office.costs_at_most(2):
        assert routing.route(office.session, heard).to == "talk"


@pytest.mark.parametrize(("replied_to", "budget"), [("card", 4), ("question", 6)])
def test_routing_a_reply_costs_at_most_six_queries(
    office: Office, replied_to: str, budget: int
) -> None:
    office.talk()
    second = office.talk(1)
    office.deliver()
    card = office.shown(ASKER, "accepted_asker")
    asked = office.consultation(second).asked_message
    heard = office.heard(ASKER, reply_to=card if replied_to == "card" else asked)
    with office.costs_at_most(budget):
        assert routing.route(office.session, heard).consultation == second


def test_relaying_a_message_costs_at_most_eight_statements(office: Office) -> None:
    number = office.talk()
    heard = office.heard(ASKER)
    with office.costs_at_most(8):
        talking.relay(office.session, heard, number, now=NOW)


def test_relaying_among_many_consultations_costs_at_most_eleven_statements(office: Office) -> None:
    numbers = []
    for chat_id in range(101, 111):
        office.join(chat_id, f"提问者{chat_id}", "asker")
        numbers.append(office.talk(0, chat_id=chat_id))
    heard = office.heard(101)
    with office.costs_at_most(11):
        talking.relay(office.session, heard, numbers[0], now=NOW)


@pytest.mark.parametrize("hits", [3, 13])
def test_a_shortlist_costs_the_same_however_long_it_is(office: Office, hits: int) -> None:
    office.appoint(2)
    kinds = ["platform"] * 2 + ["patent"] * 2 + ["answer"] * 2 + ["achievement", "policy"]
    found = [Found(f"expert-{n}", 0.9, "strong", "证据") for n in range(3)]
    for number, kind in enumerate(kinds):
        office.entry(f"{kind}-{number}", kind)
        found.append(Found(f"{kind}-{number}", 0.8, "strong", "证据"))
    heard = office.heard(ASKER, QUESTION)
    with office.costs_at_most(14):
        asking.ask(office.session, heard, found[:hits], now=NOW)


def test_accepting_costs_at_most_thirty_one_statements(office: Office) -> None:
    number = office.ask()
    office.send(number)
    offer = office.offer(number).id or 0
    with office.costs_at_most(31):
        accepting.accept(office.session, MENTORS[0], offer, now=NOW)


def test_choosing_and_sending_cost_at_most_forty_statements(office: Office) -> None:
    number = office.ask()
    line = asking.candidates_of(office.session, number)[0].id or 0
    with office.costs_at_most(14):
        choosing.choose(office.session, ASKER, line, now=NOW)
    seen = office.last(ASKER, "preview")["seen"]
    with office.costs_at_most(26):
        offering.confirm(office.session, ASKER, number, seen, DAY, now=NOW)


def test_looking_for_what_is_due_costs_two_queries_where_nothing_is(office: Office) -> None:
    office.talk()
    office.send(office.ask(), mentor=1)
    with office.costs_at_most(2):
        assert offering.expire_due(office.session, DAY, now=NOW) == 0
    assert office.session.exec(select(Chat.chat_id)).all()
