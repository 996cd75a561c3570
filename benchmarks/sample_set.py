"""The sample knowledge base as a labelled set, to be measured like any other.

    python -m benchmarks.sample_set DIR [KIND]

With a KIND (expert, patent ...) its entries alone, and the questions that they answer.
"""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from sqlmodel import Session, SQLModel, create_engine

import knowledge
from bot.indexing import indexed_passages
from knowledge.importers import read_files
from knowledge.reload import apply
from retrieval.passages import Passage

SAMPLE = Path(knowledge.__file__).parent / "sample"


def main(folder: Path, kind: str = "") -> None:
    """Write corpus.jsonl, queries.jsonl and qrels.tsv."""
    folder.mkdir(parents=True, exist_ok=True)
    passages = [one for one in sample_passages() if kind in ("", one.kind)]
    if not passages:
        raise SystemExit(f"The sample has no entry of the kind {kind}.")
    told = ("entry", "kind", "text", "also", "names")
    rows = [{"id": one.key, **{name: getattr(one, name) for name in told}} for one in passages]
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    entries = {one.entry for one in passages}
    qrels = [line for line in written("qrels*.txt") if line.split()[-2] in entries]
    answered = {line.split()[0] for line in qrels}
    queries = [
        line for line in written("queries*.jsonl") if not kind or json.loads(line)["id"] in answered
    ]
    for name, found in (("corpus.jsonl", lines), ("queries.jsonl", queries), ("qrels.tsv", qrels)):
        (folder / name).write_text("".join(f"{line}\n" for line in found), encoding="utf-8")


def sample_passages() -> list[Passage]:
    """Every text of the sample that can be searched."""
    engine = create_engine("sqlite://")
    SQLModel.metadata.create_all(engine)
    batch = read_files(sorted(path for path in SAMPLE.iterdir() if path.is_file()))
    with Session(engine) as session:
        apply(session, batch, remove=False, now=datetime.now(UTC))
        session.flush()
        return indexed_passages(session)


def written(pattern: str) -> list[str]:
    """The lines of the sample's own questions and judgements."""
    found = sorted((SAMPLE / "questions").glob(pattern))
    return [line for one in found for line in one.read_text(encoding="utf-8").splitlines() if line]


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:3])
