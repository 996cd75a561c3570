"""Telegram will not deliver: the writer is told, the question moves on."""

import pytest

from bot.delivery.tables import InboxUpdate
from bot.desk import accepting, choosing, talking, undelivered
from bot.desk.tables import Chat, ChatState
from tests.bot.desk.conftest import ADMIN, ASKER, DAY, MENTORS, NOW, Office


def lose(office: Office, chat_id: int, reason: str = "blocked") -> None:
    undelivered.chat_lost(office.session, chat_id, reason, DAY, now=NOW)


@pytest.mark.parametrize(
    ("reason", "state"),
    [
        ("blocked", ChatState.BLOCKED),
        ("deactivated", ChatState.DEACTIVATED),
        ("kicked", ChatState.KICKED),
        ("not_started", ChatState.NOT_STARTED),
        ("forbidden", ChatState.UNREACHABLE),
    ],
)
def test_a_chat_that_takes_nothing_is_remembered_with_its_reason(
    office: Office, reason: str, state: ChatState
) -> None:
    lose(office, MENTORS[0], reason)
    assert office.chat(MENTORS[0]).state is state


def test_the_offers_of_a_mentor_who_is_gone_pass_on_at_once(office: Office) -> None:
    number = office.ask()
    office.send(number)
    lose(office, MENTORS[0])
    assert office.offer(number).person_id == office.people[MENTORS[1]]
    assert office.last(ASKER, "sent")["why"] == "unreachable"


def test_one_of_two_admins_who_is_gone_leaves_it_with_the_other(office: Office) -> None:
    office.join(402, "管理员二", "admin")
    number = office.ask(found=0)
    choosing.choose_nobody(office.session, ASKER, number, now=NOW)
    office.confirm(number)
    lose(office, ADMIN)
    assert office.cards(402) == ["offer"]
    assert office.cards(ASKER).count("sent") == 1


def test_an_admin_who_declined_is_asked_again_only_where_nobody_else_is_left(
    office: Office,
) -> None:
    office.join(402, "管理员二", "admin")
    number = office.ask(found=0)
    choosing.choose_nobody(office.session, ASKER, number, now=NOW)
    office.confirm(number)
    declined = office.last(ADMIN, "offer")["offer"]
    accepting.decline(office.session, ADMIN, declined, "no_time", DAY, now=NOW)
    office.join(403, "管理员三", "admin")
    lose(office, 402)
    assert office.cards(403) == ["offer"]
    assert office.cards(ADMIN).count("offer") == 1
    lose(office, 403)
    assert office.offer(number).person_id == office.people[ADMIN]


@pytest.mark.parametrize(
    ("reason", "called"), [("blocked", "blocked"), ("deactivated", "gone"), ("forbidden", "lost")]
)
@pytest.mark.parametrize(
    ("lost", "told", "side"), [(ASKER, MENTORS[0], "asker"), (MENTORS[0], ASKER, "partner")]
)
def test_the_other_side_of_a_talk_is_told_once_and_why(
    office: Office, lost: int, told: int, side: str, reason: str, called: str
) -> None:
    number, code = office.talk(), f"{side}_{called}"
    lose(office, lost, reason)
    lose(office, lost, reason)
    notices = [owed for owed in office.owed(told) if owed.card == "notice"]
    assert [(owed.values["code"], owed.thread) for owed in notices] == [(code, number)]


def test_a_person_with_a_second_chat_is_still_here(office: Office) -> None:
    number = office.ask()
    office.send(number)
    second = Chat(
        chat_id=299, person_id=office.people[MENTORS[0]], consent_version=1, first_seen=NOW + DAY
    )
    office.session.add(second)
    office.session.flush()
    lose(office, MENTORS[0])
    assert office.offer(number).person_id == office.people[MENTORS[0]]


def test_whoever_comes_back_is_reached_again(office: Office) -> None:
    number = office.talk()
    lose(office, MENTORS[0])
    undelivered.chat_back(office.session, MENTORS[0], now=NOW)
    assert talking.relay(office.session, office.heard(ASKER), number, now=NOW)


def test_whoever_writes_is_here_though_a_late_refusal_said_otherwise(office: Office) -> None:
    """They unblocked the bot while a delivery to them was still being refused."""
    number = office.talk()
    undelivered.chat_back(office.session, ASKER, now=NOW)
    lose(office, ASKER)
    talking.relay(office.session, office.heard(ASKER), number, now=NOW)
    assert office.chat(ASKER).state is ChatState.ACTIVE
    assert talking.relay(office.session, office.heard(MENTORS[0]), number, now=NOW)


def test_an_unknown_chat_is_nobodys_loss(office: Office) -> None:
    lose(office, 12345)
    undelivered.chat_back(office.session, 12345, now=NOW)
    assert office.session.get(Chat, 12345) is None


@pytest.mark.parametrize("code", ["undelivered", "uncertain", "unreachable"])
def test_the_writer_of_an_undelivered_message_is_told_on_that_message(
    office: Office, code: str
) -> None:
    number = office.talk()
    heard = office.heard(ASKER)
    talking.relay(office.session, heard, number, now=NOW)
    undelivered.copy_failed(office.session, office.owed(MENTORS[0])[-1], code, now=NOW)
    notice = office.owed(ASKER)[-1]
    assert notice.values == {"code": code, "values": {"consultation": number}}
    assert (notice.reply_chat, notice.reply_message) == (ASKER, heard.message_id)


def test_a_card_that_was_not_delivered_is_nobodys_message(office: Office) -> None:
    office.send(office.ask())
    before = len(office.owed(ASKER))
    undelivered.copy_failed(office.session, office.owed(MENTORS[0])[-1], "undelivered", now=NOW)
    assert len(office.owed(ASKER)) == before


@pytest.mark.parametrize(("lane", "told"), [(ASKER, True), (12345, False)])
def test_a_quarantined_update_is_told_to_its_sender_and_the_admins(
    office: Office, lane: int, told: bool
) -> None:
    office.session.add(InboxUpdate(update_id=7, lane=lane, raw="{}", received_at=NOW))
    office.session.flush()
    undelivered.quarantined(office.session, 7, "KeyError in talking.relay", now=NOW)
    assert ("notice" in office.cards(lane)) is told
    assert office.last(ADMIN, "quarantined")["update"] == 7
