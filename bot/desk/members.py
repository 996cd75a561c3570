"""Who is in a chat, and how to tell them something."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from bot.delivery.held import hold, release
from bot.delivery.outbox import owe_card
from bot.delivery.tables import Priority
from bot.desk.errors import RefusedError
from bot.desk.placing import is_group, lab_shown, language_in
from bot.desk.tables import Awaiting, Ban, Chat, ChatState
from bot.desk.views import Member, NoticeView, Words
from knowledge.prepared import Prepared
from knowledge.tables import Organisation, Person, PersonRole, Role

# The terms that stand in bot/cards/templates/terms; 1 is the first.
CONSENT_VERSION = 2
LANGUAGES = ("zh", "en")
# For the names of people and enterprises, in characters.
NAME_LIMIT = 80


_MEMBER = Prepared(
    select_columns(
        col(Chat.person_id),
        col(Chat.state),
        col(Chat.awaiting),
        col(Chat.consent_version),
        col(Person.language),
        col(Person.organisation_id),
        col(Role.role),
    )
    .join(Person, col(Person.id) == Chat.person_id)
    .outerjoin(Role, col(Role.person_id) == Chat.person_id)
    .where(col(Chat.chat_id) == bindparam("chat_id"))
)
_CHAT_OF = Prepared(
    select(Chat.chat_id, Person.language)
    .join(Person, col(Person.id) == Chat.person_id)
    .where(Chat.person_id == bindparam("person_id"), Chat.state == ChatState.ACTIVE)
    .order_by(col(Chat.first_seen).desc())
    .limit(1)
)


def find_member(session: Session, chat_id: int) -> Member | None:
    """One query: the chat, its person and the person's roles."""
    rows = _MEMBER.rows(session, chat_id=chat_id)
    if not rows:
        return None
    chat = rows[0]
    return Member(
        person_id=chat.person_id,
        chat_id=chat_id,
        language=chat.language,
        roles=frozenset(PersonRole(row.role) for row in rows if row.role),
        enterprise_id=chat.organisation_id,
        awaiting=chat.awaiting,
        consented=chat.consent_version > 0,
        current=chat.consent_version >= CONSENT_VERSION,
        here=chat.state is ChatState.ACTIVE,
    )


def require_found(session: Session, chat_id: int) -> Member:
    """Whoever acts in a chat can be reached there. Raises RefusedError("not_started")."""
    member = find_member(session, chat_id)
    if member is None:
        raise RefusedError("not_started")
    if not member.here:
        # A refusal on its way may overtake the news that the bot was unblocked.
        session.get_one(Chat, chat_id).state = ChatState.ACTIVE
        release(session, chat_id)
    return member


def require_member(session: Session, chat_id: int) -> Member:
    """Raises RefusedError("not_started") where nobody has begun, or consent is missing."""
    member = require_found(session, chat_id)
    if not member.consented:
        raise RefusedError("not_started")
    return member


def require_role(session: Session, chat_id: int, *roles: PersonRole) -> Member:
    """Raises RefusedError unless the person has one of `roles`: "not_allowed" for what is the
    admins', "for_mentors" for what is open to those who answer."""
    member = require_member(session, chat_id)
    if not member.roles.intersection(roles):
        raise RefusedError("for_mentors" if PersonRole.MENTOR in roles else "not_allowed")
    return member


def is_admin(session: Session, chat_id: int) -> bool:
    member = find_member(session, chat_id)
    return member is not None and member.consented and member.has(PersonRole.ADMIN)


def await_text(
    session: Session, chat_id: int, awaiting: Awaiting, notes: dict[str, object] | None = None
) -> None:
    """The next text typed in this chat answers `awaiting`."""
    chat = session.get_one(Chat, chat_id)
    chat.awaiting, chat.notes = awaiting, notes or {}
    session.add(chat)


def chat_of(session: Session, person_id: int) -> tuple[int, str] | None:
    """(chat id, language) of a person who can be reached now."""
    rows = _CHAT_OF.rows(session, person_id=person_id)
    return (rows[0].chat_id, rows[0].language) if rows else None


def away_chat_of(session: Session, person_id: int) -> tuple[int, str] | None:
    """(chat id, language) of a person who can't be reached now and may come back."""
    latest = (
        select(Chat.chat_id, Person.language)
        .join(Person, col(Person.id) == Chat.person_id)
        .where(Chat.person_id == person_id, Chat.state != ChatState.DEACTIVATED)
        .order_by(col(Chat.first_seen).desc())
    )
    return session.exec(latest).first()


def reachable(session: Session, people: set[int]) -> set[int]:
    """Those of `people` who have agreed, in a chat that was not blocked, and are not banned."""
    found = select(Chat.person_id).where(
        col(Chat.person_id).in_(people),
        Chat.state == ChatState.ACTIVE,
        Chat.consent_version > 0,  # newer terms are shown when they accept
        col(Chat.person_id).not_in(select(Ban.person_id).where(col(Ban.lifted_at).is_(None))),
    )
    return set(session.exec(found))


def tell(
    session: Session,
    person_id: int,
    card: str,
    view: object,
    *,
    now: datetime,
    thread: int | None = None,
    slot: str = "",
    priority: Priority = Priority.NOTICE,
    reply_to: tuple[int, int] | None = None,
    silent: bool = False,
) -> bool:
    """Owe a card to a person in their language; False if they can't be reached now.

    What can't reach them is kept until they are back. `reply_to`, `silent`: as owe_card has them.
    """
    here = chat_of(session, person_id)
    found = here or away_chat_of(session, person_id)
    if found is None:
        return False
    chat_id, language = found
    owe_card(
        session,
        chat_id,
        card,
        view,
        now=now,
        language=language,
        thread=thread,
        slot=slot,
        priority=priority,
        reply_to=reply_to,
        silent=silent,
    )
    if here is None:
        hold(session, chat_id)
    lab = lab_shown(session, person_id, thread, card) if thread is not None else None
    if lab is not None:
        group, language = lab
        given: dict[str, Any] = {"language": language, "thread": thread, "slot": slot}
        owe_card(session, group, card, view, now=now, priority=priority, **given)
    return here is not None


def tell_role(session: Session, role: PersonRole, card: str, view: object, *, now: datetime) -> int:
    """Owe a card to everyone who has `role`; how many can be reached."""
    people = session.exec(select(Role.person_id).where(Role.role == role)).all()
    return sum(tell(session, person_id, card, view, now=now) for person_id in people)


def spoken(language_code: str) -> str:
    """The one of our languages that serves a Telegram app set to `language_code`."""
    return "zh" if language_code.lower().startswith("zh") else "en"


def language_of(session: Session, chat_id: int, language_code: str = "zh") -> str:
    """The language of whoever is in this chat, of a lab's group its mentor's; else as spoken."""
    if is_group(chat_id):
        return language_in(session, chat_id) or spoken(language_code)
    found = session.exec(
        select(Person.language)
        .join(Chat, col(Chat.person_id) == Person.id)
        .where(Chat.chat_id == chat_id)
    ).first()
    return found or spoken(language_code)


def notify(
    session: Session,
    chat_id: int,
    code: str,
    *,
    now: datetime,
    reply_to: int | None = None,
    language_code: str = "zh",
    **values: str | int,
) -> None:
    """Owe one sentence to a chat, known or not; `reply_to` is a message in that chat.

    A sentence about a consultation belongs to it: a reply to it finds its way.
    """
    view = NoticeView(code=code, values=values)
    thread = values.get("consultation")
    owe_card(
        session,
        chat_id,
        "notice",
        view,
        now=now,
        language=language_of(session, chat_id, language_code),
        thread=thread if isinstance(thread, int) else None,
        reply_to=(chat_id, reply_to) if reply_to is not None else None,
    )


def reads_of(session: Session, person_id: int) -> str:
    """The language a person has chosen to read and write here."""
    return session.get_one(Person, person_id).language


def name_of(session: Session, person_id: int) -> tuple[Words, Words]:
    """A person's name and their organisation's."""
    name, home, _ = known_as(session, person_id)
    return name, home


def known_as(session: Session, person_id: int) -> tuple[Words, Words, str]:
    """A person's name and their organisation's, and the language they read and write here."""
    found = session.exec(
        select(Person, Organisation)
        .outerjoin(Organisation, col(Organisation.id) == Person.organisation_id)
        .where(Person.id == person_id)
    ).one()
    person, organisation = found
    home = Words(organisation.name_zh, organisation.name_en) if organisation else Words("", "")
    return Words(person.name_zh, person.name_en), home, person.language
