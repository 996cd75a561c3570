"""What is decided on tables of what people asked, answered and decided."""

from bot.desk.rights.holding import By, Holding, Via
from bot.desk.rights.known import OTHERS, OURS

EITHER = "it may quote either side"
THEIRS = "words of the other side"
CHAINED = "each row is chained to the one before, so that nobody can change it unseen"
_IN_THEIRS = {"consultation_id": Via("consultation")}
_STAGES = (
    "id enterprise_id language stage asked_at confirmed_at accepted_at ended_at rating rated_for"
    " level choice"
)

TALKED = (
    Holding(
        "consultation",
        {"asker_id": By.PERSON},
        shown=f"{_STAGES} asker_id",
        words="question forwarded choices enclosed file_text",
        hidden={"mentor_id": OTHERS, "chosen_id": OTHERS},
        blanked=dict.fromkeys(("asked_message", "kept", "shared"), OURS),
    ),
    Holding(
        "consultation",
        {"mentor_id": By.PERSON, "chosen_id": By.PERSON},
        shown=f"{_STAGES} mentor_id",
        hidden=dict.fromkeys(("asker_id", "chosen_id"), OTHERS)
        | dict.fromkeys(
            ("question", "forwarded", "choices", "enclosed", "file_text", "kept", "shared"), THEIRS
        )
        | {"asked_message": OURS},
    ),
    Holding(
        "candidate",
        _IN_THEIRS,
        shown="id consultation_id rank entry_key evidence strength",
        hidden={"person_id": OTHERS, "score": OURS, "reasons": OURS},
    ),
    Holding(
        "candidate",
        {"person_id": By.PERSON},
        shown="id rank entry_key person_id evidence strength",
        hidden={"consultation_id": OTHERS, "score": OURS, "reasons": OURS},
    ),
    Holding(
        "offer",
        {"person_id": By.PERSON},
        shown="id consultation_id person_id offered_as state reason offered_at expires_at remind_at"
        " reminded ended_at",
    ),
    Holding(
        "judgement",
        {"person_id": By.PERSON},
        shown="id consultation_id entry_key verdict reason person_id judged_at",
    ),
    Holding(
        "message",
        {"chat_id": By.CHAT},
        shown="id consultation_id by_asker kind receipt version written_at edited_at removed_at",
        words="chat_id message_id reply_to text entities file album writer asker_reaction"
        " mentor_reaction",
        blanked={"quote": EITHER},
    ),
    Holding(
        "message",
        _IN_THEIRS,
        shown="id consultation_id by_asker kind written_at edited_at removed_at",
        hidden=dict.fromkeys(("chat_id", "text", "entities", "file", "album", "writer"), THEIRS)
        | dict.fromkeys(("message_id", "reply_to", "receipt", "version"), OURS),
        blanked=dict.fromkeys(("quote", "asker_reaction", "mentor_reaction"), EITHER),
    ),
    Holding(
        "message_version",
        {"message_id": Via("message")},
        shown="id message_id number replaced_at",
        words="text entities file",
    ),
    Holding(
        "parked",
        {"chat_id": By.CHAT},
        shown="id kind parked_at settled_at consultation_id waits_for",
        words="chat_id message_id reply_to text rest album",
        gone=True,
    ),
    Holding(
        "closing",
        _IN_THEIRS,
        shown="id consultation_id solved closed_at asked_at holds reopened_at",
    ),
    Holding("quiet", _IN_THEIRS, shown="consultation_id since warned_at admins_at opening_told"),
    Holding(
        "transcript",
        {"chat_id": By.CHAT},
        shown="id consultation_id chat_id state wanted_at ended_at",
        hidden={"attempts": OURS, "path": OURS},
        gone=True,
    ),
    Holding(
        "answer",
        {"asker_id": By.PERSON, "mentor_id": By.PERSON},
        shown="id consultation_id language question parts version shown state mentor_approved"
        " asker_approved entry_key drafted_at ended_at",
        hidden={"asker_id": OTHERS, "mentor_id": OTHERS, "indexed": OURS, "remind_at": OURS},
        stays="both sides approved it without names; what is not public yet is erased",
    ),
)
CONDUCTED = (
    Holding(
        "agreement",
        {"person_id": By.PERSON},
        shown="id person_id undertaking_id version digest consultation_id agreed_at",
    ),
    Holding(
        "look",
        {"admin_id": By.PERSON},
        shown="id consultation_id admin_id state asked_at opened_at ends_at pages",
        words="chat_id reason",
    ),
    Holding(
        "look",
        _IN_THEIRS,
        shown="id consultation_id reason state asked_at opened_at ends_at",
        hidden={"admin_id": OTHERS, "chat_id": OTHERS, "pages": OURS},
    ),
    Holding(
        "audit",
        {"actor_id": By.PERSON},
        shown="id at actor_id act consultation_id reason",
        hidden={"previous": OURS, "hash": OURS},
        stays=CHAINED,
    ),
    Holding(
        "audit",
        _IN_THEIRS,
        shown="id at act consultation_id reason",
        hidden={"actor_id": OTHERS, "previous": OURS, "hash": OURS},
        stays=CHAINED,
    ),
    Holding(
        "report",
        {"reporter_id": By.PERSON},
        shown="id consultation_id reporter_id state reported_at decided_at",
        words="text",
        hidden={"reported_id": OTHERS, "decided_by": OTHERS},
    ),
    Holding(
        "report",
        {"reported_id": By.PERSON},
        shown="id reported_id state reported_at decided_at",
        hidden={
            "reporter_id": "whoever reports must not have to fear for it",
            "consultation_id": "it would name whoever reported",
            "decided_by": OTHERS,
        },
        blanked={"text": "whoever reports must not have to fear for it"},
    ),
    Holding(
        "report",
        {"decided_by": By.PERSON},
        shown="id decided_by state decided_at",
        hidden=dict.fromkeys(
            ("consultation_id", "reporter_id", "reported_id", "text", "reported_at"), OTHERS
        ),
    ),
    Holding(
        "ban",
        {"person_id": By.PERSON},
        shown="id person_id banned_at lifted_at report_id",
        words="reason",
        hidden={"banned_by": OTHERS, "lifted_by": OTHERS},
        only="lifted_at",
        stays="while a ban is in force its reason is what it stands on",
    ),
    Holding(
        "ban",
        {"banned_by": By.PERSON, "lifted_by": By.PERSON},
        shown="id banned_by lifted_by banned_at lifted_at reason",
        hidden={"person_id": OTHERS, "report_id": OTHERS},
        stays="it belongs to whoever was banned",
    ),
    Holding(
        "appeal",
        {"person_id": By.PERSON},
        shown="id ban_id person_id made_at granted decided_at",
        words="text",
        hidden={"decided_by": OTHERS},
    ),
    Holding(
        "appeal",
        {"decided_by": By.PERSON},
        shown="id ban_id granted decided_by decided_at",
        hidden=dict.fromkeys(("person_id", "text", "made_at"), OTHERS),
    ),
    Holding(
        "act",
        {"subject_id": By.PERSON},
        shown="id at act subject_id consultation_id figures",
        hidden={"actor_id": OTHERS},
    ),
    Holding(
        "act",
        {"actor_id": By.PERSON},
        shown="id at act actor_id consultation_id figures",
        hidden={"subject_id": OTHERS},
    ),
)
