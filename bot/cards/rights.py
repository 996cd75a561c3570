"""Everything that is held about a person, as a page that loads nothing and as JSON."""

import json
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader

from bot.cards.catalogue import locale_of
from bot.cards.render import environment
from bot.cards.terms import terms_text
from bot.cards.words import N_
from bot.delivery.outbox import plain
from bot.desk.rights.giving import Held

DOCUMENTS = Path(__file__).parent / "documents"
# What each table is called on the page.
TITLES = {
    "person": N_("Who you are"),
    "organisation": N_("The enterprise you introduced"),
    "role": N_("Your roles"),
    "chat": N_("Your chat with the bot"),
    "consent": N_("To what you agreed"),
    "appointment": N_("Appointments"),
    "dispatch": N_("Dispatches"),
    "entry": N_("What the public knowledge base says of you"),
    "invite": N_("Invites"),
    "reload": N_("Knowledge files you sent"),
    "lab_group": N_("Groups of labs"),
    "consultation": N_("Consultations"),
    "candidate": N_("Lists of who fits a question"),
    "answer_use": N_("Earlier answers that were used again"),
    "detail": N_("Questions back before an offer was decided on"),
    "escalation": N_("Questions that were given to a colleague"),
    "follow": N_("Consultations that somebody follows"),
    "transfer": N_("Consultations that were to change their mentor"),
    "offer": N_("Questions offered to you"),
    "judgement": N_("What your taps said of what was found"),
    "message": N_("Messages in your consultations"),
    "message_version": N_("Earlier versions of your messages"),
    "parked": N_("Messages that waited for your choice or consent"),
    "closing": N_("How consultations were closed"),
    "quiet": N_("Silences in consultations"),
    "transcript": N_("Transcripts you asked for"),
    "answer": N_("Answers drafted from your consultations"),
    "agreement": N_("Undertakings of confidentiality"),
    "look": N_("Looks of administrators into consultations"),
    "audit": N_("Records of such looks"),
    "report": N_("Reports"),
    "ban": N_("Bans"),
    "appeal": N_("Appeals"),
    "act": N_("What was done about you or by you"),
    "mentor_desk": N_("Your time for consultations"),
    "canned_answer": N_("Your saved answers"),
    "internal_note": N_("Your internal notes"),
    "command_menu": N_("The commands your app offers"),
    "inbox_update": N_("Updates as Telegram sent them"),
    "delivery": N_("What was sent, without its content"),
    "message_pair": N_("Which message is the copy of which"),
    "topic": N_("Topics of your chat"),
}

# Why something is not given out: every reason that the map gives.
REASONS = (
    N_("it names somebody else"),
    N_("it is the desk's own bookkeeping and says nothing about a person"),
    N_("words of the other side"),
    N_("it may quote either side"),
    N_("whoever reports must not have to fear for it"),
    N_("it would name whoever reported"),
    N_("what was shown to you stands in your chat"),
    N_("it was shown to somebody else and may name either side"),
    N_("numbers of messages, some of them in the other side's chat"),
    N_("it names either side"),
    N_("a working note of whoever answers, kept from either side"),
)


def as_json(held: Held) -> str:
    """Times in UTC; the names are those of our tables and their columns."""
    return json.dumps(plain(held) | {"terms": _terms(held)}, ensure_ascii=False, indent=2)


def as_page(held: Held) -> str:
    """In the person's language."""
    locale = locale_of(held.language)
    made = environment(locale, "UTC").overlay(loader=FileSystemLoader(DOCUMENTS))
    sections = [
        {
            "table": section.table,
            "title": TITLES[section.table],
            "rows": [_row(row) for row in section.rows],
            "withheld": section.withheld,
        }
        for section in held.sections
    ]
    return made.get_template("mydata.j2").render(
        sections=sections,
        language=held.language,
        made_at=held.made_at.strftime("%Y-%m-%d %H:%M UTC"),
        public=held.public,
        terms=_terms(held),
    )


def _terms(held: Held) -> list[dict[str, Any]]:
    """The words of each version that they agreed to, in the language in which they read it."""
    agreed = [
        row for section in held.sections if section.table == "consent" for row in section.rows
    ]
    read = dict.fromkeys((row["version"], row["language"]) for row in agreed)
    return [{"version": number, "text": terms_text(number, spoken)} for number, spoken in read]


def _row(row: dict[str, Any]) -> dict[str, str]:
    """Without what is empty."""
    return {
        name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for name, value in row.items()
        if value not in (None, "", [], {})
    }
