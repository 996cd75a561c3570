"""The sample knowledge base as a labelled set, to be measured like any other.

python -m benchmarks.sample_set DIR
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

SAMPLE = Path(knowledge.__file__).parent / "sample"


def main(folder: Path) -> None:
    """Write corpus.jsonl, queries.jsonl and qrels.tsv."""
    folder.mkdir(parents=True, exist_ok=True)
    engine = create_engine("sqlite://")
    SQLModel.metadata.create_all(engine)
    batch = read_files(sorted(path for path in SAMPLE.iterdir() if path.is_file()))
    with Session(engine) as session, (folder / "corpus.jsonl").open("w") as corpus:
        apply(session, batch, remove=False, now=datetime.now(UTC))
        session.flush()
        for one in indexed_passages(session):
            row = {"id": one.key, "entry": one.entry, "text": one.text}
            corpus.write(json.dumps(row, ensure_ascii=False) + "\n")
    joined(folder / "queries.jsonl", "queries*.jsonl")
    joined(folder / "qrels.tsv", "qrels*.txt")


def joined(path: Path, pattern: str) -> None:
    found = sorted((SAMPLE / "questions").glob(pattern))
    path.write_text("".join(one.read_text(encoding="utf-8") for one in found), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
