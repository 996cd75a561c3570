"""What all rows have in common, and how a column is described."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.fields import FieldInfo

from knowledge.importers.cells import Id
from knowledge.importers.kinds import FileKind
from knowledge.importers.problems import MendableError


@dataclass(frozen=True)
class Refers:
    """Marks a column that holds ids of rows of another kind; `enterprise`: of no other sort."""

    kind: FileKind
    enterprise: bool = False


def column(
    zh: str,
    meaning_zh: str,
    meaning_en: str,
    example: str,
    *,
    also: Sequence[str] = (),
    default: Any = ...,
) -> Any:
    """A column: its Chinese heading (and others that are understood), meaning and an example."""
    return Field(
        default,
        title=zh,
        description=meaning_en,
        examples=[example],
        json_schema_extra={"zh": meaning_zh, "also": list(also)},
    )


def chinese_headings(field: FieldInfo) -> list[str]:
    """The heading that templates bear comes first."""
    return [str(field.title), *_extra(field)["also"]]


def meaning_zh(field: FieldInfo) -> str:
    return str(_extra(field)["zh"])


def _extra(field: FieldInfo) -> dict[str, Any]:
    assert isinstance(field.json_schema_extra, dict)
    return field.json_schema_extra


class Row(BaseModel):
    """`pairs`: texts of which one of `_zh` and `_en` must be there."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    pairs: ClassVar[tuple[str, ...]] = ()
    terms: ClassVar[tuple[str, str] | None] = None

    id: Id = column(
        "编号",
        "唯一编号：英文字母、数字、- 和 .，最多 64 个；以后更新时凭它认出同一行",
        "unique: letters, digits, - and ., at most 64; later files know the row by it",
        "example-1",
        also=("ID", "标识"),
    )

    @model_validator(mode="after")
    def _whole(self) -> Self:
        for pair in self.pairs:
            if not getattr(self, f"{pair}_zh") and not getattr(self, f"{pair}_en"):
                raise MendableError(
                    f"{pair}_zh 和 {pair}_en 都是空的：至少填写一个。",
                    f"both {pair}_zh and {pair}_en are empty: fill in at least one.",
                    f"{pair}_zh",
                )
        if self.terms is not None:
            _check_term(getattr(self, self.terms[0]), getattr(self, self.terms[1]), self.terms[1])
        return self


def _check_term(first: date | None, last: date | None, heading: str) -> None:
    if first is not None and last is not None and last < first:
        raise MendableError(
            f"截止日 {last} 早于开始日 {first}：请核对两个日期。",
            f"the last day {last} comes before the first, {first}: check both dates.",
            heading,
        )


def industries() -> tuple[str, ...]:
    letters: tuple[str, ...] = column(
        "行业",
        "适用行业的门类字母（GB/T 4754-2017），多个用 ; 分开",
        "sections of GB/T 4754-2017 that it serves, letters separated by ;",
        "C;I",
        also=("行业门类",),
        default=(),
    )
    return letters


def organisation() -> str:
    key: str = column(
        "单位编号", "所属单位的编号", "id of the organisation", "zju", also=("单位", "所属单位")
    )
    return key


def fictional() -> bool:
    flag: bool = column(
        "虚构",
        "是否为虚构的示例：yes 或 no；空着即 no",
        "yes for an invented sample, else no or empty",
        "no",
        default=False,
    )
    return flag


def starts_on() -> date:
    day: date = column("开始日期", "聘期第一天", "first day of the term", "2026-01-01")
    return day


def ends_on() -> date:
    day: date = column("结束日期", "聘期最后一天", "last day of the term", "2027-12-31")
    return day
