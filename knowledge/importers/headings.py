"""The first row: which heading means which column of which kind."""

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import cache, lru_cache

from knowledge.importers.kinds import FileKind
from knowledge.importers.problems import MendableError
from knowledge.importers.row import chinese_headings
from knowledge.importers.rows import ROWS

_REMARK = re.compile(r"[（(][^（）()]*[）)]$")


# The same few headings come back with every row.
@lru_cache(maxsize=4096)
def normal(heading: str) -> str:
    """`Name ZH *` and `name_zh（必填）` are name_zh."""
    text = _REMARK.sub("", heading.strip("\ufeff \t\r\n*＊")).strip(" *＊")
    return re.sub(r"[\s_-]+", "_", text.casefold())


def is_remark(heading: str) -> bool:
    """A column whose name begins with # is for people only."""
    return heading.lstrip("\ufeff ").startswith("#")


@cache
def columns_of(kind: FileKind) -> Mapping[str, str]:
    """Every heading that is understood, normalised, with the column that it means."""
    fields = ROWS[kind].model_fields
    known = {normal(name): name for name in fields}
    for name, field in fields.items():
        known |= {normal(heading): name for heading in chinese_headings(field)}
    return known


def known_headings(headings: Iterable[str]) -> int:
    """How many of the headings any kind knows."""
    known = {heading for kind in FileKind for heading in columns_of(kind)}
    return sum(normal(heading) in known for heading in headings)


def kind_of_columns(headings: Sequence[str]) -> FileKind | None:
    """The one kind that has all these columns and misses none that it needs."""
    fitting = [
        kind
        for kind in FileKind
        if not _unknown(kind, headings) and not missing_columns(kind, matched(kind, headings))
    ]
    return fitting[0] if len(fitting) == 1 else None


def matched(kind: FileKind, headings: Iterable[str]) -> dict[str, str]:
    """Heading as written -> column; without those that the kind does not know."""
    known = columns_of(kind)
    return {heading: known[normal(heading)] for heading in headings if normal(heading) in known}


def faults(kind: FileKind, headings: Sequence[str]) -> list[MendableError]:
    """What is wrong with the first row of a table."""
    if not known_headings(headings):
        return [_no_headings(headings)]
    found = [unknown_column(kind, heading) for heading in _unknown(kind, headings)]
    found += [_missing(column) for column in missing_columns(kind, matched(kind, headings))]
    twice: dict[str, str] = {}
    for heading, column in matched(kind, headings).items():
        if column in twice:
            found.append(_double(twice[column], heading))
        twice.setdefault(column, heading)
    found += [
        _double(name, name) for name in sorted({h for h in headings if headings.count(h) > 1})
    ]
    return found


def missing_columns(kind: FileKind, columns: Mapping[str, str]) -> list[str]:
    model = ROWS[kind]
    there = set(columns.values())
    needed = [name for name, field in model.model_fields.items() if field.is_required()]
    pairs = [f"{pair}_zh" for pair in model.pairs if f"{pair}_en" not in there]
    return [name for name in (*needed, *pairs) if name not in there]


def unknown_column(kind: FileKind, heading: str) -> MendableError:
    names = list(ROWS[kind].model_fields)
    near = get_close_matches(normal(heading), list(columns_of(kind)), n=1, cutoff=0.6)
    meant = columns_of(kind)[near[0]] if near else None
    zh = f"是不是“{meant}”？" if meant else f"可用的列：{'、'.join(names)}。"
    en = f"did you mean {meant}?" if meant else f"there are {', '.join(names)}."
    return MendableError(
        f"没有“{heading[:40]}”这一列，{zh}（若只是备注，请在列名前加 #）",
        f"there is no column {heading[:40]!r}: {en} (Put # before the name of a mere remark.)",
        heading[:40],
    )


def _unknown(kind: FileKind, headings: Sequence[str]) -> list[str]:
    known = columns_of(kind)
    return [name for name in headings if normal(name) not in known and not is_remark(name)]


def _no_headings(headings: Sequence[str]) -> MendableError:
    seen = "、".join(headings)[:80]
    return MendableError(
        f"第一行应当是列名（id、name_zh 等），现在是“{seen}”："
        "请删去上面的标题行，或从模板开始填写。",
        f"the first row must hold the column names (id, name_zh ...), but holds {seen!r}:"
        " delete the rows above the names, or begin with the template.",
    )


def _missing(column: str) -> MendableError:
    return MendableError(
        f"缺少“{column}”一列：请加上这一列并填写每一行。",
        f"the column {column} is missing: add it and fill it in for every row.",
        column,
    )


def _double(first: str, second: str) -> MendableError:
    return MendableError(
        f"列“{first[:40]}”和“{second[:40]}”重复：请只留一列。",
        f"the columns {first[:40]!r} and {second[:40]!r} are the same: keep one of them.",
        second[:40],
    )
