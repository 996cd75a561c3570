"""What admins tap and type: invites, appointments, counts, the fate of a knowledge file."""

from bot.cards.buttons import Press
from bot.desk import appointing, breaking_glass, counting, inviting, reloading
from bot.desk.tables import Awaiting
from bot.handlers.calling import Action, Form, form, numbered, plain
from bot.handlers.parts import Parts


async def load(parts: Parts, chat_id: int, press: Press) -> None:
    number, remove = press.number(0), press.word(1) == "remove"
    await parts.transactions.commit(reloading.confirm, chat_id, number, remove)
    parts.wake_loader()


async def invite_role(parts: Parts, chat_id: int, press: Press) -> None:
    made = (press.word(0), None, parts.key, parts.invite_for)
    await parts.transactions.commit(inviting.invite, chat_id, *made)


async def invite_person(parts: Parts, chat_id: int, press: Press) -> None:
    made = ("mentor", press.number(0), parts.key, parts.invite_for)
    await parts.transactions.commit(inviting.invite, chat_id, *made)


ACTIONS: dict[str, Action] = {
    "admin": plain(counting.show_admin),
    "counts": plain(counting.show_counts),
    "invite_whom": plain(inviting.ask_whom),
    "invite_role": invite_role,
    "invite_person": invite_person,
    "appoint": plain(appointing.ask_mentor),
    "appoint_mentor": numbered(appointing.choose_mentor),
    "appoint_enterprise": numbered(appointing.choose_enterprise),
    "term": numbered(appointing.appoint_for_years),
    "load": load,
    "unload": numbered(reloading.cancel),
    "look_which": plain(breaking_glass.ask_which),
    "look": numbered(breaking_glass.look),
    "unlook": numbered(breaking_glass.leave),
}
FORMS: dict[Awaiting, Form] = {
    Awaiting.INVITE_MENTOR: form(inviting.match_invited),
    Awaiting.APPOINT_MENTOR: form(appointing.match_mentor),
    Awaiting.APPOINT_ENTERPRISE: form(appointing.match_enterprise),
    Awaiting.APPOINT_TERM: form(appointing.appoint_term),
    Awaiting.LOOK: form(breaking_glass.ask),
}
