"""What the conversation remembers. Stages move by the verbs on the rows."""

from bot.desk.tables.chats import Awaiting, Chat, ChatState
from bot.desk.tables.confidences import (
    Agreement,
    AppendOnlyError,
    Audit,
    Look,
    LookState,
    Undertaking,
)
from bot.desk.tables.consultations import (
    ENDED,
    IN_OWN_WORDS,
    NONE_OF_THEM,
    TALKING,
    Candidate,
    Consultation,
    Level,
    Stage,
)
from bot.desk.tables.invites import Invite
from bot.desk.tables.judgements import Judgement, Verdict
from bot.desk.tables.messages import Message, MessageVersion, Parked, Receipt
from bot.desk.tables.offers import DeclineReason, Offer, OfferedAs, OfferState
from bot.desk.tables.reloads import Reload, ReloadState

__all__ = [
    "ENDED",
    "IN_OWN_WORDS",
    "NONE_OF_THEM",
    "TALKING",
    "Agreement",
    "AppendOnlyError",
    "Audit",
    "Awaiting",
    "Candidate",
    "Chat",
    "ChatState",
    "Consultation",
    "DeclineReason",
    "Invite",
    "Judgement",
    "Level",
    "Look",
    "LookState",
    "Message",
    "MessageVersion",
    "Offer",
    "OfferState",
    "OfferedAs",
    "Parked",
    "Receipt",
    "Reload",
    "ReloadState",
    "Stage",
    "Undertaking",
    "Verdict",
]
