"""The words of the desk that stand on cards, by their value in the tables."""

from knowledge.industries import SECTIONS
from knowledge.regions import REGIONS


def N_(message: str) -> str:  # noqa: N802 (gettext's own name for "extract, do not translate yet")
    return message


WORDS = {
    "asker": N_("asker"),
    "mentor": N_("mentor"),
    "liaison": N_("liaison"),
    "officer": N_("officer"),
    "admin": N_("administrator"),
    "expert": N_("experts"),
    "platform": N_("platforms"),
    "patent": N_("open patents"),
    "achievement": N_("achievements"),
    "answer": N_("earlier answers"),
    "policy": N_("policies"),
    "organisation": N_("organisations"),
    "person": N_("people"),
    "appointment": N_("appointments"),
    "dispatch": N_("dispatches"),
    "strong": N_("strong match"),
    "possible": N_("possible match"),
    "weak": N_("weaker match"),
    "evidence": N_("evidence"),
    "none": N_("no tier yet"),
    "innovative": N_("innovative SME"),
    "specialised": N_("specialised and sophisticated SME"),
    "little_giant": N_("little giant"),
    "number": N_("Number:"),
    "patent_type": N_("Type:"),
    "invention": N_("invention"),
    "utility": N_("utility model"),
    "design": N_("design"),
    "licence": N_("Licence:"),
    "free": N_("free of charge"),
    "lump_sum": N_("lump sum"),
    "instalments": N_("instalments"),
    "royalty": N_("royalty"),
    "entry_plus_royalty": N_("entry fee plus royalty"),
    "use_first": N_("use first, pay later"),
    "fee": N_("Fee (CNY):"),
    "royalty_percent": N_("Royalty (%):"),
    "terms": N_("Terms:"),
    "offered_until": N_("Offered until:"),
    "maturity": N_("Maturity (1 to 9):"),
    "equipment": N_("Equipment:"),
    "opening": N_("Opening:"),
    "answered_on": N_("Answered on:"),
    "issuer": N_("Issued by:"),
    "issued_on": N_("Issued on:"),
    "url": N_("Address:"),
    "no_time": N_("No time now"),
    "outside_field": N_("Outside my field"),
    "conflict": N_("Conflict of interest"),
    "unclear": N_("Unclear question"),
    "draft": N_("draft"),
    "resolved": N_("solved"),
    "unresolved": N_("not solved"),
    "offered": N_("on offer"),
    "active": N_("talking"),
    "answered": N_("answered, waiting for the asker"),
    "declined": N_("declined"),
    "expired": N_("not answered in time"),
    "withdrawn": N_("withdrawn"),
    "accepted": N_("accepted"),
    "taken": N_("accepted by somebody else"),
    "unreachable": N_("could not be delivered"),
}
LEVELS = {
    "public": N_("Public"),
    "match_only": N_("Match only"),
    "nda": N_("Confidential"),
}
MARKED = {
    "person": N_("name"),
    "enterprise": N_("your enterprise"),
    "company": N_("company"),
    "phone": N_("phone number"),
    "email": N_("e-mail"),
    "account": N_("account"),
    "id_card": N_("ID number"),
    "credit_code": N_("credit code"),
    "bank_card": N_("card number"),
    "money": N_("amount"),
    "drawing": N_("drawing or order number"),
    "address": N_("address"),
    "url": N_("link"),
}
INDUSTRY_NAMES = {
    "zh": {letter: section.zh for letter, section in SECTIONS.items()},
    "en": {letter: section.en for letter, section in SECTIONS.items()},
}
REGION_NAMES = {
    "zh": {name: name for name in REGIONS},
    "en": dict(REGIONS),
}
