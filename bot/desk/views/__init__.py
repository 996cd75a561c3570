"""What leaves a use case: frozen, plain, and enough for a card to be written from."""

from bot.desk.views.messages import Enclosed, Heard, NoticeView, Route
from bot.desk.views.people import Context, Member, Words
from bot.desk.views.previews import Line, Mark, Piece, PreviewView, SharingView
from bot.desk.views.shortlists import (
    CandidateView,
    ClarifiedView,
    ClarifyView,
    Draft,
    Found,
    Reason,
    ShortlistView,
    Turns,
)
from bot.desk.views.talks import (
    AcceptedView,
    ClosedView,
    DetailLine,
    OfferDetails,
    OfferView,
    OpenConsultation,
    SentView,
    SimilarView,
    WhichView,
)

__all__ = [
    "AcceptedView",
    "CandidateView",
    "ClarifiedView",
    "ClarifyView",
    "ClosedView",
    "Context",
    "DetailLine",
    "Draft",
    "Enclosed",
    "Found",
    "Heard",
    "Line",
    "Mark",
    "Member",
    "NoticeView",
    "OfferDetails",
    "OfferView",
    "OpenConsultation",
    "Piece",
    "PreviewView",
    "Reason",
    "Route",
    "SentView",
    "SharingView",
    "ShortlistView",
    "SimilarView",
    "Turns",
    "WhichView",
    "Words",
]
