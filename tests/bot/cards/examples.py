"""One full view for each card: long texts, hostile names, both languages."""

from typing import Any

from bot.desk.undertaking import text_of
from tests.bot.cards.handing_examples import HANDING_EXAMPLES

NAME = {"zh": "林<b>岚</b>", "en": "Lin Lan & co"}
HOME = {"zh": "浙江大学", "en": "Zhejiang University"}
EMPTY = {"zh": "", "en": ""}
WHEN = "2026-11-24T02:30:00+00:00"
CONTEXT = {"industry": "C", "region": "浙江", "tier": "specialised"}
LONG = "压铸件<script>气孔 & pores " * 90


def candidate(number: int, kind: str) -> dict[str, Any]:
    return {
        "id": number,
        "entry": number + 100,
        "kind": kind,
        "title": {"zh": "教授，高压铸造与模具热平衡" * 4, "en": "Professor of die casting " * 6},
        "person": NAME if kind in ("expert", "answer") else EMPTY,
        "organisation": HOME,
        "region": "浙江",
        "evidence": LONG,
        "strength": "strong" if number % 2 else "possible",
        "fictional": True,
        "here": True,
        "reasons": [
            {"name": name, "figure": 5, "gain": 0.01}
            for name in ("appointed", "supervises", "same_region", "answers", "busy")
            if kind == "expert"
        ],
    }


KINDS = ["expert"] * 5 + ["platform"] * 2 + ["patent"] * 2 + ["answer"] * 2
KINDS += ["achievement", "policy"]
PROFILE = {"name": "<i>宏达压铸厂</i>", "industry": "C", "region": "浙江", "tier": "innovative"}
LAB = {"lab": 2_000_000_001, "title": "<压铸>课题组" * 20, "name": NAME, "organisation": HOME}
OPTION = {
    "consultation": 12,
    "stage": "active",
    "as_asker": True,
    "name": NAME,
    "organisation": HOME,
    "about": "铝压铸件气孔 <怎么办>",
}
OFFER = {
    "offer": 7,
    "consultation": 12,
    "offered_as": "own_mentor",
    "text": LONG[:2000],
    "language": "zh",
    "context": CONTEXT,
    "evidence": LONG,
    "expires_at": WHEN,
    "opens_at": WHEN,
    "zone": "America/Argentina/ComodRivadavia",
    "reminder": True,
    "level": "nda",
    "enclosed": 10,
}
CLOSED = {
    "consultation": 12,
    "solved": True,
    "rating": 4,
    "rated_for": "practical",
    "reasons": ["quick", "plain", "practical", "thorough"],
}
SILENCE = {"consultation": 12, "since": WHEN, "until": WHEN, "mentor": NAME}
ANSWER = {
    "answer": 9_000_001,
    "consultation": 12,
    "version": 120,
    "to_asker": True,
    "question": LONG[:800],
    "text": LONG[:1300],
    "parts": [{"text": LONG[:160], "dropped": number == 2} for number in range(8)],
    "mentor": NAME,
    "organisation": HOME,
    "marks": ["<b>宏达</b>" * 20] * 8,
    "other": True,
}
APPOINTMENT = {
    "mentor": NAME,
    "enterprise": HOME,
    "starts_on": "2026-12-01",
    "ends_on": "2028-11-30",
}
QUEUED = {
    "offer": 7,
    "consultation": 12,
    "about": "压铸件<气孔> & pores",
    "offered_at": WHEN,
    "minutes": 1439,
    "until": WHEN,
    "zone": "Europe/London",
}
GOING = {"consultation": 12, "name": NAME, "about": "压铸件<气孔>", "owed": True, "since": WHEN}
TIME = {"until": None, "capacity": 3, "taken": 3, "passed": 2, "talks": 1}
EXAMPLES: dict[str, dict[str, Any]] = {
    "notice": {"code": "too_long", "values": {"limit": 2000, "length": 10000}},
    "welcome": {"name": "王", "waiting": True, "version": 2, "renewed": True},
    "ask_enterprise": {**PROFILE, "roles": ["asker"]},
    "choose_industry": {**PROFILE, "roles": ["asker"]},
    "choose_region": {**PROFILE, "roles": ["asker"]},
    "choose_tier": {**PROFILE, "roles": ["asker"]},
    "profile": {**PROFILE, "roles": ["asker"]},
    "ready": {**PROFILE, "roles": ["admin", "asker"]},
    "ask": {},
    "shortlist": {
        "consultation": 12,
        "question": LONG[:2000],
        "candidates": [candidate(number, kind) for number, kind in enumerate(KINDS, start=1)],
        "own": NAME,
        "nothing": False,
    },
    "entry": {
        "kind": "patent",
        "title": NAME,
        "summary": {"zh": LONG, "en": LONG},
        "person": EMPTY,
        "organisation": HOME,
        "region": "浙江",
        "fictional": True,
        "facts": [
            {"name": "licence", "value": "entry_plus_royalty"},
            {"name": "terms", "value": LONG},
        ],
        "consultation": 12,
        "candidate": 3,
    },
    "preview": {
        "consultation": 12,
        "seen": "0123456789ab",
        "text": LONG[:2000],
        "context": CONTEXT,
        "mentor": NAME,
        "organisation": HOME,
        "here": False,
        "busy": 12,
        "level": "nda",
        "before": LONG[:400],
        "pieces": [
            {"text": LONG[:300], "mark": 0},
            *({"text": f"1381234567{n}", "mark": n} for n in range(1, 9)),
            {"text": LONG[:1500], "mark": 0},
        ],
        "marks": [
            {"number": n, "key": "01234567", "kind": "phone", "text": f"1381234567{n}"}
            for n in range(1, 9)
        ],
        "version": 1,
        "enclosed": [{"kind": "document", "name": "n" * 60}, {"kind": "photo", "name": ""}] * 5,
    },
    "sharing": {
        "consultation": 2_000_000_001,
        "lines": [{"key": "01234567", "text": LONG, "shared": n % 2 == 0} for n in range(20)],
        "before": LONG,
    },
    "undertaking": {
        "offer": 2_000_000_001,
        "consultation": 2_000_000_001,
        "version": 1,
        "text": max((text_of(1, "zh"), text_of(1, "en")), key=len),
    },
    "look_which": {"minutes": 10},
    "look_ask": {"look": 2_000_000_001, "consultation": 12, "reason": LONG[:500], "minutes": 10},
    "look_left": {"look": 1, "consultation": 12, "reason": "r", "minutes": 10},
    "look_over": {"look": 1, "consultation": 12, "reason": "r", "minutes": 10},
    "look": {
        "consultation": 12,
        "page": 1,
        "pages": 3,
        "question": LONG[:2000],
        "said": [
            {"by_asker": True, "kind": "photo", "text": ""},
            {"by_asker": False, "kind": "text", "text": LONG[:1200]},
        ],
        "until": WHEN,
    },
    "looked": {"consultation": 12, "name": NAME, "reason": LONG[:500], "at": WHEN, "entry": 7},
    "edit": {"consultation": 12, "text": LONG[:2000]},
    "sent": {
        "consultation": 12,
        "offered_as": "next",
        "mentor": NAME,
        "expires_at": WHEN,
        "why": "declined",
        "busy": 12,
        "opens_at": WHEN,
    },
    "nobody_yet": {"consultation": 12},
    "offer": OFFER,
    "decline": OFFER,
    "offer_below": {"offer": 7, "consultation": 12},
    "offer_ended": {"offer": 7, "consultation": 12, "state": "expired"},
    "accepted_asker": {
        "consultation": 12,
        "name": NAME,
        "organisation": HOME,
        "question": "q",
        "language": "en",
    },
    "accepted_mentor": {
        "consultation": 12,
        "name": NAME,
        "organisation": HOME,
        "question": LONG[:2000],
    },
    "switched": {"consultation": 12, "name": NAME, "organisation": HOME},
    "talking_in": {
        "consultation": 12,
        "options": [OPTION, {**OPTION, "consultation": 2_000_000_013, "name": None}],
    },
    "topic_again": {
        "consultation": 12,
        "name": NAME,
        "organisation": HOME,
        "question": LONG,
        "began_at": WHEN,
        "ours": 3,
        "theirs": 1,
    },
    "lab_writes": {"name": "李<b>博士</b>"},
    "lab_wanted": LAB,
    "lab_bound": LAB,
    "lab_refused": LAB,
    "lab_decided": {"title": "<压铸>课题组", "bound": True},
    "lab_ended": {"title": "<压铸>课题组", "reason": "no_rights", "was_bound": True},
    "which": {"parked": 4, "options": [OPTION, {**OPTION, "name": None}], "may_ask": True},
    "settled": {"consultation": 12},
    "followed": {
        "consultation": 2_000_000_001,
        "before": "不锈钢储罐焊口发黄怎么办",
        "message": 2_000_000_003,
        "asked": 2_000_000_002,
    },
    "asked_anew": {"consultation": 13, "draft": 12, "before": "不锈钢储罐焊口发黄怎么办"},
    "clarify": {
        "consultation": 2_000_000_001,
        "choices": ["铝合金焊接", "橡胶配方与密封"],
        "listed": True,
    },
    "clarified": {"consultation": 12, "choice": "铝合金焊接"},
    "solved": {"consultation": 12, "by_mentor": True},
    "asked_asker": {"consultation": 12},
    "rate": CLOSED,
    "going_on": {"consultation": 12},
    "not_yet": {"consultation": 12},
    "closed_mentor": CLOSED,
    "withdrawn": {"consultation": 12},
    "invite_wanted": {"consultation": 12, "person": 5, "name": NAME, "organisation": HOME},
    "consultations": {"options": [OPTION, {**OPTION, "as_asker": False}], "current": 12},
    "help": {
        "roles": ["admin", "asker", "mentor"],
        "form": "away",
        "draft": 12,
        "offered": 1,
        "talks": 2,
        "offers": 3,
        "away": True,
        "commands": [{"name": "queue", "text": "<等我处理>"}],
    },
    "inline_entry": {
        "entry": 101,
        "kind": "expert",
        "title": {"zh": "教授" * 90, "en": "Professor " * 30},
        "person": NAME,
        "organisation": HOME,
        "summary": {"zh": "压铸<script>" * 200, "en": ""},
        "evidence": LONG,
        "fictional": True,
    },
    "stands": {
        "consultation": 12,
        "stage": "offered",
        "side": "offered",
        "offer": 7,
        "closed": False,
    },
    "unknown_command": {"typed": "queu", "alike": [{"name": "queue", "text": "<等我处理>"}]},
    "type_name": {"purpose": "appoint"},
    "matches": {
        "purpose": "invite",
        "typed": "林<",
        "matches": [{"id": number, "name": NAME, "organisation": HOME} for number in range(8)],
    },
    "type_term": APPOINTMENT,
    "appointed": APPOINTMENT,
    "invite": {"role": "mentor", "name": NAME, "token": "i1-abc", "expires_at": WHEN},
    "joined": {"role": "mentor", "name": NAME},
    "admin": {},
    "counts": {
        "entries": {"expert": 70, "patent": 40},
        "people": {"mentor": 70, "admin": 1},
        "here": 3,
        "stages": {"active": 2, "resolved": 5},
        "offers": {"declined": 1},
        "messages": 99,
        "appointments": 3,
        "waiting": 0,
        "failed": 0,
    },
    "report_which": {"options": [{"consultation": 12, "name": NAME}]},
    "ask_report": {"consultation": 12, "limit": 1500},
    "report": {
        "report": 3,
        "consultation": 12,
        "person": 5,
        "reporter": NAME,
        "reported": NAME,
        "text": LONG[:1500],
        "state": "open",
    },
    "type_person": {},
    "person": {
        "person": 5,
        "name": NAME,
        "organisation": HOME,
        "roles": ["asker", "mentor"],
        "language": "en",
        "state": "blocked",
        "reports": 2,
        "bans": 1,
        "ban_reason": LONG[:500],
        "ends": 1,
        "moves": 2,
        "own": False,
    },
    "ban_reason": {"person": 5, "name": NAME},
    "ban_done": {"name": NAME, "ban": 4, "ended": 1, "handed_over": 2},
    "ban_lifted": {"name": NAME},
    "banned": {"reason": LONG[:500], "since": WHEN, "appeal": "open"},
    "ask_appeal": {"limit": 1500},
    "appeal": {
        "appeal": 6,
        "name": NAME,
        "reason": LONG[:500],
        "text": LONG[:1500],
        "own": True,
        "decided": "",
    },
    "undelivered": {"consultation": 12, "delivery": 99, "reason": "protected"},
    "uncertain": {"consultation": 12, "delivery": 99, "reason": ""},
    "resent": {"consultation": 12},
    "left": {"consultation": 12},
    "corrected": {"consultation": 12},
    "reacted": {"consultation": 12, "emoji": "🦄"},
    "mydata": {},
    "forget": {"ends": 2, "moves": 1, "days": 90, "public": True, "banned": True},
    "forget_really": {"asked": 1_795_000_000},
    "forget_not": {},
    "forgotten": {},
    "quarantined": {"update": 77, "error": "KeyError in talking.<relay>, line 3"},
    "reload_progress": {"step": "indexing", "done": 30, "total": 100},
    "reload_report": {
        "reload": 3,
        "filename": "experts<.xlsx",
        "count": 40,
        "problems": [
            {"file": "experts.xlsx", "row": 7, "column": "industries", "message": LONG}
            for _ in range(8)
        ],
    },
    "reload_diff": {
        "reload": 3,
        "filename": "experts.xlsx",
        "kinds": {
            "expert": {"added": 2, "changed": 1, "removed": 3, "examples": ["林<岚>", "周"]},
            "patent": {"added": 0, "changed": 0, "removed": 0, "examples": []},
        },
        "removed": 3,
        "unchanged": False,
    },
    "reload_done": {"snapshot": "20261123-035500", "passages": 1400},
    "reload_ended": {"state": "failed", "reason": "no space <left>"},
    "fell_silent": CLOSED | {"solved": None, "rating": None},
    "reopened": {"consultation": 12, "here": False},
    "was_closed": {"consultation": 12},
    "taken_up": {"consultation": 12},
    "handed_over": {"consultation": 12},
    "quiet": SILENCE,
    "kept_open": {"consultation": 12},
    "answer_owed": SILENCE,
    "unanswered": SILENCE,
    "still_unanswered": SILENCE,
    "holds": {"consultation": 12, "closed_at": WHEN, "question": LONG},
    "held": {"consultation": 12, "closed_at": WHEN, "question": LONG},
    "still_holds": {"consultation": 12},
    "transcript_wanted": {"consultation": 12},
    "transcript_failed": {"consultation": 12},
    "closed_list": {
        "closed": [
            {
                "consultation": 12,
                "stage": "silent",
                "as_asker": True,
                "about": "压铸件 <气孔>",
                "answer": 7,
            }
        ]
        * 5
    },
    "answer": ANSWER,
    "answer_wish": ANSWER,
    "answer_allowed": {"consultation": 12},
    "answer_approved": ANSWER,
    "answer_declined": {"consultation": 12, "mine": False},
    "answer_edit": {"text": LONG[:2000], "limit": 2400, "question": False},
    "answer_public": ANSWER,
    "answer_withdrawn": {"consultation": 12},
    "queue": {
        "offers": [QUEUED, {**QUEUED, "minutes": None}, {**QUEUED, "minutes": 9}],
        "talks": [GOING, {**GOING, "owed": False}],
        "more": 3,
    },
    "offer_again": QUEUED,
    "queue_talk": {**GOING, "notes": 2},
    "notes": {
        "consultation": 12,
        "notes": [{"name": NAME, "at": "2026-11-23T02:00:00+00:00", "text": "<模具漏气>" * 100}]
        * 5,
        "more": 3,
    },
    "kept": {
        "kept": [{"number": 2_000_000_000 + n, "name": "<排气>" * 8} for n in range(50)],
        "limit": 32,
    },
    "found": {
        "wanted": "<气孔>" * 16,
        "hits": [
            {
                "consultation": 12,
                "message": number,
                "at": "2026-11-23T02:00:00+00:00",
                "mine": number == 0,
                "line": "<压铸件>气孔" * 12,
            }
            for number in range(5)
        ],
        "looked": 5000,
        "back_to": "2026-01-23T02:00:00+00:00",
    },
    "found_one": {
        "consultation": 12,
        "at": "2026-11-23T02:00:00+00:00",
        "text": "<气孔>" * 375,
        "stage": "active",
        "going": True,
    },
    "digest": {
        "since": "2026-11-16T01:00:00+00:00",
        "until": "2026-11-23T01:00:00+00:00",
        "answered": 4,
        "solved": 2,
        "rating": 4.5,
        "rated": 2,
        "minutes": 200,
        "waiting": 3,
    },
    "digest_set": {"wanted": True, "at": "2026-11-30T01:00:00+00:00"},
    "noted": {"consultation": 12},
    "note_left": {"consultation": 12, "count": 2},
    "away": {**TIME, "until": "2026-12-04"},
    "away_now": {**TIME, "until": "2026-12-04"},
    "back_again": TIME,
    "off_work": {"consultation": 12, "opens_at": WHEN},
    "hours": {
        "week": "Mon-Wed,Fri 09:00-17:30",
        "zone": "Europe/London",
        "own": True,
        "holidays": True,
        "opens_at": WHEN,
    },
    "hours_set": {
        "week": "any time",
        "zone": "Asia/Shanghai",
        "own": True,
        "holidays": True,
        "opens_at": WHEN,
    },
    "capacity": TIME,
    "capacity_set": TIME,
    "mentor_away": {"consultation": 12, "until": "2026-12-04"},
    "mentor_back": {"consultation": 12, "until": None},
    **HANDING_EXAMPLES,
}
