"""One full view for each card on giving a consultation to somebody else."""

from typing import Any

from bot.desk.undertaking import text_of

NAME = {"zh": "林<b>岚</b>", "en": "Lin Lan & co"}
HOME = {"zh": "浙江大学", "en": "Zhejiang University"}
LONG = "压铸件<script>气孔 & pores " * 20
WHEN = "2026-11-24T02:30:00+00:00"
PEOPLE = [{"id": 2_000_000_001 + n, "name": NAME, "organisation": HOME} for n in range(6)]
TRANSFER = {
    "transfer": 2_000_000_001,
    "consultation": 2_000_000_012,
    "state": "proposed",
    "before": NAME,
    "name": NAME,
    "organisation": HOME,
    "reason": LONG[:500],
    "by_mentor": True,
    "expires_at": WHEN,
}

HANDING_EXAMPLES: dict[str, dict[str, Any]] = {
    "escalate": {
        "offer": 2_000_000_007,
        "consultation": 12,
        "people": PEOPLE,
        "typed": "",
        "typing": False,
    },
    "escalation_note": {
        "offer": 2_000_000_007,
        "consultation": 12,
        "person": 2_000_000_003,
        "name": NAME,
        "limit": 500,
    },
    "follow": {
        "consultation": 12,
        "state": "invited",
        "reading": "no",
        "followed_as": "supervisor",
        "liaison": NAME,
        "escalated": True,
    },
    "follower": {
        "follow": 2_000_000_001,
        "consultation": 12,
        "name": NAME,
        "organisation": HOME,
        "followed_as": "supervisor",
        "reading": "asked",
    },
    "pledge": {
        "consultation": 12,
        "version": 1,
        "text": text_of(1, "zh"),
        "action": "pledge_follow",
        "number": 2_000_000_001,
    },
    "transfer_to": {"consultation": 12, "people": PEOPLE, "typed": "", "by_admin": False},
    "transfer_asker": TRANSFER,
    "transfer_mentor": TRANSFER,
    "transfer_take": {
        "transfer": 2_000_000_001,
        "consultation": 12,
        "state": "offered",
        "before": NAME,
        "text": LONG,
        "level": "nda",
        "language": "zh",
        "context": {"industry": "C", "region": "浙江", "tier": "specialised"},
        "reason": LONG[:500],
        "messages": 30,
        "expires_at": WHEN,
    },
    "said_before": {"consultation": 12, "by_asker": True},
    "from_now": {"consultation": 12},
    "read_along": {"consultation": 12, "by_asker": False},
}

# The same cards at other moments, with other buttons.
OTHER_MOMENTS: list[tuple[str, dict[str, Any]]] = [
    ("escalate", {**HANDING_EXAMPLES["escalate"], "people": []}),
    ("escalate", {**HANDING_EXAMPLES["escalate"], "people": [], "typing": True}),
    ("escalate", {**HANDING_EXAMPLES["escalate"], "typed": "林", "typing": True}),
    ("escalate", {**HANDING_EXAMPLES["escalate"], "people": [], "typed": "<林", "typing": True}),
    ("follow", {**HANDING_EXAMPLES["follow"], "state": "following", "reading": "allowed"}),
    ("pledge", {**HANDING_EXAMPLES["pledge"], "action": "pledge_take"}),
]
