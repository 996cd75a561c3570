"""Rows of platforms, achievements and policies."""

from typing import Annotated, ClassVar

from pydantic import BeforeValidator

from knowledge.importers.cells import Day, Flag, Industries, Prose, Region, Title, Url, whole
from knowledge.importers.people import OrganisationId, PersonId, PersonIds
from knowledge.importers.row import Row, column, fictional, industries, organisation

Maturity = Annotated[int | None, BeforeValidator(whole(1, 9))]


class PlatformRow(Row):
    pairs: ClassVar = ("name", "capability")

    organisation: OrganisationId = organisation()
    name_zh: Title = column(
        "名称", "平台名称", "name", "轻合金压铸中试平台", also=("平台名称",), default=""
    )
    name_en: Title = column(
        "英文名称", "英文", "the same in English", "Light alloy pilot line", default=""
    )
    capability_zh: Prose = column(
        "能力", "能做什么", "what it can do", "试模、CT 探伤。", also=("服务能力",), default=""
    )
    capability_en: Prose = column(
        "英文能力", "英文", "the same in English", "Trials and CT inspection.", default=""
    )
    equipment_zh: Prose = column(
        "设备", "主要设备，可空", "main equipment, may be empty", "800 吨压铸机", default=""
    )
    equipment_en: Prose = column(
        "英文设备", "英文", "the same in English", "800 t die casting machine", default=""
    )
    opening_zh: Prose = column(
        "开放方式",
        "开放时间、预约与收费，可空",
        "hours, booking and prices, may be empty",
        "工作日，提前一周预约",
        default="",
    )
    opening_en: Prose = column(
        "英文开放方式", "英文", "the same in English", "Working days, a week's notice", default=""
    )
    officer: PersonId = column(
        "联系人编号",
        "联系人的人员编号，可空",
        "people id of the contact, may be empty",
        "",
        default="",
    )
    industries: Industries = industries()
    fictional: Flag = fictional()


class AchievementRow(Row):
    pairs: ClassVar = ("title", "summary")

    organisation: OrganisationId = organisation()
    people: PersonIds = column(
        "完成人编号",
        "人员编号，多个用 ; 分开，可空",
        "people ids separated by ;, may be empty",
        "person-1",
        default=(),
    )
    title_zh: Title = column(
        "名称", "成果名称", "title", "压铸件气孔在线检测系统", also=("成果名称",), default=""
    )
    title_en: Title = column(
        "英文名称", "英文", "the same in English", "Inline porosity inspection", default=""
    )
    summary_zh: Prose = column(
        "简介", "两到四句", "2 to 4 sentences", "已在三条产线使用。", default=""
    )
    summary_en: Prose = column(
        "英文简介", "英文", "the same in English", "Runs on three lines.", default=""
    )
    maturity: Maturity = column(
        "成熟度",
        "技术成熟度 1 到 9，可空",
        "technology readiness 1 to 9, may be empty",
        "7",
        default=None,
    )
    industries: Industries = industries()
    fictional: Flag = fictional()


class PolicyRow(Row):
    pairs: ClassVar = ("title", "summary")

    title_zh: Title = column(
        "名称", "政策名称", "title", "专利开放许可制度", also=("政策名称",), default=""
    )
    title_en: Title = column(
        "英文名称", "英文", "the same in English", "Open licensing of patents", default=""
    )
    summary_zh: Prose = column(
        "摘要", "两到四句", "2 to 4 sentences", "任何单位可按公告条件取得许可。", default=""
    )
    summary_en: Prose = column(
        "英文摘要", "英文", "the same in English", "Anybody may take a licence.", default=""
    )
    issuer_zh: Title = column(
        "发布单位", "可空", "who issued it, may be empty", "国家知识产权局", default=""
    )
    issuer_en: Title = column("英文发布单位", "英文", "the same in English", "CNIPA", default="")
    issued_on: Day | None = column("发布日期", "可空", "may be empty", "2021-06-01", default=None)
    url: Url = column(
        "网址", "可空", "address of the text, may be empty", "https://www.cnipa.gov.cn/", default=""
    )
    region: Region = column(
        "适用地区",
        "省级行政区简称；全国性政策空着",
        "where it applies; empty for the whole country",
        "",
        default="",
    )
