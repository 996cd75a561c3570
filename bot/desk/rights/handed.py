"""What is decided on tables of who gave a consultation to whom, and who reads along."""

from bot.desk.rights.holding import By, Holding, Via
from bot.desk.rights.known import OTHERS, OURS
from bot.desk.rights.talked import THEIRS

_IN_THEIRS = {"consultation_id": Via("consultation")}
_DRAFTS = ("kept", "version", "shared")
HANDED = (
    Holding(
        "escalation",
        {"liaison_id": By.PERSON},
        shown="id consultation_id liaison_id offer_id escalated_at",
        words="note",
        hidden={"to_id": OTHERS},
    ),
    Holding(
        "escalation",
        {"to_id": By.PERSON},
        shown="id consultation_id to_id escalated_at",
        hidden={"liaison_id": OTHERS, "offer_id": OTHERS, "note": THEIRS},
    ),
    Holding(
        "answer_use",
        {"mentor_id": By.PERSON},
        shown="id consultation_id entry_key mentor_id solved used_at",
        hidden={"author_id": OTHERS},
    ),
    Holding(
        "answer_use",
        {"author_id": By.PERSON},
        shown="id entry_key author_id solved used_at",
        hidden=dict.fromkeys(("consultation_id", "mentor_id"), OTHERS),
    ),
    Holding(
        "answer_use",
        _IN_THEIRS,
        shown="id consultation_id entry_key solved used_at",
        hidden=dict.fromkeys(("mentor_id", "author_id"), OTHERS),
    ),
    Holding(
        "detail",
        {"by_id": By.PERSON},
        shown="id consultation_id by_id offer_id state asked_at answered_at",
        words="question",
        hidden={"asker_id": OTHERS, "answer": THEIRS} | dict.fromkeys(_DRAFTS, OURS),
    ),
    Holding(
        "detail",
        {"asker_id": By.PERSON},
        shown="id consultation_id asker_id state shared asked_at answered_at",
        words="answer",
        hidden={"by_id": OTHERS, "offer_id": OTHERS, "question": THEIRS, "version": OURS},
        blanked={"kept": OURS},
    ),
    Holding(
        "follow",
        {"person_id": By.PERSON},
        shown="id consultation_id person_id followed_as state reading invited_at answered_at",
        hidden=dict.fromkeys(("told", "read_to"), OURS),
        gone=True,
    ),
    Holding(
        "follow",
        _IN_THEIRS,
        shown="id consultation_id followed_as state reading invited_at answered_at",
        hidden={"person_id": OTHERS} | dict.fromkeys(("told", "read_to"), OURS),
    ),
    Holding(
        "transfer",
        {"by_id": By.PERSON},
        shown="id consultation_id by_id state proposed_at expires_at ended_at",
        words="reason",
        hidden=dict.fromkeys(("from_id", "to_id"), OTHERS),
    ),
    Holding(
        "transfer",
        {"from_id": By.PERSON, "to_id": By.PERSON},
        shown="id consultation_id from_id to_id state proposed_at expires_at ended_at",
        hidden={"by_id": OTHERS, "reason": THEIRS},
    ),
    Holding(
        "transfer",
        _IN_THEIRS,
        shown="id consultation_id state proposed_at expires_at ended_at",
        hidden=dict.fromkeys(("from_id", "to_id", "by_id"), OTHERS) | {"reason": THEIRS},
    ),
)
