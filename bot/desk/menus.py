"""The commands that each person's app offers, by their roles and in their language.

What an app was given last is kept, so a changed role, language or list is noticed by comparing:
nothing that changes them need know of menus, and nothing is lost where the desk was stopped.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from hashlib import sha256
from typing import Any

from sqlalchemy import case, func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from bot.delivery.outbox import owe_call, owe_card
from bot.delivery.tables import Priority
from bot.desk.errors import RefusedError
from bot.desk.members import find_member
from bot.desk.tables import Chat, ChatState, CommandMenu
from knowledge.tables import Person, PersonRole, Role

ASKERS = frozenset({PersonRole.ASKER})
MENTORS = frozenset({PersonRole.MENTOR, PersonRole.LIAISON})
ADMINS = frozenset({PersonRole.ADMIN})
EVERYBODY = frozenset(PersonRole)
# A turn gives so many apps their commands; the rest waits for the next.
AT_ONCE = 100


@dataclass(frozen=True)
class Offered:
    """A command, who is offered it, and what the app says of it."""

    name: str
    roles: frozenset[PersonRole]
    zh: str
    en: str

    def text(self, language: str) -> str:
        return self.zh if language == "zh" else self.en


# In the order shown.
OFFERED = (
    Offered("queue", MENTORS | ADMINS, "等我处理的邀约和咨询", "Offers and talks waiting for you"),
    Offered("ask", ASKERS, "提一个新问题", "Ask a new question"),
    Offered("my", EVERYBODY, "进行中的咨询", "Your open consultations"),
    Offered("find", EVERYBODY, "在我的咨询里查找", "Search your own consultations"),
    Offered("away", MENTORS | ADMINS, "设为离开一段时间", "Be away for a while"),
    Offered("back", MENTORS | ADMINS, "我回来了", "You are back"),
    Offered("capacity", MENTORS | ADMINS, "每周接多少新咨询", "New consultations a week"),
    Offered("hours", MENTORS | ADMINS, "我的工作时间", "Your working hours"),
    Offered(
        "save", MENTORS | ADMINS, "回复自己的消息，存为常用回复", "Keep your message to use again"
    ),
    Offered("note", MENTORS | ADMINS, "导师间备注，提问方看不到", "Note among mentors only"),
    Offered("digest", MENTORS, "每周小结", "A weekly summary"),
    Offered("admin", ADMINS, "管理", "Administration"),
    Offered("transfer", ADMINS, "把咨询转给另一位导师", "Give a talk to another mentor"),
    Offered("me", ASKERS, "我的企业", "Your enterprise"),
    Offered("language", EVERYBODY, "中文 / English", "中文 / English"),
    Offered(
        "delete", EVERYBODY, "回复自己的消息，把它撤回", "In reply to your message: take it back"
    ),
    Offered("report", EVERYBODY, "举报问题", "Report a problem"),
    Offered("mydata", EVERYBODY, "导出我的全部数据", "All that is held about you"),
    Offered("cancel", EVERYBODY, "取消正在进行的操作", "Leave what you began"),
    Offered("help", EVERYBODY, "现在能做什么", "What is possible now"),
)


def offered_to(roles: Collection[PersonRole]) -> list[Offered]:
    return [one for one in OFFERED if one.roles.intersection(roles)]


def as_commands(offered: Collection[Offered], language: str) -> list[dict[str, str]]:
    """As setMyCommands takes them."""
    return [{"command": one.name, "description": one.text(language)} for one in offered]


def due(session: Session) -> list[tuple[int, str, tuple[PersonRole, ...], str]]:
    """(chat, language, roles, menu) of the apps that offer something else than they should."""
    found = []
    for row in session.connection().execute(_stand()).all():
        roles = tuple(role for role in PersonRole if getattr(row, role.value))
        menu = _menu(roles, row.language)
        if row.menu != menu:
            found.append((row.chat_id, row.language, roles, menu))
    return found[:AT_ONCE]


def refresh(session: Session, *, now: datetime) -> int:
    """Owe each app that is behind its commands; how many."""
    behind = due(session)
    for chat_id, language, roles, menu in behind:
        session.merge(CommandMenu(chat_id=chat_id, menu=menu))
        values = {
            "commands": as_commands(offered_to(roles), language),
            "scope": {"type": "chat", "chat_id": chat_id},
        }
        owe_call(session, chat_id, "setMyCommands", values, now=now, priority=Priority.BROADCAST)
    session.flush()
    return len(behind)


def suggest(session: Session, chat_id: int, typed: str, *, now: datetime) -> None:
    """A command that is none: those like it that this person has."""
    member = find_member(session, chat_id)
    if member is None or not member.consented:
        raise RefusedError("unknown_command")
    own = {one.name: one for one in offered_to(member.roles)}
    alike = get_close_matches(typed.lower(), own, n=3, cutoff=0.6)
    view = {
        "typed": typed[:32],
        "alike": [{"name": name, "text": own[name].text(member.language)} for name in alike],
    }
    owe_card(session, chat_id, "unknown_command", view, now=now, language=member.language)


def _menu(roles: Collection[PersonRole], language: str) -> str:
    """What an app offers, in short: it changes too where the texts of a command do."""
    commands = repr(as_commands(offered_to(roles), language))
    return f"{language}:{sha256(commands.encode()).hexdigest()[:20]}"


def _stand() -> Any:
    """Every chat that can be reached, its person's language and roles, and what it was given."""
    has = [
        func.max(case((col(Role.role) == role, 1), else_=0)).label(role.value)
        for role in PersonRole
    ]
    return (
        select_columns(col(Chat.chat_id), col(Person.language), col(CommandMenu.menu), *has)
        .select_from(Chat)
        .join(Person, col(Person.id) == Chat.person_id)
        .outerjoin(Role, col(Role.person_id) == Chat.person_id)
        .outerjoin(CommandMenu, col(CommandMenu.chat_id) == Chat.chat_id)
        .where(col(Chat.state) == ChatState.ACTIVE, col(Chat.consent_version) > 0)
        .group_by(col(Chat.chat_id), col(Person.language), col(CommandMenu.menu))
        .order_by(col(Chat.chat_id))
    )
