"""What people say out of courtesy is no question: it is answered in kind, and nothing searched."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from bot.delivery.outbox import owe_card
from bot.desk.members import require_member
from bot.desk.tables import CLOSED, Consultation
from bot.desk.views import Heard

# Thanks are most likely for what ended so lately.
LATELY = timedelta(days=7)
_CORE = (
    r"非常感谢|太感谢|感谢|谢谢|多谢|谢了|辛苦了|收到|明白|知道了|了解|好的|好|行|嗯+"
    r"|你好|您好|在吗|早上好|上午好|下午好|晚上好|早安|晚安|再见|拜拜"
    r"|\b(?:thank\s+you|thanks?|thx|cheers|ok|okay|got\s+it|great|hi|hello|hey|bye|goodbye"
    r"|good\s+(?:morning|afternoon|evening|night|day))\b"
)
_BESIDE = (
    r"老师|教授|导师|专家|小企|大家|各位|[您你啊了啦呀哦呢吗的哈们]"
    r"|\b(?:very\s+much|so\s+much|a\s+lot|all|everyone|there|professor|xiaoqi|sir|madam)\b"
)
_SAID = re.compile(_CORE, re.IGNORECASE)
_WORDS = re.compile(f"{_CORE}|{_BESIDE}", re.IGNORECASE)


@dataclass(frozen=True)
class CourtesyView:
    """`consultation`: of this asker, ended lately; 0 where there is none."""

    consultation: int


def is_courtesy(text: str) -> bool:
    """Whether nothing but a greeting, thanks or an acknowledgement is said."""
    return bool(_SAID.search(text)) and not re.search(r"\w", _WORDS.sub(" ", text))


def answer(session: Session, heard: Heard, *, now: datetime) -> None:
    """Say that it reached nobody, and what is possible; a form that is open stays so."""
    member = require_member(session, heard.chat_id)
    ended = select(Consultation.id).where(
        Consultation.asker_id == member.person_id,
        col(Consultation.stage).in_(CLOSED),
        col(Consultation.ended_at) > now - LATELY,
    )
    last = session.exec(ended.order_by(col(Consultation.ended_at).desc())).first()
    view, language = CourtesyView(last or 0), member.language
    owe_card(session, heard.chat_id, "courtesy", view, now=now, language=language, thread=last)
