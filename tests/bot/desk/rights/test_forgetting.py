"""Whoever wants to be forgotten is, everywhere; counts stay, and the other side knows."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select as select_columns
from sqlmodel import SQLModel, col, select

from bot.delivery.outbox import owe_card
from bot.delivery.tables import Delivery, DeliveryState, InboxUpdate
from bot.desk import (
    accepting,
    appealing,
    banning,
    closing,
    inviting,
    offering,
    onboarding,
    reporting,
    talking,
)
from bot.desk.errors import RefusedError
from bot.desk.policy import Policy
from bot.desk.rights import ALL, HOLDINGS, giving
from bot.desk.rights.erasing import SOON, ask, ask_really, forget, keep
from bot.desk.rights.giving import held_about, subject_of
from bot.desk.rights.holding import blank, table_named
from bot.desk.rights.keeping import sweep
from bot.desk.tables import (
    Act,
    Ban,
    Chat,
    Consultation,
    Message,
    MessageVersion,
    OfferState,
    Parked,
    Reload,
    Stage,
    Transcript,
)
from knowledge.tables import Organisation, Person, Role
from tests.bot.desk.conftest import ADMIN, DAY, MENTORS, NOW, Office

SECRET = "绝密配方甲乙丙"
# Names, words and numbers by which the asker of `lived` is known.
MARKS = ("宏达五金", "赵掌柜", SECRET, "777000111")
PERSON = 777000111
LATER = NOW + timedelta(days=400)


def erase(office: Office, chat_id: int) -> list[str]:
    asked = int(NOW.timestamp())
    return list(forget(office.session, chat_id, asked, DAY, now=NOW))


def everything(office: Office) -> Iterator[tuple[str, str]]:
    """Each value of each table, opened, with the name of its column."""
    office.session.flush()
    for table in SQLModel.metadata.sorted_tables:
        for row in office.session.connection().execute(select_columns(table)).mappings():
            for name, value in row.items():
                text = json.dumps(value, ensure_ascii=False, default=str)
                yield f"{table.name}.{name}", text


def where(office: Office, *marks: str) -> set[str]:
    """The columns in which any of the marks stands."""
    return {place for place, text in everything(office) if any(mark in text for mark in marks)}


@pytest.fixture
def lived(office: Office) -> Office:
    """An asker who has done all that can be done: rows of theirs in as many tables as possible."""
    session = office.session
    onboarding.start(session, PERSON, "赵掌柜", "zh", now=NOW)
    onboarding.agree(session, PERSON, now=NOW)
    person = session.get_one(Chat, PERSON).person_id
    office.people[PERSON] = person
    home = office.enterprise_named("宏达五金", industry="C", region="浙江")
    session.get_one(Person, person).organisation_id = home
    office.expert("expert-9", office.person_named("公开专家"))
    talk = office.ask(PERSON, text=f"铝压铸 {SECRET} 怎么办")
    office.send(talk)
    accept(office, talk)
    said = office.heard(PERSON, f"补充 {SECRET}", file={"name": f"{SECRET}.pdf", "id": "f1"})
    talking.relay(session, said, talk, now=NOW)
    first = MessageVersion(message_id=1, number=0, text=SECRET, replaced_at=NOW)
    first.message_id = session.exec(select(Message.id)).one() or 0
    session.add(first)
    answer = office.heard(MENTORS[0], "知道了", quote={"text": SECRET})
    talking.relay(session, answer, talk, now=NOW)
    reporting.ask_text(session, PERSON, talk, now=NOW)
    reporting.report(session, PERSON, f"他泄露了 {SECRET}", now=NOW)
    session.add(Parked(chat_id=PERSON, message_id=9, kind="text", text=SECRET, parked_at=NOW))
    raw = json.dumps({"text": SECRET, "chat": PERSON}, ensure_ascii=False)
    session.add(
        InboxUpdate(update_id=5, lane=PERSON, raw=raw, received_at=NOW, done_at=NOW, error="")
    )
    owe_card(session, PERSON, "notice", {"code": "x", "values": {"text": SECRET}}, now=NOW)
    session.flush()
    office.deliver()
    for owed in session.exec(select(Delivery)):
        owed.state, owed.sent_at = DeliveryState.SENT, NOW
    session.flush()
    return office


def accept(office: Office, number: int) -> None:
    accepting.accept(office.session, MENTORS[0], office.offer(number).id or 0, now=NOW)


def test_all_that_is_held_about_a_person_is_given_out(lived: Office) -> None:
    held = held_about(lived.session, PERSON, NOW)
    found: dict[str, list[dict[str, Any]]] = {}
    for section in held.sections:
        found.setdefault(section.table, []).extend(section.rows)
    assert found["person"][0]["name_zh"] == "赵掌柜"
    assert found["organisation"][0]["name_zh"] == "宏达五金"
    assert found["role"][0]["role"] == "asker"
    assert found["consent"][0]["version"] >= 1
    assert SECRET in found["consultation"][0]["question"]
    assert any(SECRET in row.get("text", "") for row in found["message"])
    assert SECRET in found["parked"][0]["text"]
    assert SECRET in found["inbox_update"][0]["raw"]
    assert SECRET in found["report"][0]["text"]
    assert found["delivery"]
    assert [row["act"] for row in found["act"]] == ["reported"]


def test_nothing_of_somebody_else_is_given_out(lived: Office) -> None:
    held = held_about(lived.session, PERSON, NOW)
    text = json.dumps([list(section.rows) for section in held.sections], ensure_ascii=False)
    assert "知道了" not in text
    assert "王老板" not in text
    for mentor in held_about(lived.session, MENTORS[0], NOW).sections:
        assert SECRET not in json.dumps(list(mentor.rows), ensure_ascii=False)


def test_what_was_just_given_is_not_made_again_at_once(lived: Office) -> None:
    giving.give(lived.session, PERSON, "/tmp/x.zip", now=NOW)
    lived.session.flush()
    with lived.refuses("data_lately"):
        held_about(lived.session, PERSON, NOW)
    assert held_about(lived.session, PERSON, NOW + giving.BETWEEN).sections
    with lived.refuses("not_started"):
        held_about(lived.session, 12345, NOW)


def test_whoever_is_forgotten_stands_nowhere_any_more(lived: Office) -> None:
    assert len(where(lived, *MARKS)) > 12
    erase(lived, PERSON)
    # The last card alone is still owed to the chat; the sweep takes it once it is old.
    left = where(lived, *MARKS)
    assert left <= {"delivery.chat_id", "delivery.values"}
    owed = [one for one in lived.owed(PERSON) if one.state is DeliveryState.QUEUED]
    assert [one.card for one in owed] == ["forgotten"]
    unsent = lived.session.exec(select(Delivery).where(col(Delivery.sent_at).is_(None))).all()
    assert not [one for one in unsent if any(mark in str(one.values) for mark in MARKS)]


def test_every_row_of_theirs_follows_the_map(lived: Office) -> None:
    subject = subject_of(lived.session, lived.people[PERSON])
    erase(lived, PERSON)
    for one in ALL:
        table = table_named(one.table)
        theirs = select_columns(table).where(one.of(subject, HOLDINGS))
        rows = lived.session.connection().execute(theirs).mappings().all()
        if one.gone:
            assert rows == []
        for row in rows:
            if one.table != "delivery" and not (one.unless and row[one.unless]):
                assert all(row[name] == blank(table.c[name]) for name in one.erased)


def test_what_they_wrote_and_nobody_has_yet_is_not_sent_any_more(lived: Office) -> None:
    talk = lived.session.exec(select(Consultation.id)).one() or 0
    heard = lived.heard(PERSON, "还没送出的")
    talking.relay(lived.session, heard, talk, now=NOW)
    talking.relay(lived.session, lived.heard(MENTORS[0], "给他的"), talk, now=NOW)
    erase(lived, PERSON)
    queued = select(Delivery).where(Delivery.state == DeliveryState.QUEUED)
    copies = [one for one in lived.session.exec(queued) if one.method == "copyMessage"]
    assert copies == []


def test_counts_and_records_of_acts_stay(lived: Office) -> None:
    person, tables = lived.people[PERSON], (Consultation, Message, Delivery)
    before = [len(lived.session.exec(select(table)).all()) for table in tables]
    erase(lived, PERSON)
    after = [len(lived.session.exec(select(table)).all()) for table in tables]
    assert all(now >= then for now, then in zip(after, before, strict=True))
    acts = [row.act for row in lived.session.exec(select(Act).where(Act.subject_id == person))]
    assert acts == ["forgotten"]
    assert lived.session.get_one(Person, person).removed_at == NOW
    assert lived.session.exec(select(Role).where(Role.person_id == person)).all() == []


def test_the_other_side_of_what_was_open_is_told_and_nobody_is_left_without_an_owner(
    lived: Office,
) -> None:
    offered = lived.ask(PERSON)
    lived.send(offered, mentor=1)
    erase(lived, PERSON)
    assert lived.last(MENTORS[0], "notice")["code"] == "asker_left"
    assert lived.last(MENTORS[1], "offer_ended")["state"] == OfferState.WITHDRAWN
    stages = {one.stage for one in lived.session.exec(select(Consultation))}
    assert stages == {Stage.SILENT, Stage.WITHDRAWN}


def test_what_a_forgotten_mentor_answered_goes_on_with_the_next(lived: Office) -> None:
    talk = lived.session.exec(select(Consultation.id)).one() or 0
    erase(lived, MENTORS[0])
    assert lived.offer(talk).person_id == lived.people[MENTORS[1]]
    assert lived.last(PERSON, "notice")["code"] == "mentor_left"
    assert SECRET in lived.consultation(talk).question
    assert "导师0" not in str([lived.last(PERSON, "sent")])


def test_whoever_writes_after_being_forgotten_is_a_stranger(lived: Office) -> None:
    was = lived.people[PERSON]
    erase(lived, PERSON)
    with lived.refuses("not_started"):
        erase(lived, PERSON)
    onboarding.start(lived.session, PERSON, "新名", "zh", now=NOW)
    assert lived.session.get_one(Chat, PERSON).person_id != was


def test_it_is_asked_twice_and_the_second_tap_does_not_wait_for_ever(lived: Office) -> None:
    ask(lived.session, PERSON, Policy(), now=NOW)
    assert (lived.last(PERSON, "forget")["ends"], lived.last(PERSON, "forget")["moves"]) == (1, 0)
    ask_really(lived.session, PERSON, now=NOW)
    asked = lived.last(PERSON, "forget_really")["asked"]
    with lived.refuses("forget_late"):
        late = NOW + SOON + timedelta(seconds=1)
        forget(lived.session, PERSON, asked, DAY, now=late)
    keep(lived.session, PERSON, now=NOW)
    assert lived.cards(PERSON)[-1] == "forget_not"
    assert SECRET in lived.session.exec(select(Consultation.question)).one()


def test_the_last_admin_who_is_here_cannot_go(office: Office) -> None:
    with office.refuses("last_admin"):
        ask(office.session, ADMIN, Policy(), now=NOW)
    with office.refuses("last_admin"):
        erase(office, ADMIN)
    office.join(402, "管理员二", "admin")
    erase(office, ADMIN)
    assert office.session.get(Chat, ADMIN) is None


def test_an_expert_of_the_knowledge_files_stays_one_and_is_told_whom_to_ask(
    office: Office,
) -> None:
    person = office.session.get_one(Person, office.people[MENTORS[0]])
    person.key = "person-0"
    office.session.flush()
    ask(office.session, MENTORS[0], Policy(), now=NOW)
    assert office.last(MENTORS[0], "forget")["public"]
    assert held_about(office.session, MENTORS[0], NOW).public
    erase(office, MENTORS[0])
    kept = office.session.get_one(Person, person.id, populate_existing=True)
    assert (kept.name_zh, kept.removed_at) == ("导师0", None)
    assert office.session.get(Chat, MENTORS[0]) is None


def test_an_enterprise_that_others_belong_to_keeps_its_name(lived: Office) -> None:
    home = lived.session.get_one(Person, lived.people[PERSON]).organisation_id or 0
    lived.join(778, "同事", "asker", home)
    erase(lived, PERSON)
    kept = lived.session.get_one(Organisation, home, populate_existing=True)
    assert kept.name_zh == "宏达五金"


def test_a_ban_outlasts_being_forgotten_and_nothing_else_does(lived: Office) -> None:
    banning.ask_reason(lived.session, ADMIN, lived.people[PERSON], 0, now=NOW)
    banning.ban(lived.session, ADMIN, "辱骂对方", DAY, now=NOW)
    appealing.appeal(lived.session, PERSON, f"冤枉 {SECRET}", now=NOW)
    for owed in lived.session.exec(select(Delivery)):
        owed.state, owed.sent_at = DeliveryState.SENT, NOW
    ask(lived.session, PERSON, Policy(), now=NOW)
    assert lived.last(PERSON, "forget")["banned"]
    erase(lived, PERSON)
    assert lived.session.exec(select(Ban.reason)).one() == "辱骂对方"
    banning.say_banned(lived.session, PERSON, now=NOW)
    assert lived.last(PERSON, "banned")["reason"] == "辱骂对方"
    left = where(lived, SECRET, "赵掌柜", "宏达五金")
    assert left <= {"delivery.values"}


@pytest.mark.parametrize("who", [PERSON, ADMIN])
def test_files_of_theirs_are_named_for_deletion(lived: Office, who: int) -> None:
    lived.join(402, "管理员二", "admin")
    talk = lived.session.exec(select(Consultation.id)).one() or 0
    rows: list[Any] = [
        Transcript(consultation_id=talk, chat_id=who, path=f"/var/{who}.zip", wanted_at=NOW),
        Reload(
            chat_id=who,
            admin_id=lived.people[who],
            filename="x",
            file_id="y",
            path=f"/var/{who}.csv",
            received_at=NOW,
        ),
    ]
    lived.session.add_all(rows)
    lived.session.flush()
    assert sorted(erase(lived, who)) == [f"/var/{who}.csv", f"/var/{who}.zip"]


def test_what_ended_long_ago_is_swept_and_counted_once(lived: Office) -> None:
    talk = lived.session.exec(select(Consultation.id)).one() or 0
    closing.settle(lived.session, PERSON, talk, True, now=NOW)
    assert sweep(lived.session, Policy(), now=NOW + timedelta(days=30)) == {}
    messages = len(lived.session.exec(select(Message)).all())
    swept = sweep(lived.session, Policy(), now=LATER)
    assert swept["consultation"] == 1
    assert swept["message"] == messages == 2
    lived.session.expire_all()
    # What still waits for its writer's choice is no consultation's, and the inbox has its own time.
    assert where(lived, SECRET) <= {"parked.text", "inbox_update.raw"}
    assert len(lived.session.exec(select(Message)).all()) == messages
    assert lived.session.exec(select(Act.figures).where(Act.act == "swept")).one() == swept
    assert sweep(lived.session, Policy(), now=LATER) == {}


def test_a_talk_that_goes_on_is_not_swept_nor_the_cards_by_which_it_is_found(
    lived: Office,
) -> None:
    sweep(lived.session, Policy(), now=LATER)
    lived.session.expire_all()
    assert SECRET in lived.session.exec(select(Consultation.question)).one()
    card = next(owed for owed in lived.owed(MENTORS[0]) if owed.card == "accepted_mentor")
    assert card.sent_message is not None


def test_a_draft_that_was_never_sent_is_swept_too(lived: Office) -> None:
    draft = lived.ask(PERSON, text=f"没发出的 {SECRET}")
    sweep(lived.session, Policy(), now=LATER)
    lived.session.expire_all()
    assert lived.consultation(draft).stage is Stage.WITHDRAWN
    assert lived.consultation(draft).question == ""


def test_an_invite_link_of_somebody_forgotten_still_says_what_it_is(office: Office) -> None:
    office.join(402, "管理员二", "admin")
    inviting.invite(office.session, ADMIN, "mentor", None, b"key", DAY, now=NOW)
    erase(office, ADMIN)
    token = office.session.exec(select(Delivery)).first()
    assert token is not None
    with pytest.raises(RefusedError, match="invite_false"):
        inviting.redeem(office.session, 999, "x", "zh", "i1-false", b"key", now=NOW)


def test_nobody_is_asked_to_take_what_a_forgotten_person_left(lived: Office) -> None:
    erase(lived, PERSON)
    before = len(lived.session.exec(select(Delivery)).all())
    offering.expire_due(lived.session, DAY, now=NOW + DAY)
    assert len(lived.session.exec(select(Delivery)).all()) == before
