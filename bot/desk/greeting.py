"""What a person can do here, and who they have said they are."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.delivery.outbox import owe_card
from bot.desk.views import Member
from knowledge.tables import Organisation, Person


@dataclass(frozen=True)
class ProfileView:
    """Who a person says they are; the empty fields are still unsaid."""

    name: str
    industry: str
    region: str
    tier: str
    roles: tuple[str, ...] = ()


def greet(session: Session, member: Member, now: datetime) -> None:
    """What this person can do here."""
    view = profile(session, member)
    owe_card(session, member.chat_id, "ready", view, now=now, language=member.language)


def profile(session: Session, member: Member) -> ProfileView:
    home = session.get_one(Person, member.person_id).organisation_id
    enterprise = session.get(Organisation, home) if home else None
    roles = tuple(sorted(role.value for role in member.roles))
    if enterprise is None:
        return ProfileView(name="", industry="", region="", tier="", roles=roles)
    return ProfileView(
        name=enterprise.name_zh or enterprise.name_en,
        industry=enterprise.industry,
        region=enterprise.region,
        tier=enterprise.tier.value,
        roles=roles,
    )
