"""Small knowledge bases for tests, as files that a person could have written."""

import csv
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from openpyxl import Workbook

from knowledge.importers import Batch, read_files

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LATER = datetime(2026, 4, 2, 9, 0, tzinfo=UTC)

Row = Mapping[str, Any]

BASE: dict[str, list[Row]] = {
    "organisations": [
        {"id": "zju", "kind": "university", "name_zh": "浙江大学", "name_en": "Zhejiang University",
         "region": "浙江", "city": "杭州"},
        {"id": "qinghe", "kind": "enterprise", "name_zh": "清河精密压铸有限公司",
         "name_en": "Qinghe Die Casting", "region": "浙江", "industry": "C", "tier": "specialised",
         "fictional": "yes"},
    ],
    "people": [
        {"id": "lin", "name_zh": "林望舒", "name_en": "Lin Wangshu", "organisation": "zju",
         "roles": "mentor", "languages": "zh;en", "fictional": "yes"},
        {"id": "pan", "name_zh": "潘小满", "name_en": "Pan Xiaoman", "organisation": "zju",
         "roles": "liaison", "languages": "en"},
    ],
    "experts": [
        {"id": "expert-lin", "person": "lin", "title_zh": "教授，高压铸造",
         "title_en": "Professor, die casting", "summary_zh": "解决气孔与热裂。",
         "summary_en": "Solves porosity and cracks.", "industries": "C;I"},
    ],
    "evidence": [
        {"id": "ev-1", "expert": "expert-lin", "kind": "project", "year": 2024,
         "text_zh": "缸体压铸线降低气孔率。", "text_en": "Cut porosity on a block line."},
        {"id": "ev-2", "expert": "expert-lin", "kind": "skill", "text_zh": "真空压铸。"},
    ],
    "platforms": [
        {"id": "platform-1", "organisation": "zju", "name_zh": "中试平台", "name_en": "Pilot line",
         "capability_zh": "试模。", "capability_en": "Trials.", "equipment_zh": "800 吨压铸机",
         "opening_zh": "工作日", "officer": "pan", "industries": "C"},
    ],
    "patents": [
        {"id": "patent-1", "organisation": "zju", "number": "ZL1", "patent_type": "invention",
         "title_zh": "温控方法", "abstract_zh": "分区控温。", "inventors": "lin",
         "licence": "royalty", "fee": 30000, "royalty_percent": 1.5, "offered_until": "2028-12-31",
         "industries": "C"},
    ],
    "achievements": [
        {"id": "achievement-1", "organisation": "zju", "people": "lin", "title_zh": "检测系统",
         "summary_zh": "三条产线在用。", "maturity": 7, "industries": "C"},
    ],
    "answers": [
        {"id": "answer-1", "mentor": "lin", "question_zh": "有气孔怎么办？",
         "answer_zh": "先查排气。", "answered_on": "2025-07-18", "industries": "C"},
    ],
    "policies": [
        {"id": "policy-1", "title_zh": "专利开放许可", "summary_zh": "可按公告取得许可。",
         "region": "浙江"},
    ],
    "appointments": [
        {"id": "appointment-1", "mentor": "lin", "enterprise": "qinghe",
         "starts_on": "2026-01-01", "ends_on": "2027-12-31"},
    ],
    "dispatches": [
        {"id": "dispatch-1", "student": "pan", "enterprise": "qinghe", "supervisor": "lin",
         "starts_on": "2026-01-01", "ends_on": "2026-12-31"},
    ],
}  # fmt: skip


def jsonl(rows: Sequence[Row]) -> bytes:
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode()


def csv_of(rows: Sequence[Row], *, encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    names = list(dict.fromkeys(name for row in rows for name in row))
    target = io.StringIO()
    writer = csv.writer(target, delimiter=delimiter)
    writer.writerow(names)
    writer.writerows([row.get(name, "") for name in names] for row in rows)
    return target.getvalue().encode(encoding)


def xlsx_of(rows: Sequence[Sequence[Any]]) -> bytes:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    return saved(book)


def saved(book: Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def zipped(files: Mapping[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def read(**kinds: Sequence[Row]) -> Batch:
    """The batch of these rows, each kind a JSONL file."""
    return read_files([(f"{kind}.jsonl", jsonl(rows)) for kind, rows in kinds.items()])


def base(*kinds: str, **other: Sequence[Row]) -> Batch:
    """The small knowledge base, or these kinds of it; `other` replaces the rows of a kind."""
    chosen = {kind: BASE[kind] for kind in kinds or BASE}
    return read(**chosen | other)


def told(batch: Batch) -> list[str]:
    return [str(problem) for problem in batch.problems]
