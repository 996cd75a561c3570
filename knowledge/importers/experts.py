"""Rows of experts, of their evidence and of answers they gave."""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import BeforeValidator

from knowledge.importers.cells import Day, Flag, Id, Industries, Prose, Title, Year, word_of
from knowledge.importers.kinds import FileKind
from knowledge.importers.people import PersonId
from knowledge.importers.row import Refers, Row, column, fictional, industries


class EvidenceKind(StrEnum):
    PAPER = "paper"
    PROJECT = "project"
    SKILL = "skill"


_EVIDENCE = {"论文": "paper", "项目": "project", "技能": "skill"}
Proof = Annotated[EvidenceKind, BeforeValidator(word_of(EvidenceKind, _EVIDENCE))]
ExpertId = Annotated[Id, Refers(FileKind.EXPERTS)]


class ExpertRow(Row):
    pairs: ClassVar = ("title", "summary")

    person: PersonId = column("人员编号", "people 表中的编号", "id in people", "person-1")
    title_zh: Title = column(
        "职称与方向", "职称与方向", "rank and field", "教授，高压铸造", default=""
    )
    title_en: Title = column(
        "英文职称与方向", "英文", "the same in English", "Professor, die casting", default=""
    )
    summary_zh: Prose = column(
        "简介",
        "两到四句：能解决什么问题",
        "2 to 4 sentences: what they solve",
        "解决压铸件气孔与热裂。",
        default="",
    )
    summary_en: Prose = column(
        "英文简介",
        "英文",
        "the same in English",
        "Solves porosity and hot cracks in die castings.",
        default="",
    )
    industries: Industries = industries()
    fictional: Flag = fictional()


class EvidenceRow(Row):
    pairs: ClassVar = ("text",)

    expert: ExpertId = column("专家编号", "experts 表中的编号", "id in experts", "expert-1")
    kind: Proof = column(
        "类型",
        "paper（论文）、project（项目）或 skill（技能）",
        "paper, project or skill",
        "project",
    )
    year: Year | None = column(
        "年份", "四位年份，可空", "four digits, may be empty", "2024", default=None
    )
    text_zh: Prose = column(
        "内容",
        "一篇论文、一个项目或一项技能，一两句",
        "one paper, project or skill, a sentence or two",
        "为缸体压铸线降低气孔率。",
        default="",
    )
    text_en: Prose = column(
        "英文内容",
        "英文",
        "the same in English",
        "Cut porosity on an engine block line.",
        default="",
    )


class AnswerRow(Row):
    pairs: ClassVar = ("question", "answer")

    mentor: PersonId = column(
        "导师编号", "作答导师的人员编号", "people id of the mentor who answered", "person-1"
    )
    question_zh: Prose = column(
        "问题",
        "企业的问题，不含企业名称",
        "the question, naming no enterprise",
        "压铸件内部有气孔怎么办？",
        default="",
    )
    question_en: Prose = column(
        "英文问题", "英文", "the same in English", "How to get rid of pores?", default=""
    )
    answer_zh: Prose = column(
        "解答",
        "导师认可的解答",
        "the answer as its mentor approved it",
        "先查排气和速度切换点。",
        default="",
    )
    answer_en: Prose = column(
        "英文解答", "英文", "the same in English", "Check venting first.", default=""
    )
    answered_on: Day | None = column("解答日期", "可空", "may be empty", "2025-07-18", default=None)
    industries: Industries = industries()
    fictional: Flag = fictional()
