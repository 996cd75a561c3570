"""Rows of patents with the terms of their open licence."""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import BeforeValidator

from knowledge.importers.cells import Day, Flag, Industries, Prose, Short, Title, number, word_of
from knowledge.importers.people import OrganisationId, PersonIds
from knowledge.importers.row import Row, column, fictional, industries, organisation


class PatentType(StrEnum):
    INVENTION = "invention"
    UTILITY = "utility"
    DESIGN = "design"


class Licence(StrEnum):
    """How an open licence is paid for."""

    FREE = "free"
    LUMP_SUM = "lump_sum"
    INSTALMENTS = "instalments"
    ROYALTY = "royalty"
    ENTRY_PLUS_ROYALTY = "entry_plus_royalty"
    USE_FIRST = "use_first"


_PATENTS = {"发明": "invention", "实用新型": "utility", "外观设计": "design"}
_LICENCES = {
    "免费": "free",
    "一次性付费": "lump_sum",
    "分期付费": "instalments",
    "提成": "royalty",
    "入门费加提成": "entry_plus_royalty",
    "先使用后付费": "use_first",
}

PatentSort = Annotated[PatentType, BeforeValidator(word_of(PatentType, _PATENTS))]
LicenceSort = Annotated[Licence, BeforeValidator(word_of(Licence, _LICENCES))]
Fee = Annotated[float | None, BeforeValidator(number(0, 1e12))]
Percent = Annotated[float | None, BeforeValidator(number(0, 100))]


class PatentRow(Row):
    pairs: ClassVar = ("title", "abstract")
    terms: ClassVar = ("offered_from", "offered_until")

    organisation: OrganisationId = organisation()
    number: Short = column("专利号", "专利号", "patent number", "ZL202310000000.1")
    patent_type: PatentSort = column(
        "专利类型",
        "invention（发明）、utility（实用新型）或 design（外观设计）",
        "invention, utility or design",
        "invention",
    )
    title_zh: Title = column(
        "名称", "专利名称", "title", "一种压铸模具温控方法", also=("专利名称",), default=""
    )
    title_en: Title = column(
        "英文名称", "英文", "the same in English", "Temperature control of dies", default=""
    )
    abstract_zh: Prose = column(
        "摘要",
        "解决什么问题、怎么解决",
        "what it solves and how",
        "分区控温，减少热裂。",
        default="",
    )
    abstract_en: Prose = column(
        "英文摘要", "英文", "the same in English", "Zoned cooling against hot cracks.", default=""
    )
    inventors: PersonIds = column(
        "发明人编号",
        "人员编号，多个用 ; 分开，可空",
        "people ids separated by ;, may be empty",
        "person-1",
        default=(),
    )
    licence: LicenceSort = column(
        "许可方式",
        "free（免费）、lump_sum（一次性付费）、instalments（分期付费）、royalty（提成）、"
        "entry_plus_royalty（入门费加提成）或 use_first（先使用后付费）",
        "free, lump_sum, instalments, royalty, entry_plus_royalty or use_first",
        "entry_plus_royalty",
    )
    fee: Fee = column(
        "许可费", "元，只写数字，可空", "CNY, digits alone, may be empty", "30000", default=None
    )
    royalty_percent: Percent = column(
        "提成比例",
        "百分数，只写数字，可空",
        "per cent, digits alone, may be empty",
        "1.5",
        default=None,
    )
    terms_zh: Prose = column(
        "许可条件", "其他条件，可空", "further terms, may be empty", "含一次现场调试", default=""
    )
    terms_en: Prose = column(
        "英文许可条件", "英文", "the same in English", "One visit included", default=""
    )
    offered_from: Day | None = column(
        "开放起始日", "可空", "first day of the offer, may be empty", "2026-01-01", default=None
    )
    offered_until: Day | None = column(
        "开放截止日", "可空", "last day of the offer, may be empty", "2028-12-31", default=None
    )
    industries: Industries = industries()
    fictional: Flag = fictional()
