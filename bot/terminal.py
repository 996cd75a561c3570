"""A shortlist for the terminal: what `xiaoqi ask` prints."""

from collections.abc import Sequence

from rich.table import Table
from sqlalchemy import Engine
from sqlmodel import Session

from knowledge.queries import entries_by_key
from knowledge.views import EntryView
from retrieval.language import language_of
from retrieval.search import Hit


def shortlist_table(engine: Engine, question: str, hits: Sequence[Hit]) -> Table:
    """One line an entry: how well it fits, who or what it is, and the evidence that says so."""
    with Session(engine) as session:
        entries = entries_by_key(session, [hit.entry for hit in hits])
    chinese = language_of(question) == "zh"
    table = Table(title=question, title_justify="left", show_lines=True)
    for heading in ("score", "match", "kind", "entry", "evidence"):
        table.add_column(heading, overflow="fold")
    for hit in hits:
        entry = entries.get(hit.entry)
        if entry is not None:
            evidence = hit.evidence[0].text if hit.evidence else ""
            shown = (f"{hit.score:.3f}", hit.strength, hit.kind, titled(entry, chinese), evidence)
            table.add_row(*shown)
    return table


def titled(entry: EntryView, chinese: bool) -> str:
    """Who, what and where, in the question's language where it is known."""
    zh = (entry.person_name_zh, entry.title_zh, entry.organisation_name_zh)
    en = (entry.person_name_en, entry.title_en, entry.organisation_name_en)
    first, second = (zh, en) if chinese else (en, zh)
    parts = [one or other for one, other in zip(first, second, strict=True)]
    invented = [" (sample, invented)"] if entry.fictional else []
    return " · ".join(part for part in parts if part) + "".join(invented)
