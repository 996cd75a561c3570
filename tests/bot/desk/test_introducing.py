"""Who a person is, in a few taps, each of which can be skipped."""

import pytest
from sqlmodel import select

from bot.desk import introducing
from bot.desk.errors import RefusedError
from bot.desk.tables import Awaiting
from knowledge.tables import Organisation, OrganisationKind, Person, PersonRole, Tier
from tests.bot.desk.conftest import ASKER, MENTORS, NOW, Office

NEWCOMER = 150


@pytest.fixture
def newcomer(office: Office) -> Office:
    office.join(NEWCOMER, "李工", PersonRole.ASKER)
    introducing.ask_enterprise(office.session, NEWCOMER, now=NOW)
    return office


def enterprise(office: Office, chat_id: int = NEWCOMER) -> Organisation | None:
    person = office.session.get_one(Person, office.people[chat_id])
    home = person.organisation_id
    return office.session.get_one(Organisation, home) if home else None


def test_the_whole_introduction_is_kept(newcomer: Office) -> None:
    session = newcomer.session
    introducing.name_enterprise(session, NEWCOMER, "  恒泰\n 机械 ", now=NOW)
    introducing.choose_industry(session, NEWCOMER, "C", now=NOW)
    introducing.choose_region(session, NEWCOMER, "江苏", now=NOW)
    introducing.choose_tier(session, NEWCOMER, "specialised", now=NOW)
    made = enterprise(newcomer)
    assert made is not None
    assert (made.name_zh, made.industry, made.region) == ("恒泰 机械", "C", "江苏")
    assert (made.tier, made.kind) == (Tier.SPECIALISED, OrganisationKind.ENTERPRISE)
    assert newcomer.awaiting(NEWCOMER) is Awaiting.NOTHING
    assert newcomer.cards(NEWCOMER)[-2:] == ["profile", "ready"]
    assert newcomer.last(NEWCOMER, "profile")["name"] == "恒泰 机械"


def test_the_taps_are_one_message_below_what_was_typed(newcomer: Office) -> None:
    introducing.name_enterprise(newcomer.session, NEWCOMER, "恒泰机械", now=NOW)
    introducing.choose_industry(newcomer.session, NEWCOMER, "C", now=NOW)
    introducing.choose_region(newcomer.session, NEWCOMER, "江苏", now=NOW)
    asked, *taps = newcomer.owed(NEWCOMER)
    slots = {owed.slot for owed in taps}
    assert len(slots) == 1
    assert asked.slot not in slots


@pytest.mark.parametrize("step", ["enterprise", "industry", "region", "tier", "all"])
def test_each_step_can_be_skipped(newcomer: Office, step: str) -> None:
    following = {
        "enterprise": "choose_industry",
        "industry": "choose_region",
        "region": "choose_tier",
    }
    introducing.skip(newcomer.session, NEWCOMER, step, now=NOW)
    assert newcomer.cards(NEWCOMER)[-1] == following.get(step, "ready")
    assert newcomer.awaiting(NEWCOMER) in (Awaiting.NOTHING, Awaiting.ENTERPRISE)


def test_skipping_all_leaves_no_form_and_makes_no_enterprise(newcomer: Office) -> None:
    introducing.skip(newcomer.session, NEWCOMER, "all", now=NOW)
    assert newcomer.awaiting(NEWCOMER) is Awaiting.NOTHING
    assert enterprise(newcomer) is None


@pytest.mark.parametrize("name", ["", " ", "厂", "厂" * 81])
def test_a_name_too_short_or_too_long_is_asked_for_again(newcomer: Office, name: str) -> None:
    with newcomer.refuses("enterprise_name", limit=80):
        introducing.name_enterprise(newcomer.session, NEWCOMER, name, now=NOW)
    assert newcomer.awaiting(NEWCOMER) is Awaiting.ENTERPRISE


def test_markup_in_a_name_is_kept_as_it_was_typed(newcomer: Office) -> None:
    introducing.name_enterprise(newcomer.session, NEWCOMER, "<b>A&B</b>", now=NOW)
    assert newcomer.last(NEWCOMER, "choose_industry")["name"] == "<b>A&B</b>"


@pytest.mark.parametrize(
    "choose",
    [introducing.choose_industry, introducing.choose_region, introducing.choose_tier],
    ids=["industry", "region", "tier"],
)
def test_what_is_not_on_the_list_is_refused(newcomer: Office, choose) -> None:  # type: ignore[no-untyped-def]
    with newcomer.refuses("stale_button"):
        choose(newcomer.session, NEWCOMER, "亚特兰蒂斯", now=NOW)


def test_an_introduction_can_be_corrected(office: Office) -> None:
    introducing.name_enterprise(office.session, ASKER, "宏达精密", now=NOW)
    made = enterprise(office, ASKER)
    assert made is not None
    assert (made.id, made.name_zh, made.industry) == (office.enterprise, "宏达精密", "C")


def test_an_enterprise_of_the_knowledge_base_is_changed_by_nobody(office: Office) -> None:
    office.session.get_one(Organisation, office.enterprise).key = "org-hongda"
    for change in (introducing.name_enterprise, introducing.choose_industry):
        with pytest.raises(RefusedError, match="enterprise_known"):
            change(
                office.session,
                ASKER,
                "C" if change is introducing.choose_industry else "改名",
                now=NOW,
            )
    assert office.session.exec(select(Organisation.name_zh)).all() == ["宏达"]


def test_a_mentor_of_a_known_university_gets_no_form_that_would_swallow_their_words(
    office: Office,
) -> None:
    home = Organisation(key="zju", kind=OrganisationKind.UNIVERSITY, name_zh="浙江大学")
    office.session.add(home)
    office.session.flush()
    office.session.get_one(Person, office.people[MENTORS[0]]).organisation_id = home.id
    office.session.flush()
    introducing.ask_enterprise(office.session, MENTORS[0], now=NOW)
    assert office.awaiting(MENTORS[0]) is Awaiting.NOTHING
    assert office.last(MENTORS[0], "profile")["name"] == "浙江大学"
    assert office.last(MENTORS[0], "notice")["code"] == "enterprise_known"
