"""What of a question may be read before anybody accepts it, and what in it looks secret."""

import re
from collections.abc import Iterable
from hashlib import sha256

from sqlmodel import Session

from bot.desk.marking import Span, marked
from bot.desk.tables import Consultation, Level
from bot.desk.views import Mark, Piece
from knowledge.tables import Organisation, Person

# A card has room for so many sentences, and for the buttons of so many marks.
SENTENCES, MARKS = 20, 8
_SENTENCE = re.compile(r"[^。！？!?；;\n]+(?:[。！？!?；;]+|(?=\n)|$)")


def shown_before(consultation: Consultation) -> str:
    """What those it is offered to may read before they accept: all of it, or chosen sentences."""
    return shown_to_strangers(consultation) if consultation.masked else consultation.forwarded


def shown_to_strangers(consultation: Consultation) -> str:
    """The same, of a talk that goes on too: what somebody may read who is not in it yet."""
    if consultation.level is Level.PUBLIC:
        return consultation.forwarded
    chosen = [
        one for one in sentences(consultation.forwarded) if key_of(one) in consultation.shared
    ]
    return "\n".join(chosen)


def sentences(text: str) -> list[str]:
    """Each with its mark at the end; a text of very many is cut short."""
    found = (one.strip() for one in _SENTENCE.findall(text))
    return list(dict.fromkeys(one for one in found if one))[:SENTENCES]


def key_of(sentence: str) -> str:
    """Names a sentence without telling it: a button holds this."""
    return sha256(sentence.encode()).hexdigest()[:8]


def marks_in(session: Session, consultation: Consultation) -> list[Span]:
    """What looks identifying or secret in what is forwarded, but for what its asker keeps."""
    return marks_of(session, consultation, consultation.forwarded, consultation.kept)


def marks_of(
    session: Session, consultation: Consultation, text: str, kept: Iterable[str]
) -> list[Span]:
    """The same of any text that its asker wants others to read."""
    enterprise = (
        session.get(Organisation, consultation.enterprise_id)
        if consultation.enterprise_id
        else None
    )
    asker = session.get_one(Person, consultation.asker_id)
    homes = (enterprise.name_zh, enterprise.name_en) if enterprise else ()
    found = marked(text, names=homes, people=(asker.name_zh, asker.name_en))
    wanted = set(kept)
    return [one for one in found if one.key(text) not in wanted]


def pieces(text: str, spans: list[Span]) -> tuple[tuple[Piece, ...], tuple[Mark, ...]]:
    """The text cut at its marks, which are numbered; the same words have the same number."""
    marks: dict[str, Mark] = {}
    cut: list[Piece] = []
    at = 0
    for span in spans:
        words, key = span.of(text), span.key(text)
        mark = marks.setdefault(key, Mark(len(marks) + 1, key, span.kind.value, words))
        cut += [Piece(text[at : span.start], 0), Piece(words, mark.number)]
        at = span.end
    cut.append(Piece(text[at:], 0))
    return tuple(piece for piece in cut if piece.text), tuple(marks.values())
