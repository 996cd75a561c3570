"""A signed link lets one person in, once."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from bot.desk import inviting, offering, onboarding
from bot.desk.members import find_member
from bot.desk.tables import Awaiting, Candidate, ChatState, Invite
from knowledge.tables import Person, PersonRole, Role
from tests.bot.desk.conftest import ADMIN, ASKER, DAY, MENTORS, NOW, Office

KEY = b"a key of the test"
WEEK = timedelta(days=7)
NEW = 900


def invite(office: Office, role: str = "mentor", person_id: int | None = None) -> str:
    inviting.invite(office.session, ADMIN, role, person_id, KEY, WEEK, now=NOW)
    token: str = office.last(ADMIN, "invite")["token"]
    return token


def redeem(office: Office, token: str, chat_id: int = NEW, **more: object) -> None:
    key, now = more.get("key", KEY), more.get("now", NOW)
    inviting.redeem(office.session, chat_id, "周老师", "zh", token, key, now=now)  # type: ignore[arg-type]


def roles(office: Office, chat_id: int) -> set[PersonRole]:
    member = find_member(office.session, chat_id)
    return set(member.roles) if member else set()


def test_an_invited_expert_arrives_as_themselves(office: Office) -> None:
    person = office.person_named("周明")
    redeem(office, invite(office, person_id=person))
    member = find_member(office.session, NEW)
    assert member is not None
    assert (member.person_id, member.consented) == (person, False)
    assert member.has(PersonRole.MENTOR)
    assert office.cards(NEW) == ["welcome"]
    assert office.last(ADMIN, "joined")["name"]["zh"] == "周明"


def test_an_invited_stranger_leaves_no_second_self(office: Office) -> None:
    before = len(office.session.exec(select(Person)).all())
    person = office.person_named("周明")
    redeem(office, invite(office, person_id=person))
    assert len(office.session.exec(select(Person)).all()) == before + 1


def test_an_asker_becomes_the_known_person_and_keeps_their_language(office: Office) -> None:
    onboarding.start(office.session, NEW, "Zhou", "en", now=NOW)
    person = office.person_named("周明")
    redeem(office, invite(office, person_id=person))
    assert office.session.get_one(Person, person).language == "en"
    assert roles(office, NEW) == {PersonRole.MENTOR}


def test_an_invite_for_nobody_in_particular_gives_its_role_alone(office: Office) -> None:
    redeem(office, invite(office, role="admin"), ASKER)
    assert roles(office, ASKER) == {PersonRole.ASKER, PersonRole.ADMIN}


def test_an_invite_is_used_once(office: Office) -> None:
    token = invite(office)
    redeem(office, token)
    with office.refuses("invite_used"):
        redeem(office, token, ASKER)
    assert PersonRole.MENTOR not in roles(office, ASKER)


def test_whoever_opens_their_own_invite_again_is_greeted_again(office: Office) -> None:
    token = invite(office)
    redeem(office, token)
    redeem(office, token)
    assert office.cards(NEW) == ["welcome", "welcome"]
    assert office.cards(ADMIN).count("joined") == 1


def test_an_invite_lapses(office: Office) -> None:
    token = invite(office)
    with office.refuses("invite_expired"):
        redeem(office, token, now=NOW + WEEK)
    redeem(office, token, now=NOW + WEEK - timedelta(seconds=1))


def test_a_changed_or_foreign_invite_is_refused(office: Office) -> None:
    token = invite(office)
    number, signature = token[1:].split("-", 1)
    other = invite(office, role="admin")
    assert other.split("-", 1)[1] != signature
    forged = [
        "",
        "i",
        "x",
        f"i{int(number) + 1}-{signature}",
        token[:-1],
        f"{token}A",
        "i999-x",
        "i１-" + signature,
        "i-" + signature,
        "i" + "9" * 40 + "-x",
        "ï1-ü",
    ]
    for false in forged:
        with office.refuses("invite_false"):
            redeem(office, false)
    with office.refuses("invite_false"):
        redeem(office, token, key=b"another key")
    assert find_member(office.session, NEW) is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(payload=st.text(max_size=64))
def test_no_payload_that_we_did_not_make_lets_anybody_in(office: Office, payload: str) -> None:
    with office.refuses("invite_false"):
        redeem(office, payload)


def test_the_payload_fits_telegrams_start_parameter(office: Office) -> None:
    made = Invite(id=999_999_999, role="liaison", person_id=1, invited_at=NOW, expires_at=NOW)
    token = inviting.token_of(made, KEY)
    assert len(token) <= 64
    assert token.replace("-", "").replace("_", "").isalnum()
    assert token.isascii()


def test_only_admins_invite(office: Office) -> None:
    for chat_id in (ASKER, MENTORS[0]):
        with office.refuses("not_allowed"):
            inviting.invite(office.session, chat_id, "admin", None, KEY, WEEK, now=NOW)
        with office.refuses("not_allowed"):
            inviting.ask_whom(office.session, chat_id, now=NOW)


@pytest.mark.parametrize("role", ["asker", "officer", "owner", ""])
def test_only_mentors_liaisons_and_admins_are_invited(office: Office, role: str) -> None:
    with office.refuses("stale_button"):
        inviting.invite(office.session, ADMIN, role, None, KEY, WEEK, now=NOW)
    with office.refuses("stale_button"):
        inviting.invite(office.session, ADMIN, "mentor", 10**9, KEY, WEEK, now=NOW)


def test_a_mentor_or_admin_does_not_become_somebody_else(office: Office) -> None:
    token = invite(office, person_id=office.person_named("周明"))
    for chat_id in (ADMIN, MENTORS[0]):
        before = roles(office, chat_id)
        with office.refuses("invite_other"):
            redeem(office, token, chat_id)
        assert roles(office, chat_id) == before
    redeem(office, token)


def test_open_consultations_are_closed_before_one_becomes_somebody_else(office: Office) -> None:
    token = invite(office, person_id=office.person_named("周明"))
    number = office.ask()
    office.send(number)
    with office.refuses("invite_busy"):
        redeem(office, token, ASKER)
    offering.withdraw(office.session, ASKER, number, now=NOW)
    redeem(office, token, ASKER)


def test_a_mentor_who_joins_is_asked_what_was_passed_on_to_admins(office: Office) -> None:
    person = office.person_named("周明")
    office.expert("expert-0b", person)
    number = office.ask(found=0)
    hits = [
        Candidate(
            consultation_id=number,
            rank=1,
            entry_key="expert-0b",
            person_id=person,
            evidence="",
            score=1,
            strength="strong",
        )
    ]
    office.session.add_all(hits)
    office.session.flush()
    office.block(ADMIN)
    office.send(number)
    assert office.cards(ASKER)[-1] == "nobody_yet"
    office.chat(ADMIN).state = ChatState.ACTIVE
    token = invite(office, person_id=person)
    redeem(office, token)
    onboarding.agree(office.session, NEW, now=NOW)
    offering.expire_due(office.session, DAY, now=NOW)
    assert office.last(NEW, "offer")["offered_as"] == "chosen"


def test_the_people_of_the_knowledge_base_are_found_by_a_part_of_their_name(
    office: Office,
) -> None:
    person = office.person_named("欧阳静")
    inviting.ask_whom(office.session, ADMIN, now=NOW)
    assert office.awaiting(ADMIN) is Awaiting.INVITE_MENTOR
    inviting.match_invited(office.session, ADMIN, "欧阳", now=NOW)
    (match,) = office.last(ADMIN, "matches")["matches"]
    assert match["id"] == person
    inviting.match_invited(office.session, ADMIN, "<无此人>", now=NOW)
    assert office.last(ADMIN, "matches") == {
        "purpose": "invite",
        "typed": "<无此人>",
        "matches": [],
    }
    invite(office, person_id=person)
    assert office.awaiting(ADMIN) is Awaiting.NOTHING


def test_a_role_given_twice_is_one_role(office: Office) -> None:
    redeem(office, invite(office, role="mentor", person_id=office.people[MENTORS[0]]), MENTORS[0])
    mine = select(Role).where(Role.person_id == office.people[MENTORS[0]])
    assert len(office.session.exec(mine).all()) == 1
