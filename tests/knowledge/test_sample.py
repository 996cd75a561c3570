from sqlmodel import Session

from knowledge.importers import read_files
from knowledge.industries import SECTIONS
from knowledge.queries import counts
from knowledge.regions import REGIONS
from knowledge.reload import apply
from knowledge.sample import sample_folder
from tests.knowledge.making import NOW, told


def test_the_sample_knowledge_base_loads_without_a_fault(session: Session) -> None:
    batch = read_files([sample_folder()])
    assert told(batch) == []
    apply(session, batch, remove=False, now=NOW)
    assert all(counts(session).values())


def test_invented_people_enterprises_and_patents_say_so() -> None:
    batch = read_files([sample_folder()])
    rows = [placed.row for _, placed in batch.placed()]
    invented = [row for row in rows if type(row).__name__ in ("PersonRow", "PatentRow")]
    invented += [row for row in rows if getattr(row, "kind", "") == "enterprise"]
    assert invented
    assert [row.id for row in invented if not row.fictional] == []  # type: ignore[attr-defined]


def test_there_are_twenty_sections_and_thirty_four_regions() -> None:
    assert list(SECTIONS) == list("ABCDEFGHIJKLMNOPQRST")
    assert len(REGIONS) == len(set(REGIONS.values())) == 34
