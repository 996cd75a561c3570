"""Earlier answers that were found for a question, for the mentor who is offered it."""

from collections.abc import Sequence

from sqlmodel import Session

from bot.desk.asking import candidates_of
from bot.desk.ranking import struck_from
from bot.desk.tables import Consultation
from bot.desk.views import SimilarView, Words
from knowledge.queries import entries_by_key
from knowledge.views import EntryView

MOST = 3


def similar_to(session: Session, consultation: Consultation) -> Sequence[EntryView]:
    """The best first; none that was taken back, or that its asker finds not to fit.

    None for whoever has not accepted what they may not read yet: they would tell what it is about.
    """
    if consultation.masked:
        return ()
    number = consultation.id or 0
    struck = struck_from(session, number)
    keys = [row.entry_key for row in candidates_of(session, number) if row.entry_key not in struck]
    known = entries_by_key(session, keys)
    answers = [known[key] for key in keys if key in known and known[key].kind == "answer"]
    return answers[:MOST]


def listed(session: Session, consultation: Consultation) -> tuple[SimilarView, ...]:
    return tuple(
        SimilarView(
            entry=one.id,
            question=Words(one.title_zh, one.title_en),
            answer=Words(one.summary_zh, one.summary_en),
        )
        for one in similar_to(session, consultation)
    )
