from pathlib import Path

import knowledge
from knowledge.importers import MAX_PROBLEMS, FileKind, limits
from knowledge.importers.cells import MOST_LISTED, PROSE, SHORT, TITLE
from knowledge.importers.kinds import kind_of_name
from knowledge.importers.manual import refreshed

PAGE = Path(knowledge.__file__).parents[1] / "docs" / "knowledge-format.md"


def test_the_manual_shows_every_column_as_it_is_read() -> None:
    """If this fails: python -m knowledge.importers.manual docs/knowledge-format.md"""
    text = PAGE.read_text("utf-8")
    assert refreshed(text) == text
    assert all(f"<!-- columns: {kind} -->" in text for kind in FileKind)


def test_the_manual_states_the_limits_as_they_are() -> None:
    text = PAGE.read_text("utf-8")
    stated = (
        f"| {limits.MAX_ROWS:,} |",
        f"| {limits.MAX_BYTES // 2**20} MB ",
        f"| {limits.MAX_FILES} |",
        f"| {limits.MAX_COLUMNS} |",
        f"| {SHORT} characters |",
        f"| {TITLE} characters |",
        f"| {PROSE:,} characters |",
        f"| {MOST_LISTED} |",
        f"| the first {MAX_PROBLEMS:,},",
    )
    assert [limit for limit in stated if limit not in text] == []


def test_names_in_the_manual_tell_the_kind() -> None:
    for name in ("experts-machinery.xlsx", "专家-机械.xlsx", "EXPERTS (2).csv", "expert.csv"):
        assert kind_of_name(name) is FileKind.EXPERTS
    assert kind_of_name("expertise.csv") is None
