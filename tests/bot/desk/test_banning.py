"""Reports, bans and appeals: everybody concerned is told, and every act leaves a row."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from bot.desk import accepting, appealing, banning, choosing, closing, overseeing, reporting
from bot.desk.admitting import admission
from bot.desk.members import reachable
from bot.desk.tables import Act, Awaiting, Ban, OfferState, Report, ReportState, Stage
from tests.bot.desk.conftest import ADMIN, ASKER, DAY, LIAISON, MENTORS, NOW, Office

MENTOR, NEXT, SECOND_ADMIN = MENTORS[0], MENTORS[1], 402
REASON = "辱骂对方"


def ban(office: Office, chat_id: int, admin: int = ADMIN, report: int = 0) -> None:
    banning.ask_reason(office.session, admin, office.people[chat_id], report, now=NOW)
    banning.ban(office.session, admin, REASON, DAY, now=NOW)


def report(office: Office, chat_id: int, number: int) -> int:
    reporting.ask_text(office.session, chat_id, number, now=NOW)
    reporting.report(office.session, chat_id, "他骂人", now=NOW)
    return office.session.exec(select(Report.id).order_by(col(Report.id).desc())).first() or 0


def acts(office: Office) -> list[tuple[str, int | None, int | None]]:
    rows = office.session.exec(select(Act).order_by(col(Act.id)))
    return [(row.act, row.actor_id, row.subject_id) for row in rows]


def notices(office: Office, chat_id: int) -> list[str]:
    return [owed.values["code"] for owed in office.owed(chat_id) if owed.card == "notice"]


def test_a_banned_person_is_told_why_and_admitted_to_nothing_but_their_rights(
    office: Office,
) -> None:
    ban(office, ASKER)
    assert office.last(ASKER, "banned")["reason"] == REASON
    found = admission(office.session, ASKER)
    assert found.banned
    assert found.bars("ask", "")
    assert found.bars("", "send")
    assert found.bars("", "")
    assert not any(found.bars(word, "") for word in ("appeal", "mydata", "forget", "language"))
    assert not found.bars("", "appeal")
    banning.say_banned(office.session, ASKER, now=NOW)
    assert office.cards(ASKER).count("banned") == 2


def test_somebody_who_is_not_banned_is_barred_from_nothing(office: Office) -> None:
    assert not admission(office.session, ASKER).bars("ask", "send")
    assert not admission(office.session, 12345).bars("", "")


def test_what_a_banned_asker_asked_ends_and_whoever_had_it_is_told(office: Office) -> None:
    talk = office.talk()
    offered = office.ask()
    office.send(offered, mentor=1)
    draft = office.ask()
    ban(office, ASKER)
    assert office.consultation(talk).stage is Stage.SILENT
    assert notices(office, MENTOR) == ["asker_banned"]
    assert office.consultation(offered).stage is Stage.WITHDRAWN
    assert office.last(NEXT, "offer_ended")["state"] == OfferState.WITHDRAWN
    assert office.consultation(draft).stage is Stage.WITHDRAWN
    assert office.last(ADMIN, "ban_done")["ended"] == 3


def test_what_a_banned_mentor_answered_goes_to_the_next_and_its_asker_is_told_first(
    office: Office,
) -> None:
    number = office.talk()
    ban(office, MENTOR)
    assert office.consultation(number).stage is Stage.OFFERED
    assert office.offer(number).person_id == office.people[NEXT]
    told = [owed.card for owed in office.owed(ASKER) if owed.card in ("notice", "sent")]
    assert told[-2:] == ["notice", "sent"]
    assert notices(office, ASKER) == ["mentor_banned"]
    assert office.last(ADMIN, "ban_done")["handed_over"] == 1


def test_one_that_was_called_answered_is_handed_over_as_well(office: Office) -> None:
    number = office.talk()
    closing.say_answered(office.session, MENTOR, number, now=NOW)
    ban(office, MENTOR)
    assert office.consultation(number).stage is Stage.OFFERED


def test_a_banned_mentor_is_offered_nothing_more(office: Office) -> None:
    number = office.ask()
    office.send(number)
    ban(office, MENTOR)
    assert office.offer(number).person_id == office.people[NEXT]
    assert reachable(office.session, {office.people[MENTOR]}) == set()
    with office.refuses("offer_ended"):
        offer = office.last(MENTOR, "offer")["offer"]
        accepting.accept(office.session, MENTOR, offer, now=NOW)
    again = office.ask()
    office.choose(again)
    office.confirm(again)
    assert office.offer(again).person_id != office.people[MENTOR]


def test_only_admins_ban_and_nobody_themselves_or_anybody_twice(office: Office) -> None:
    with office.refuses("not_allowed"):
        banning.ask_reason(office.session, LIAISON, office.people[ASKER], 0, now=NOW)
    with office.refuses("ban_self"):
        banning.ask_reason(office.session, ADMIN, office.people[ADMIN], 0, now=NOW)
    ban(office, ASKER)
    with office.refuses("banned_already"):
        banning.ask_reason(office.session, ADMIN, office.people[ASKER], 0, now=NOW)
    with office.refuses("not_banned"):
        banning.lift(office.session, ADMIN, office.people[MENTOR], now=NOW)


@pytest.mark.parametrize("reason", ["", "x", " " * 9, "坏" * 501])
def test_a_ban_without_a_reason_that_can_be_read_is_none(office: Office, reason: str) -> None:
    banning.ask_reason(office.session, ADMIN, office.people[ASKER], 0, now=NOW)
    with office.refuses("ban_reason"):
        banning.ban(office.session, ADMIN, reason, DAY, now=NOW)
    assert office.awaiting(ADMIN) is Awaiting.BAN_REASON
    assert not admission(office.session, ASKER).banned


def test_a_lifted_ban_lets_everything_be_done_again_and_is_told(office: Office) -> None:
    ban(office, ASKER)
    banning.lift(office.session, ADMIN, office.people[ASKER], now=NOW)
    assert not admission(office.session, ASKER).banned
    assert notices(office, ASKER) == ["ban_over"]
    office.send(office.ask())
    assert office.cards(MENTOR)[-1] == "offer"


def test_an_appeal_goes_once_to_the_admins_other_than_the_one_who_banned(office: Office) -> None:
    office.join(SECOND_ADMIN, "管理员二", "admin")
    ban(office, ASKER)
    appealing.ask_text(office.session, ASKER, now=NOW)
    assert not admission(office.session, ASKER).bars("", "")
    appealing.appeal(office.session, ASKER, "不是我", now=NOW)
    assert office.last(SECOND_ADMIN, "appeal")["text"] == "不是我"
    assert "appeal" not in office.cards(ADMIN)
    with office.refuses("appealed_already"):
        appealing.ask_text(office.session, ASKER, now=NOW)
    number = office.last(SECOND_ADMIN, "appeal")["appeal"]
    with office.refuses("appeal_not_yours"):
        appealing.decide(office.session, ADMIN, number, True, now=NOW)


@pytest.mark.parametrize(("granted", "code"), [(True, "ban_over"), (False, "appeal_refused")])
def test_what_was_decided_on_an_appeal_is_told_to_everybody_and_decided_once(
    office: Office, granted: bool, code: str
) -> None:
    office.join(SECOND_ADMIN, "管理员二", "admin")
    ban(office, ASKER)
    appealing.appeal(office.session, ASKER, "不是我", now=NOW)
    number = office.last(SECOND_ADMIN, "appeal")["appeal"]
    appealing.decide(office.session, SECOND_ADMIN, number, granted, now=NOW)
    assert admission(office.session, ASKER).banned is not granted
    assert notices(office, ASKER)[-1] == code
    for admin in (ADMIN, SECOND_ADMIN):
        assert office.last(admin, "appeal")["decided"] == ("lifted" if granted else "kept")
    with office.refuses("appeal_decided"):
        appealing.decide(office.session, SECOND_ADMIN, number, not granted, now=NOW)


def test_where_there_is_but_one_admin_the_appeal_goes_to_them_and_says_so(office: Office) -> None:
    ban(office, ASKER)
    appealing.appeal(office.session, ASKER, "不是我", now=NOW)
    assert office.last(ADMIN, "appeal")["own"]
    appealing.decide(office.session, ADMIN, office.last(ADMIN, "appeal")["appeal"], True, now=NOW)
    assert not admission(office.session, ASKER).banned


def test_a_banned_admin_decides_on_no_appeal_of_their_own(office: Office) -> None:
    office.join(SECOND_ADMIN, "管理员二", "admin")
    ban(office, SECOND_ADMIN)
    appealing.appeal(office.session, SECOND_ADMIN, "不是我", now=NOW)
    assert "appeal" not in office.cards(SECOND_ADMIN)
    assert office.last(ADMIN, "appeal")["own"]


def test_somebody_who_is_not_banned_has_nothing_to_appeal(office: Office) -> None:
    with office.refuses("not_banned_you"):
        appealing.ask_text(office.session, ASKER, now=NOW)


def test_either_side_reports_the_other_and_every_other_admin_has_it(office: Office) -> None:
    office.give_role(MENTOR, "admin")
    number = office.talk()
    report(office, ASKER, number)
    card = office.last(ADMIN, "report")
    assert (card["person"], card["text"]) == (office.people[MENTOR], "他骂人")
    assert "report" not in office.cards(MENTOR)
    report(office, MENTOR, number)
    assert office.last(ADMIN, "report")["person"] == office.people[ASKER]
    assert notices(office, ASKER) == notices(office, MENTOR) == ["report_made"]
    with office.refuses("stale_button"):
        reporting.dismiss(office.session, MENTOR, card["report"], now=NOW)


def test_a_report_without_a_choice_asks_at_once_and_with_one_asks_which(office: Office) -> None:
    with office.refuses("nothing_to_report"):
        reporting.ask_which(office.session, ASKER, now=NOW)
    first = office.talk()
    reporting.ask_which(office.session, ASKER, now=NOW)
    assert office.last(ASKER, "ask_report")["consultation"] == first
    second = office.talk(mentor=1)
    reporting.ask_which(office.session, ASKER, now=NOW)
    options = office.last(ASKER, "report_which")["options"]
    assert [option["consultation"] for option in options] == [second, first]


def test_nobody_reports_who_was_not_met(office: Office) -> None:
    number = office.ask()
    office.send(number)
    for chat_id in (ASKER, MENTOR, LIAISON):
        with office.refuses("not_yours"):
            reporting.ask_text(office.session, chat_id, number, now=NOW)


def test_a_consultation_of_long_ago_is_reported_no_more(office: Office) -> None:
    number = office.talk()
    closing.settle(office.session, ASKER, number, True, now=NOW)
    late = NOW + reporting.REPORTABLE_FOR + timedelta(days=1)
    with office.refuses("nothing_to_report"):
        reporting.ask_which(office.session, ASKER, now=late)


def test_a_report_is_decided_once_and_its_reporter_learns_it(office: Office) -> None:
    office.join(SECOND_ADMIN, "管理员二", "admin")
    number = office.talk()
    made = report(office, ASKER, number)
    reporting.dismiss(office.session, ADMIN, made, now=NOW)
    assert notices(office, ASKER)[-1] == "report_dismissed"
    assert office.last(SECOND_ADMIN, "report")["state"] == ReportState.DISMISSED
    with office.refuses("report_decided"):
        banning.ask_reason(office.session, ADMIN, office.people[MENTOR], made, now=NOW)


def test_a_ban_for_a_report_closes_the_report(office: Office) -> None:
    number = office.talk()
    made = report(office, ASKER, number)
    ban(office, MENTOR, report=made)
    assert office.last(ADMIN, "report")["state"] == ReportState.BANNED
    assert "report_banned" in notices(office, ASKER)
    assert office.session.exec(select(Ban.report_id)).one() == made


def test_every_act_leaves_a_row_without_a_word_of_anybody(office: Office) -> None:
    number = office.talk()
    report(office, ASKER, number)
    ban(office, MENTOR)
    appealing.appeal(office.session, MENTOR, "不是我", now=NOW)
    appeal = office.last(ADMIN, "appeal")["appeal"]
    appealing.decide(office.session, ADMIN, appeal, True, now=NOW)
    asker, mentor, admin = (office.people[chat] for chat in (ASKER, MENTOR, ADMIN))
    assert acts(office) == [
        ("reported", asker, mentor),
        ("banned", admin, mentor),
        ("appealed", mentor, mentor),
        ("appeal_granted", admin, mentor),
        ("ban_lifted", admin, mentor),
    ]
    columns = [row.figures for row in office.session.exec(select(Act))]
    assert all(isinstance(value, int) for figures in columns for value in figures.values())


def test_an_admin_looks_people_up_and_sees_how_they_stand(office: Office) -> None:
    number = office.talk()
    report(office, ASKER, number)
    overseeing.match(office.session, ADMIN, "王老板", now=NOW)
    found = office.last(ADMIN, "matches")
    assert [match["id"] for match in found["matches"]] == [office.people[ASKER]]
    overseeing.show(office.session, ADMIN, office.people[MENTOR], now=NOW)
    card = office.last(ADMIN, "person")
    assert (card["state"], card["reports"], card["bans"]) == ("active", 1, 0)
    assert (card["ends"], card["moves"], card["own"]) == (0, 1, False)
    ban(office, MENTOR)
    overseeing.show(office.session, ADMIN, office.people[MENTOR], now=NOW)
    assert office.last(ADMIN, "person")["ban_reason"] == REASON


def test_only_admins_look_people_up(office: Office) -> None:
    for look in (
        lambda: overseeing.ask_name(office.session, ASKER, now=NOW),
        lambda: overseeing.match(office.session, ASKER, "导师", now=NOW),
        lambda: overseeing.show(office.session, ASKER, office.people[MENTOR], now=NOW),
    ):
        with office.refuses("not_allowed"):
            look()


def test_a_question_is_not_offered_to_a_banned_admin(office: Office) -> None:
    office.join(SECOND_ADMIN, "管理员二", "admin")
    ban(office, SECOND_ADMIN)
    number = office.ask(found=0)
    choosing.choose_nobody(office.session, ASKER, number, now=NOW)
    office.confirm(number)
    assert office.offer(number).person_id == office.people[ADMIN]
    assert "offer" not in office.cards(SECOND_ADMIN)
