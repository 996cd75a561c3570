"""Rows of organisations, people and the bonds between them."""

from typing import Annotated, ClassVar

from pydantic import BeforeValidator

from knowledge.importers.cells import (
    Day,
    Flag,
    Id,
    Ids,
    Industry,
    Languages,
    Region,
    Short,
    each,
    word_of,
)
from knowledge.importers.kinds import FileKind
from knowledge.importers.row import Refers, Row, column, ends_on, fictional, starts_on
from knowledge.tables import OrganisationKind, PersonRole, Tier

_SORTS = {"高校": "university", "大学": "university", "企业": "enterprise", "管理部门": "office"}
_TIERS = {
    "无": "none",
    "创新型中小企业": "innovative",
    "专精特新中小企业": "specialised",
    "专精特新小巨人企业": "little_giant",
}
_ROLES = {"导师": "mentor", "联络员": "liaison", "专员": "officer"}
# An asker and an admin are made in the chat, never by a file.
_GIVEN = (PersonRole.MENTOR, PersonRole.LIAISON, PersonRole.OFFICER)

Sort = Annotated[OrganisationKind, BeforeValidator(word_of(OrganisationKind, _SORTS))]
Grade = Annotated[Tier, BeforeValidator(word_of(Tier, _TIERS))]
Roles = Annotated[tuple[PersonRole, ...], BeforeValidator(each(word_of(_GIVEN, _ROLES)))]
PersonId = Annotated[Id, Refers(FileKind.PEOPLE)]
PersonIds = Annotated[Ids, Refers(FileKind.PEOPLE)]
OrganisationId = Annotated[Id, Refers(FileKind.ORGANISATIONS)]
EnterpriseId = Annotated[Id, Refers(FileKind.ORGANISATIONS, enterprise=True)]


class OrganisationRow(Row):
    pairs: ClassVar = ("name",)

    kind: Sort = column(
        "类型",
        "university（高校）、enterprise（企业）或 office（管理部门）",
        "university, enterprise or office",
        "enterprise",
        also=("单位类型",),
    )
    name_zh: Short = column(
        "名称",
        "中文全称",
        "full name in Chinese",
        "清河精密压铸有限公司",
        also=("单位名称",),
        default="",
    )
    name_en: Short = column(
        "英文名称", "英文全称", "full name in English", "Qinghe Die Casting Co., Ltd.", default=""
    )
    region: Region = column(
        "省份",
        "省级行政区简称",
        "province-level region by its short name, such as 浙江 or Zhejiang",
        "浙江",
        also=("地区", "省级行政区"),
        default="",
    )
    city: Short = column("城市", "城市", "city", "宁波", default="")
    industry: Industry = column(
        "行业",
        "企业填写：国民经济行业门类（GB/T 4754-2017）字母 A 到 T",
        "of an enterprise: its section of GB/T 4754-2017, a letter A to T",
        "C",
        also=("行业门类",),
        default="",
    )
    tier: Grade = column(
        "梯度",
        "企业填写：none、innovative（创新型）、specialised（专精特新）或 little_giant（小巨人）",
        "of an enterprise: none, innovative, specialised or little_giant",
        "specialised",
        also=("培育梯度",),
        default=Tier.NONE,
    )
    fictional: Flag = fictional()


class PersonRow(Row):
    pairs: ClassVar = ("name",)

    name_zh: Short = column("姓名", "中文姓名", "name in Chinese", "林望舒", default="")
    name_en: Short = column("英文姓名", "英文或拼音", "name in English", "Lin Wangshu", default="")
    organisation: OrganisationId = column(
        "单位编号",
        "所在单位的编号",
        "id of the organisation where they work",
        "zju",
        also=("单位", "所在单位"),
        default="",
    )
    roles: Roles = column(
        "角色",
        "mentor（导师）、liaison（联络员）、officer（专员），多个用 ; 分开",
        "mentor, liaison, officer; several are separated by ;",
        "mentor",
        default=(),
    )
    languages: Languages = column(
        "语言",
        "能用来答复的语言：zh、en；第一个是初次使用的界面语言",
        "languages they answer in: zh, en; the first is the one they are greeted in",
        "zh;en",
        default=(),
    )
    fictional: Flag = fictional()


class AppointmentRow(Row):
    terms: ClassVar = ("starts_on", "ends_on")

    mentor: PersonId = column(
        "导师编号", "受聘导师的人员编号", "people id of the mentor", "person-1"
    )
    enterprise: EnterpriseId = column(
        "企业编号", "聘用企业的单位编号", "organisations id of the enterprise", "enterprise-1"
    )
    starts_on: Day = starts_on()
    ends_on: Day = ends_on()


class DispatchRow(Row):
    terms: ClassVar = ("starts_on", "ends_on")

    student: PersonId = column(
        "博士生编号", "派驻博士生的人员编号", "people id of the doctoral student", "person-2"
    )
    enterprise: EnterpriseId = column(
        "企业编号", "派驻企业的单位编号", "organisations id of the enterprise", "enterprise-1"
    )
    supervisor: PersonId = column(
        "校内导师编号",
        "校内导师的人员编号",
        "people id of the supervisor at the university",
        "person-1",
        default="",
    )
    enterprise_supervisor: PersonId = column(
        "企业导师编号",
        "企业导师的人员编号；不填则为企业当时聘任的导师",
        "people id of the supervisor at the enterprise; left out, its mentor under appointment",
        "person-3",
        default="",
    )
    starts_on: Day = starts_on()
    ends_on: Day = ends_on()
