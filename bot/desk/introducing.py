"""A person says in a few taps which enterprise they speak for; each step can be skipped."""

from datetime import datetime

from sqlmodel import Session

from bot.delivery.outbox import owe_card
from bot.desk.errors import RefusedError
from bot.desk.greeting import greet, profile
from bot.desk.members import NAME_LIMIT, await_text, notify, require_member
from bot.desk.tables import Awaiting, Chat
from bot.desk.views import Member
from knowledge.industries import SECTIONS
from knowledge.regions import REGIONS
from knowledge.tables import Organisation, OrganisationKind, Person, Tier


def ask_enterprise(session: Session, chat_id: int, *, now: datetime) -> None:
    """Open the form; whose organisation stands in the knowledge base is shown it instead."""
    member = require_member(session, chat_id)
    if _is_known(session, member):
        _show(session, member, "profile", now)
        notify(session, chat_id, "enterprise_known", now=now)
        return
    await_text(session, chat_id, Awaiting.ENTERPRISE)
    view = profile(session, member)
    owe_card(session, chat_id, "ask_enterprise", view, now=now, language=member.language)


def name_enterprise(session: Session, chat_id: int, name: str, *, now: datetime) -> None:
    """An enterprise that the person introduces, by its name."""
    member = require_member(session, chat_id)
    name = " ".join(name.split())
    if not 2 <= len(name) <= NAME_LIMIT:
        raise RefusedError("enterprise_name", limit=NAME_LIMIT)
    enterprise = _own_enterprise(session, member)
    enterprise.name_zh = enterprise.name_en = name
    session.add(enterprise)
    _begin_taps(session, chat_id, now)
    _show(session, member, "choose_industry", now)


def choose_industry(session: Session, chat_id: int, industry: str, *, now: datetime) -> None:
    member = require_member(session, chat_id)
    if industry not in SECTIONS:
        raise RefusedError("stale_button")
    _own_enterprise(session, member).industry = industry
    _show(session, member, "choose_region", now)


def choose_region(session: Session, chat_id: int, region: str, *, now: datetime) -> None:
    member = require_member(session, chat_id)
    if region not in REGIONS:
        raise RefusedError("stale_button")
    _own_enterprise(session, member).region = region
    _show(session, member, "choose_tier", now)


def choose_tier(session: Session, chat_id: int, tier: str, *, now: datetime) -> None:
    member = require_member(session, chat_id)
    if tier not in set(Tier):
        raise RefusedError("stale_button")
    _own_enterprise(session, member).tier = Tier(tier)
    finish(session, chat_id, now=now)


def skip(session: Session, chat_id: int, step: str, *, now: datetime) -> None:
    """Leave one thing unsaid: the next card, or the end of the introduction."""
    following = {"enterprise": "choose_industry", "industry": "choose_region"}
    following["region"] = "choose_tier"
    member = require_member(session, chat_id)
    if step == "enterprise":
        _begin_taps(session, chat_id, now)
    if step in following:
        _show(session, member, following[step], now)
    else:
        finish(session, chat_id, now=now)


def finish(session: Session, chat_id: int, *, now: datetime) -> None:
    member = require_member(session, chat_id)
    _show(session, member, "profile", now)
    await_text(session, chat_id, Awaiting.NOTHING)
    greet(session, member, now)


def _begin_taps(session: Session, chat_id: int, now: datetime) -> None:
    """The cards that follow are one message, edited tap by tap, below what was typed last."""
    await_text(session, chat_id, Awaiting.NOTHING, {"slot": f"introducing:{now:%y%m%d%H%M%S}"})


def _show(session: Session, member: Member, card: str, now: datetime) -> None:
    view = profile(session, member)
    slot = str(session.get_one(Chat, member.chat_id).notes.get("slot", ""))
    owe_card(session, member.chat_id, card, view, now=now, language=member.language, slot=slot)


def _is_known(session: Session, member: Member) -> bool:
    home = session.get(Organisation, member.enterprise_id) if member.enterprise_id else None
    return home is not None and home.key is not None


def _own_enterprise(session: Session, member: Member) -> Organisation:
    """The person's enterprise, made when first needed. A known one (with a key) is not renamed."""
    person = session.get_one(Person, member.person_id)
    found = session.get(Organisation, person.organisation_id) if person.organisation_id else None
    if found is not None and found.key is None:
        return found
    if found is not None:
        raise RefusedError("enterprise_known")
    enterprise = Organisation(kind=OrganisationKind.ENTERPRISE)
    session.add(enterprise)
    session.flush()
    person.organisation_id = enterprise.id
    session.add(person)
    return enterprise
