"""The report of a bad knowledge file is a file too."""

import csv
from pathlib import Path

from bot.handlers.loading import write_report
from knowledge.importers import Problem


def test_no_cell_of_a_report_is_a_formula(tmp_path: Path) -> None:
    evil = '=HYPERLINK("http://evil.example","点这里")'
    problem = Problem("+1.csv", 3, "@name", f"{evil} 不认识", f"\t{evil} is unknown")
    path = tmp_path / "report.csv"
    write_report(path, [problem])
    with path.open(encoding="utf-8-sig", newline="") as source:
        _, row = csv.reader(source)
    assert row == ["'+1.csv", "3", "'@name", f"'{evil} 不认识", f"'\t{evil} is unknown"]
