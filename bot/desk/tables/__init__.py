"""What the conversation remembers. Stages move by the verbs on the rows."""

from bot.desk.tables.answers import UNDECIDED, Answer, AnswerState
from bot.desk.tables.chats import Awaiting, Chat, ChatState
from bot.desk.tables.closings import Closing, Quiet, Transcript, TranscriptState
from bot.desk.tables.conduct import Act, Appeal, Ban, Report, ReportState
from bot.desk.tables.confidences import (
    Agreement,
    AppendOnlyError,
    Audit,
    Look,
    LookState,
    Undertaking,
)
from bot.desk.tables.consents import Consent
from bot.desk.tables.consultations import (
    CLOSED,
    ENDED,
    IN_OWN_WORDS,
    NONE_OF_THEM,
    TALKING,
    Candidate,
    Consultation,
    Level,
    Stage,
)
from bot.desk.tables.details import Detail, DetailState
from bot.desk.tables.handovers import (
    UNDER_WAY,
    Escalation,
    Follow,
    FollowedAs,
    FollowState,
    Reading,
    Transfer,
    TransferState,
)
from bot.desk.tables.incidents import Alarm, Incident
from bot.desk.tables.invites import Invite
from bot.desk.tables.judgements import Judgement, Verdict
from bot.desk.tables.labs import LabEnd, LabGroup, LabState
from bot.desk.tables.mentors import CannedAnswer, CommandMenu, InternalNote, MentorDesk
from bot.desk.tables.messages import Message, MessageVersion, Parked, ParkedFor, Receipt
from bot.desk.tables.offers import DeclineReason, Offer, OfferedAs, OfferState
from bot.desk.tables.reloads import Reload, ReloadState
from bot.desk.tables.uses import AnswerUse

__all__ = [
    "CLOSED",
    "ENDED",
    "IN_OWN_WORDS",
    "NONE_OF_THEM",
    "TALKING",
    "UNDECIDED",
    "UNDER_WAY",
    "Act",
    "Agreement",
    "Alarm",
    "Answer",
    "AnswerState",
    "AnswerUse",
    "Appeal",
    "AppendOnlyError",
    "Audit",
    "Awaiting",
    "Ban",
    "Candidate",
    "CannedAnswer",
    "Chat",
    "ChatState",
    "Closing",
    "CommandMenu",
    "Consent",
    "Consultation",
    "DeclineReason",
    "Detail",
    "DetailState",
    "Escalation",
    "Follow",
    "FollowState",
    "FollowedAs",
    "Incident",
    "InternalNote",
    "Invite",
    "Judgement",
    "LabEnd",
    "LabGroup",
    "LabState",
    "Level",
    "Look",
    "LookState",
    "MentorDesk",
    "Message",
    "MessageVersion",
    "Offer",
    "OfferState",
    "OfferedAs",
    "Parked",
    "ParkedFor",
    "Quiet",
    "Reading",
    "Receipt",
    "Reload",
    "ReloadState",
    "Report",
    "ReportState",
    "Stage",
    "Transcript",
    "TranscriptState",
    "Transfer",
    "TransferState",
    "Undertaking",
    "Verdict",
]
