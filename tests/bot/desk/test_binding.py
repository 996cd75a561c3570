"""A mentor binds a forum group of their lab, if they run it and an admin approves."""

from dataclasses import replace

import pytest

from bot.delivery.tables import TopicState
from bot.desk import binding
from bot.desk.binding import NOBODY
from bot.desk.tables import LabEnd, LabState
from tests.bot.desk.conftest import ADMIN, ASKER, MENTORS, NOW, Office
from tests.bot.desk.rooms import GROUP, OWNER, ask_to_bind, bind, lab, opened, topics

MENTOR = MENTORS[0]


def codes(office: Office, chat_id: int) -> list[str]:
    return [owed.values["code"] for owed in office.owed(chat_id) if owed.card == "notice"]


def test_a_group_is_bound_only_once_an_admin_approves(office: Office) -> None:
    number = office.talk()
    asked = ask_to_bind(office)
    assert codes(office, GROUP) == ["lab_sent"]
    view = office.last(ADMIN, "lab_wanted")
    assert (view["lab"], view["title"]) == (asked.id, "压铸课题组")
    assert not topics(office, GROUP)
    binding.approve(office.session, ADMIN, asked.id or 0, OWNER, now=NOW)
    assert asked.state is LabState.BOUND
    assert [topic.thread for topic in topics(office, GROUP)] == [number]
    assert "lab_bound" in office.cards(MENTOR)
    assert "lab_bound" in office.cards(GROUP)
    assert codes(office, ASKER) == ["lab_reads"]


@pytest.mark.parametrize("status", ["member", "restricted", "left", "kicked"])
def test_only_who_runs_the_group_can_ask_for_it(office: Office, status: str) -> None:
    with office.refuses("lab_not_yours"):
        standing = replace(OWNER, status=status)
        binding.ask(office.session, GROUP, "群", MENTOR, standing, now=NOW)


@pytest.mark.parametrize("chat_id", [ASKER, ADMIN, 999])
def test_only_a_mentor_can_ask_for_a_group(office: Office, chat_id: int) -> None:
    with office.refuses("lab_mentors_only"):
        binding.ask(office.session, GROUP, "群", chat_id, OWNER, now=NOW)


def test_only_an_admin_decides(office: Office) -> None:
    asked = ask_to_bind(office)
    for decide in (binding.refuse, binding.place_asked):
        with office.refuses("not_allowed"):
            more = {"now": NOW} if decide is binding.refuse else {}
            decide(office.session, MENTOR, asked.id or 0, **more)
    with office.refuses("not_allowed"):
        binding.approve(office.session, MENTOR, asked.id or 0, OWNER, now=NOW)


@pytest.mark.parametrize(
    ("standing", "code"),
    [
        (NOBODY, "lab_not_yours"),
        (replace(OWNER, status="member"), "lab_not_yours"),
        (replace(OWNER, is_forum=False), "lab_no_topics"),
        (replace(OWNER, has_rights=False), "lab_no_rights"),
    ],
)
def test_how_they_stand_is_looked_at_again_before_it_is_approved(
    office: Office, standing: binding.Standing, code: str
) -> None:
    asked = ask_to_bind(office)
    assert binding.place_asked(office.session, ADMIN, asked.id or 0) == (GROUP, MENTOR)
    with office.refuses(code):
        binding.approve(office.session, ADMIN, asked.id or 0, standing, now=NOW)
    assert asked.state is LabState.ASKED


def test_what_the_group_lacks_is_said_and_can_be_mended_until_then(office: Office) -> None:
    binding.ask(office.session, GROUP, "群", MENTOR, replace(OWNER, is_forum=False), now=NOW)
    assert codes(office, GROUP) == ["lab_sent", "lab_prepare"]


def test_it_is_decided_once(office: Office) -> None:
    asked = ask_to_bind(office)
    binding.refuse(office.session, ADMIN, asked.id or 0, now=NOW)
    assert "lab_refused" in office.cards(MENTOR)
    assert "lab_refused" in office.cards(GROUP)
    with office.refuses("lab_decided"):
        binding.approve(office.session, ADMIN, asked.id or 0, OWNER, now=NOW)
    with office.refuses("lab_decided"):
        binding.refuse(office.session, ADMIN, asked.id or 0, now=NOW)


def test_a_mentor_has_one_group_at_a_time(office: Office) -> None:
    ask_to_bind(office)
    with office.refuses("lab_asked"):
        ask_to_bind(office)
    with office.refuses("lab_elsewhere", title="压铸课题组"):
        ask_to_bind(office, group=GROUP - 1)


def test_a_group_can_serve_two_mentors(office: Office) -> None:
    bind(office, 0)
    bind(office, 1)
    first, second = office.talk(0), office.talk(1)
    assert [topic.thread for topic in topics(office, GROUP)] == [first, second]


def test_unbound_consultations_go_on_in_the_mentors_own_chat(office: Office) -> None:
    bind(office)
    number = office.talk()
    opened(office, GROUP, number)
    binding.unbind(office.session, GROUP, MENTOR, replace(OWNER, status="member"), now=NOW)
    assert lab(office).state is LabState.ENDED
    assert topics(office, GROUP)[0].state is TopicState.NONE
    assert office.last(MENTOR, "lab_ended")["reason"] == "unbound"
    assert "lab_ended" in office.cards(GROUP)
    assert codes(office, ASKER) == ["lab_reads", "lab_reads_no_more"]


def test_a_group_bound_again_has_its_topics_anew(office: Office) -> None:
    bind(office)
    number = office.talk()
    opened(office, GROUP, number)
    binding.unbind(office.session, GROUP, MENTOR, OWNER, now=NOW)
    bind(office)
    assert [(one.thread, one.state) for one in topics(office, GROUP)] == [
        (number, TopicState.OPENING)
    ]


def test_who_runs_the_group_can_unbind_it_and_nobody_else(office: Office) -> None:
    bind(office)
    with office.refuses("lab_not_yours"):
        binding.unbind(office.session, GROUP, 999, replace(OWNER, status="member"), now=NOW)
    binding.unbind(office.session, GROUP, 999, OWNER, now=NOW)
    assert lab(office).state is LabState.ENDED
    with office.refuses("lab_unknown"):
        binding.unbind(office.session, GROUP, 999, OWNER, now=NOW)


def test_of_two_mentors_one_who_unbinds_ends_their_own(office: Office) -> None:
    first, second = bind(office, 0), bind(office, 1)
    binding.unbind(office.session, GROUP, MENTORS[1], OWNER, now=NOW)
    assert (first.state, second.state) == (LabState.BOUND, LabState.ENDED)


def test_a_mentor_who_runs_the_group_no_more_loses_it(office: Office) -> None:
    bind(office)
    binding.mentor_changed(office.session, GROUP, MENTORS[1], "left", now=NOW)
    binding.mentor_changed(office.session, GROUP, MENTOR, "creator", now=NOW)
    assert lab(office).state is LabState.BOUND
    binding.mentor_changed(office.session, GROUP, MENTOR, "member", now=NOW)
    assert (lab(office).state, lab(office).reason) == (LabState.ENDED, LabEnd.MENTOR_LEFT)


def test_without_rights_there_a_bound_group_ends_and_one_asked_for_waits(office: Office) -> None:
    asked = ask_to_bind(office)
    binding.lost_rights(office.session, GROUP, now=NOW)
    assert asked.state is LabState.ASKED
    binding.approve(office.session, ADMIN, asked.id or 0, OWNER, now=NOW)
    binding.lost_rights(office.session, GROUP, now=NOW)
    assert (asked.state, asked.reason) == (LabState.ENDED, LabEnd.NO_RIGHTS)


def test_a_bot_that_was_removed_is_bound_no_more_and_says_so(office: Office) -> None:
    bind(office)
    number = office.talk()
    binding.left(office.session, GROUP, LabEnd.KICKED, now=NOW)
    assert office.last(MENTOR, "lab_ended") == {
        "title": "压铸课题组",
        "reason": "kicked",
        "was_bound": True,
    }
    assert "lab_ended" not in office.cards(GROUP)
    assert topics(office, GROUP)[0].thread == number


def test_a_group_that_became_a_supergroup_is_known_under_its_new_id(office: Office) -> None:
    small, large = -4_000_001, -1_000_004_000_002
    asked = ask_to_bind(office, group=small)
    for _ in range(2):  # Telegram says it twice
        binding.moved(office.session, small, large, now=NOW)
    assert asked.chat_id == large
    assert binding.place_asked(office.session, ADMIN, asked.id or 0) == (large, MENTOR)
    binding.approve(office.session, ADMIN, asked.id or 0, OWNER, now=NOW)
    office.talk()
    assert topics(office, large)
    assert not topics(office, small)
