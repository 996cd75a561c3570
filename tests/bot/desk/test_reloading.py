"""An admin sends knowledge: checked, shown, and nothing is changed before it is confirmed."""

import pytest
from sqlmodel import col, select

from bot.delivery.tables import Delivery
from bot.desk import reloading
from bot.desk.reloading import DOWNLOAD_LIMIT, PROBLEMS_SHOWN
from bot.desk.tables import Reload, ReloadState
from knowledge.importers import Problem
from knowledge.reload import BadBatchError
from knowledge.tables import Entry, Person
from tests.bot.desk.conftest import ADMIN, ASKER, MENTORS, NOW, Office
from tests.knowledge.making import base

FILE = "knowledge.zip"


def problems(number: int) -> list[Problem]:
    return [Problem("experts.csv", row, "行业", f"错{row}", f"bad {row}") for row in range(number)]


def receive(office: Office, chat_id: int = ADMIN, size: int = 1000) -> int:
    reloading.receive(office.session, chat_id, FILE, "file-id", size, now=NOW)
    return office.session.exec(select(Reload.id).order_by(col(Reload.id).desc())).first() or 0


def shown(office: Office) -> int:
    """A good file that waits to be confirmed."""
    number = receive(office)
    reloading.keep_file(office.session, number, "/files/1.zip", now=NOW)
    reloading.show_diff(office.session, number, base(), now=NOW)
    return number


def state(office: Office, number: int) -> ReloadState:
    return office.session.get_one(Reload, number).state


def test_a_file_from_an_admin_is_taken_in_and_its_course_is_one_message(office: Office) -> None:
    number = shown(office)
    reloading.confirm(office.session, ADMIN, number, False, now=NOW)
    reloading.report_progress(office.session, number, "indexing", 3, 9, now=NOW)
    reloading.finish(office.session, number, "20261123-1", 40, now=NOW)
    assert office.cards(ADMIN) == [
        "reload_progress", "reload_diff", "reload_progress", "reload_progress", "reload_done",
    ]  # fmt: skip
    assert {owed.slot for owed in office.owed(ADMIN)} == {f"reload:{number}"}
    assert state(office, number) is ReloadState.APPLIED


@pytest.mark.parametrize("chat_id", [ASKER, MENTORS[0]])
def test_only_admins_send_knowledge(office: Office, chat_id: int) -> None:
    with office.refuses("not_allowed"):
        receive(office, chat_id)


def test_a_file_telegram_would_not_let_us_fetch_is_refused_at_once(office: Office) -> None:
    with office.refuses("file_too_large", limit=20):
        receive(office, size=DOWNLOAD_LIMIT + 1)
    assert receive(office, size=DOWNLOAD_LIMIT)


def test_what_would_change_is_shown_and_nothing_is_written(office: Office) -> None:
    shown(office)
    view = office.last(ADMIN, "reload_diff")
    assert (view["filename"], view["unchanged"]) == (FILE, False)
    assert view["kinds"]["patent"]["added"] == 1
    assert view["kinds"]["patent"]["examples"] == ["+ patent-1 温控方法"]
    assert office.session.exec(select(Entry).where(Entry.key == "patent-1")).all() == []


def test_what_the_file_does_not_name_is_counted_as_such(office: Office) -> None:
    shown(office)
    view = office.last(ADMIN, "reload_diff")
    assert view["kinds"]["expert"]["removed"] == 3
    assert view["removed"] == sum(kind["removed"] for kind in view["kinds"].values())


@pytest.mark.parametrize(("remove", "left"), [(False, 4), (True, 1)])
def test_only_what_is_to_go_is_removed(office: Office, remove: bool, left: int) -> None:
    number = shown(office)
    reloading.confirm(office.session, ADMIN, number, remove, now=NOW)
    reloading.write(office.session, number, base(), now=NOW)
    known = select(Entry).where(Entry.kind == "expert", col(Entry.removed_at).is_(None))
    assert len(office.session.exec(known).all()) == left
    assert office.session.exec(select(Person).where(Person.name_zh == "王老板")).one()


def test_writing_twice_after_a_crash_changes_nothing_more(office: Office) -> None:
    number = shown(office)
    reloading.confirm(office.session, ADMIN, number, False, now=NOW)
    first = reloading.write(office.session, number, base(), now=NOW)
    again = reloading.write(office.session, number, base(), now=NOW)
    assert first.kinds["patent"].added == 1
    assert all(change.added == change.changed == 0 for change in again.kinds.values())


def test_a_file_that_is_known_already_is_said_to_change_nothing(office: Office) -> None:
    number = shown(office)
    reloading.confirm(office.session, ADMIN, number, True, now=NOW)
    reloading.write(office.session, number, base(), now=NOW)
    reloading.finish(office.session, number, "20261123-1", 40, now=NOW)
    second = receive(office)
    reloading.show_diff(office.session, second, base(), now=NOW)
    view = office.last(ADMIN, "reload_diff")
    assert (view["unchanged"], view["removed"]) == (True, 0)


def test_a_bad_file_is_reported_row_by_row_in_the_admins_language(office: Office) -> None:
    number = receive(office)
    reloading.refuse(office.session, number, problems(3), 3, "/report.csv", now=NOW)
    view = office.last(ADMIN, "reload_report")
    assert (view["count"], len(view["problems"])) == (3, 3)
    assert view["problems"][1] == {
        "file": "experts.csv", "row": 1, "column": "行业", "message": "错1",
    }  # fmt: skip
    assert "sendDocument" not in office.cards(ADMIN)
    assert state(office, number) is ReloadState.REFUSED
    with office.refuses("reload_ended"):
        reloading.confirm(office.session, ADMIN, number, False, now=NOW)


def test_more_problems_than_a_card_holds_follow_as_a_file(office: Office) -> None:
    number = receive(office)
    many = problems(PROBLEMS_SHOWN + 1)
    reloading.refuse(office.session, number, many, 5000, "/report.csv", now=NOW)
    view = office.last(ADMIN, "reload_report")
    assert (view["count"], len(view["problems"])) == (5000, PROBLEMS_SHOWN)
    document = office.owed(ADMIN)[-1]
    assert (document.method, document.attachment) == ("sendDocument", "/report.csv")


def test_a_problem_without_a_row_is_told_as_the_files() -> None:
    problem = Problem("bad.zip", None, None, "加密", "has a password")
    told = reloading.described(problem, "en")
    assert told == {"file": "bad.zip", "row": 0, "column": "", "message": "has a password"}


def test_a_file_left_as_it_was_changes_nothing(office: Office) -> None:
    number = shown(office)
    reloading.cancel(office.session, ADMIN, number, now=NOW)
    assert state(office, number) is ReloadState.CANCELLED
    assert reloading.next_job(office.session) is None
    with office.refuses("reload_ended"):
        reloading.confirm(office.session, ADMIN, number, False, now=NOW)


def test_a_file_is_decided_on_once(office: Office) -> None:
    number = shown(office)
    reloading.confirm(office.session, ADMIN, number, True, now=NOW)
    for decide in (
        lambda: reloading.confirm(office.session, ADMIN, number, False, now=NOW),
        lambda: reloading.cancel(office.session, ADMIN, number, now=NOW),
    ):
        with office.refuses("reload_ended"):
            decide()
    assert office.session.get_one(Reload, number).remove


def test_a_file_is_decided_on_by_the_admin_who_sent_it(office: Office) -> None:
    office.join(402, "管理员二", "admin")
    number = shown(office)
    with office.refuses("not_yours"):
        reloading.confirm(office.session, 402, number, False, now=NOW)
    with office.refuses("not_allowed"):
        reloading.confirm(office.session, ASKER, number, False, now=NOW)


def test_files_are_worked_off_in_the_order_they_came(office: Office) -> None:
    first, second = receive(office), receive(office)
    job = reloading.next_job(office.session)
    assert job is not None
    assert (job.id, job.state, job.path) == (first, ReloadState.RECEIVED, "")
    reloading.fail(office.session, first, "no space left", now=NOW)
    following = reloading.next_job(office.session)
    assert following is not None
    assert following.id == second


def test_after_a_crash_a_confirmed_file_is_taken_up_where_it_lies(office: Office) -> None:
    number = shown(office)
    assert reloading.next_job(office.session) is None
    reloading.confirm(office.session, ADMIN, number, True, now=NOW)
    job = reloading.next_job(office.session)
    assert job is not None
    assert (job.id, job.path, job.remove) == (number, "/files/1.zip", True)


def test_a_file_that_became_bad_before_it_was_written_changes_nothing(office: Office) -> None:
    """It names a person of another file, who was never loaded."""
    number = receive(office)
    with office.session.begin_nested() as savepoint:
        with pytest.raises(BadBatchError):
            reloading.write(office.session, number, base("experts"), now=NOW)
        savepoint.rollback()
    assert office.session.exec(select(Entry).where(Entry.key == "expert-lin")).all() == []


def test_a_failure_says_what_to_mend(office: Office) -> None:
    number = receive(office)
    reloading.fail(office.session, number, "no space left on /var", now=NOW)
    assert office.last(ADMIN, "reload_ended") == {
        "state": "failed", "reason": "no space left on /var",
    }  # fmt: skip


def test_nobody_but_the_admin_hears_of_a_reload(office: Office) -> None:
    number = shown(office)
    reloading.confirm(office.session, ADMIN, number, False, now=NOW)
    reloading.finish(office.session, number, "20261123-1", 40, now=NOW)
    told = set(office.session.exec(select(Delivery.chat_id)))
    assert told == {ADMIN}
