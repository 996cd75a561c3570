"""How well vague questions are told from specific ones, and what a clarifying question gains.

    python -m benchmarks.vague DIR

DIR as written by `python -m benchmarks.sample_set`: its judged questions are specific, those it
does not answer are counted apart. vague.jsonl has vague ones, and specific ones of few words.
"""

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory

import numpy as np
from sqlmodel import Session, SQLModel, create_engine, select

from bot.desk.separating import BRIEF, VAGUE, choices_for, fields_of, vagueness, word_count
from bot.desk.views import Found
from bot.indexing import indexed_passages
from knowledge.importers import read_files
from knowledge.reload import apply
from knowledge.sample import sample_folder
from knowledge.tables import Entry
from retrieval.cache import TextCache
from retrieval.encoder import load_encoder
from retrieval.evaluation.labelled import labelled_set
from retrieval.evaluation.refusing import area
from retrieval.language import language_of
from retrieval.search import Searcher
from retrieval.snapshot import write_snapshot
from retrieval.turns import question_of

BRIEFS = range(3, 16)
FIRST = 5


@dataclass(frozen=True)
class Asked:
    part: str
    text: str
    found: Sequence[Found]

    @property
    def best(self) -> float:
        return max((hit.trust for hit in self.found), default=0.0)

    @property
    def answered(self) -> bool:
        """Whether there is a shortlist."""
        return any(hit.strength != "weak" for hit in self.found)


Measure = Callable[[Asked], float]
MEASURES: dict[str, Measure] = {
    "length alone": lambda asked: -word_count(asked.text),
    "trust alone": lambda asked: 1 - asked.best,
    "trust and length (chosen)": lambda asked: vagueness(asked.text, asked.found),
}


def main(folder: Path) -> None:
    with sample_base() as (session, searcher):
        asked = [Asked(part, text, find(searcher, text)) for part, text in questions(folder)]
        halves = [[one for place, one in enumerate(asked) if place % 2 == half] for half in (0, 1)]
        for half in (0, 1):
            told(halves[half], halves[1 - half])
        print(f"with VAGUE {VAGUE} and BRIEF {BRIEF}, as shipped, asked back:")
        for part, share in shares_asked(asked).items():
            print(f"  {part:28} {share:.2f} of {sum(one.part == part for one in asked)}")
        gained(session, searcher, [one for one in asked if one.part == "vague"])


@contextmanager
def sample_base() -> Iterator[tuple[Session, Searcher]]:
    engine = create_engine("sqlite://")
    SQLModel.metadata.create_all(engine)
    batch = read_files(sorted(path for path in sample_folder().iterdir() if path.is_file()))
    with Session(engine) as session, TemporaryDirectory() as scratch:
        apply(session, batch, remove=False, now=datetime.now(UTC))
        session.flush()
        encoder, cache = load_encoder(), TextCache(Path("var/benchmarks/vectors.db"))
        write_snapshot(Path(scratch), indexed_passages(session), encoder, cache=cache)
        yield session, Searcher.open(Path(scratch), encoder)


def questions(folder: Path) -> Iterator[tuple[str, str]]:
    """Each with its part: vague, short (and specific), judged, unanswerable."""
    for line in Path(__file__).with_suffix(".jsonl").open():
        row = json.loads(line)
        yield row["part"], row["text"]
    _, texts, qrels = labelled_set(folder)
    for key, text in texts.items():
        yield ("judged" if key in qrels else "unanswerable"), text


def find(searcher: Searcher, text: str) -> list[Found]:
    return [
        Found(hit.entry, hit.score, hit.strength, "", hit.trust)
        for hit in searcher.search(text, limit=50)
    ]


def told(fitted: Sequence[Asked], other: Sequence[Asked]) -> None:
    """What the one half would choose, and AUROC on the other."""
    brief = max(BRIEFS, key=lambda one: areas(fitted, weighed(one))["both"])
    print(f"fitted on one half: BRIEF {brief}; AUROC on the other half")
    base = areas(other, MEASURES["length alone"])
    for name, measure in [*MEASURES.items(), ("the same, as fitted", weighed(brief))]:
        reached = areas(other, measure)
        against = "  ".join(f"{part} {value:.3f}" for part, value in reached.items())
        print(f"  {name:28} {against}  x{reached['both'] / base['both']:.2f}")


def weighed(brief: float) -> Measure:
    return lambda one: (1 - one.best) * min(1.0, brief / max(word_count(one.text), 1.0))


def areas(asked: Sequence[Asked], measure: Measure) -> Mapping[str, float]:
    """Against each part of the specific questions, and against both."""
    values = {
        part: np.array([measure(one) for one in asked if one.part == part])
        for part in ("vague", "judged", "short")
    }
    both = np.concatenate([values["judged"], values["short"]])
    against = {"judged": values["judged"], "short": values["short"], "both": both}
    return {part: area(values["vague"], found) for part, found in against.items()}


def shares_asked(asked: Sequence[Asked]) -> dict[str, float]:
    """Of each part, how many reach the threshold."""
    parts = dict.fromkeys(one.part for one in asked)
    return {
        part: mean(vagueness(one.text, one.found) >= VAGUE for one in asked if one.part == part)
        for part in parts
    }


def gained(session: Session, searcher: Searcher, asked: Sequence[Asked]) -> None:
    """Every choice of every clarifying question pressed once."""
    owners: dict[str, set[str]] = {}
    for key, *titles in session.exec(select(Entry.key, Entry.title_zh, Entry.title_en)):
        for field in (field for title in titles for field in fields_of(title)):
            owners.setdefault(field, set()).add(key)
    before, after, choices, hit = [], [], [], []
    for one in asked:
        offered = choices_for(session, one.text, one.found, language_of(one.text))
        print(f"  {one.text[:48]:50} {' | '.join(offered)}")
        choices += [len(offered)] if offered else []
        for choice in offered:
            text = question_of([one.text, choice])
            before.append(one)
            after.append(Asked("narrowed", text, find(searcher, text)))
            hit.append(any(found.entry in owners[choice] for found in after[-1].found[:FIRST]))
    print(f"clarifying questions {len(choices)}, with {mean(choices):.1f} choices each; pressed:")
    for name, some in (("before", before), ("after", after)):
        best, answered = mean(one.best for one in some), mean(one.answered for one in some)
        print(f"  {name:7} trust in the best hit {best:.2f}, with a shortlist {answered:.2f}")
    print(f"  somebody of the chosen field among the first {FIRST}: {mean(hit):.2f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
