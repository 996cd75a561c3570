"""The tables of columns in docs/knowledge-format.md, from the row models themselves.

    python -m knowledge.importers.manual docs/knowledge-format.md

writes them anew between their marks.
"""

import re
import sys
from pathlib import Path

from pydantic.fields import FieldInfo

from knowledge.importers.kinds import FileKind
from knowledge.importers.row import chinese_headings, meaning_zh
from knowledge.importers.rows import ROWS

_MARKED = re.compile(r"(<!-- columns: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def refreshed(manual: str) -> str:
    """The text with every table between its marks written anew."""
    return _MARKED.sub(lambda m: f"{m[1]}{column_table(FileKind(m[2]))}{m[3]}", manual)


def column_table(kind: FileKind) -> str:
    model = ROWS[kind]
    lines = ["| column | 中文列名 | must | meaning | 含义 | example |", "|---|---|---|---|---|---|"]
    for name, field in model.model_fields.items():
        must = _must(name, field, model.pairs)
        example = str((field.examples or [""])[0])
        cells = (
            f"`{name}`",
            "、".join(chinese_headings(field)),
            must,
            field.description,
            meaning_zh(field),
        )
        lines.append(f"| {' | '.join(map(str, cells))} | {f'`{example}`' if example else ''} |")
    return "\n".join(lines) + "\n"


def _must(name: str, field: FieldInfo, pairs: tuple[str, ...]) -> str:
    if field.is_required():
        return "yes"
    return "one of two" if name.rpartition("_")[0] in pairs else ""


if __name__ == "__main__":
    page = Path(sys.argv[1])
    page.write_text(refreshed(page.read_text("utf-8")), "utf-8")
