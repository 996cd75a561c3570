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

# As much as can ever stand on an offer.
FULL_OFFER: dict[str, Any] = {
    "offer": 2_000_000_007,
    "consultation": 2_000_000_012,
    "offered_as": "passed_on",
    "text": (LONG * 6)[:2000],
    "level": "nda",
    "language": "en",
    "context": {"industry": "C", "region": "浙江", "tier": "specialised"},
    "evidence": LONG * 4,
    "expires_at": WHEN,
    "enclosed": 10,
    "note": (LONG * 2)[:500],
    "by": NAME,
    "reminder": True,
    "opens_at": WHEN,
    "zone": "Asia/Shanghai",
    "details": {
        "lines": [
            {"question": LONG[:120], "answer": LONG[:300], "state": state}
            for state in ("answered", "answered")
        ],
        "more": 3,
        "asked": True,
    },
}
_LONG_ONE = {"zh": (LONG * 5)[:1500], "en": ""}
SIMILAR = [
    {"entry": 2_000_000_001 + n, "question": _LONG_ONE, "answer": _LONG_ONE} for n in range(3)
]
_ASKED_ONE = {"question": LONG[:120], "answer": ""}

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
    "earlier": {
        "offer": 2_000_000_007,
        "consultation": 12,
        "entry": 2_000_000_001,
        "question": _LONG_ONE,
        "answer": _LONG_ONE,
        "author": NAME,
        "organisation": HOME,
        "answered_on": "2025-03-11",
        "open": True,
    },
    "used": {
        "use": 2_000_000_001,
        "consultation": 12,
        "question": _LONG_ONE,
        "answer": _LONG_ONE,
        "author": NAME,
        "organisation": HOME,
        "mentor": NAME,
        "own": False,
    },
    "used_mentor": {"consultation": 12, "question": _LONG_ONE},
    "used_again": {"question": _LONG_ONE},
    "detail_ask": {"offer": 2_000_000_007, "consultation": 12, "limit": 120},
    "detail_wanted": {
        "detail": 2_000_000_001,
        "consultation": 12,
        "state": "asked",
        "by": NAME,
        "question": LONG[:120],
        "until": WHEN,
        "limit": 0,
    },
    "detail_preview": {
        "detail": 2_000_000_001,
        "consultation": 12,
        "question": LONG[:120],
        "pieces": [{"text": LONG[:300], "mark": 0}, {"text": "13800001111", "mark": 1}],
        "marks": [
            {"number": n, "key": "0a1b2c3d", "kind": "phone", "text": "13800001111"}
            for n in range(1, 9)
        ],
        "level": "nda",
        "seen": "0123456789ab",
        "talking": False,
    },
    "detail_sent": {"consultation": 12, "answer": LONG[:300]},
    "details": {
        "consultation": 12,
        "lines": [{"question": LONG[:120], "answer": LONG[:300], "state": "answered"}] * 6,
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
        "opens_at": WHEN,
        "zone": "Europe/London",
    },
    "said_before": {"consultation": 12, "by_asker": True},
    "from_now": {"consultation": 12},
    "read_along": {"consultation": 12, "by_asker": False},
}

# The same cards at other moments, with other buttons.
_WANTED, _PREVIEW = HANDING_EXAMPLES["detail_wanted"], HANDING_EXAMPLES["detail_preview"]
OTHER_MOMENTS: list[tuple[str, dict[str, Any]]] = [
    ("offer", FULL_OFFER),
    ("offer", {**FULL_OFFER, "level": "public", "similar": SIMILAR}),
    ("offer", {**FULL_OFFER, "level": "public", "similar": SIMILAR, "details": {"lines": []}}),
    ("earlier", {**HANDING_EXAMPLES["earlier"], "open": False, "answered_on": ""}),
    ("used", {**HANDING_EXAMPLES["used"], "own": True}),
    ("used", {**HANDING_EXAMPLES["used"], "organisation": {"zh": "", "en": ""}}),
    ("used", {**HANDING_EXAMPLES["used"], "author": {"zh": "", "en": ""}}),
    *(
        ("offer", {**FULL_OFFER, "details": {"lines": [line], "more": 0, "asked": True}})
        for line in ({**_ASKED_ONE, "state": state} for state in ("asked", "unsaid", "veiled"))
    ),
    ("detail_wanted", {**_WANTED, "state": "typing", "limit": 300, "until": None}),
    ("detail_wanted", {**_WANTED, "state": "answered", "by": {"zh": "", "en": ""}}),
    ("detail_wanted", {**_WANTED, "state": "unsaid"}),
    ("detail_preview", {**_PREVIEW, "level": "public", "marks": []}),
    ("detail_preview", {**_PREVIEW, "level": "match_only"}),
    ("detail_preview", {**_PREVIEW, "talking": True}),
    ("escalate", {**HANDING_EXAMPLES["escalate"], "people": []}),
    ("escalate", {**HANDING_EXAMPLES["escalate"], "people": [], "typing": True}),
    ("escalate", {**HANDING_EXAMPLES["escalate"], "typed": "林", "typing": True}),
    ("escalate", {**HANDING_EXAMPLES["escalate"], "people": [], "typed": "<林", "typing": True}),
    ("follow", {**HANDING_EXAMPLES["follow"], "state": "following", "reading": "allowed"}),
    ("pledge", {**HANDING_EXAMPLES["pledge"], "action": "pledge_take"}),
]
