"""Addresses and links."""

import re
from collections.abc import Iterator

from bot.desk.marking.cities import CITIES
from bot.desk.marking.spans import Kind, Span
from knowledge.regions import REGIONS

_ENDINGS = r"(?:com|cn|net|org|gov|edu|io|me|cc|top|xyz|vip|tech|shop)"
_URL = re.compile(
    r"https?://[^\s一-鿿，。；！？、）》】\"'<>]+"
    rf"|\b(?:www\.)?(?:[a-z0-9][a-z0-9-]{{0,40}}\.){{1,4}}{_ENDINGS}(?:\.[a-z]{{2}})?\b(?:/[^\s一-鿿，。；、）<>]*)?",
    re.IGNORECASE,
)
_REGION = "|".join(REGIONS)
_CITY = "|".join(sorted(CITIES, key=len, reverse=True))
_ZH = "一-鿿"
# "回路1号阀" is no street: what a road can't be called by.
_STREET = (
    rf"[{_ZH}]{{1,7}}?(?<![电油气水回线管通光磁支思短断开套出门公铁道网])(?:路|大街|大道|街|巷|弄|胡同)"
    r"\s?\d+(?:[-/]\d+)?\s?[号弄](?![阀泵机线炉钢料样试电模刀站缸])"
    rf"(?:[{_ZH}]{{0,8}}?\s?[A-Za-z]?\d+\s?(?:号楼|号厂房|栋|幢|楼|层|室|单元|号))*"
)
_DISTRICT = (
    rf"(?:(?:{_REGION})(?:省|市|自治区|壮族自治区|回族自治区|维吾尔自治区)?)?"
    rf"(?:[{_ZH}]{{2,4}}?(?:市|州|盟))?[{_ZH}]{{1,4}}?(?:新区|区|县|市)"
)
_TOWN = rf"[{_ZH}]{{2,5}}?(?:街道|镇|乡|村|工业园区?|开发区|高新区|科技园|产业园|工业区)"
_ADDRESSES = (
    re.compile(rf"(?:{_DISTRICT})?(?:{_TOWN})?{_STREET}"),
    re.compile(
        rf"(?:{_REGION})(?:省|市|自治区)?[{_ZH}]{{2,4}}?市(?:[{_ZH}]{{1,4}}?(?:区|县|市))?(?:{_TOWN})?"
    ),
    re.compile(
        rf"(?:{_REGION})(?:省|市|自治区)?[{_ZH}]{{1,4}}?(?:(?<![棉林牧矿灾景库园社地产])区|县|市)(?:{_TOWN})?"
    ),
    re.compile(
        rf"(?:{_CITY})市?[{_ZH}]{{1,4}}?(?:(?<![棉林牧矿灾景库园社地产市城郊])区|县|镇|街道|乡)(?:{_TOWN})?"
    ),
    re.compile(
        r"\b(?:[Nn]o\.?\s?)?\d{1,5},?\s+(?:[A-Z][A-Za-z]+\s+){1,3}"
        r"(?:Road|Rd|Street|St|Avenue|Ave|Lane|Boulevard|Blvd|Highway)\b\.?(?:,\s?[A-Z][A-Za-z]+){0,3}"
    ),
)
_BEFORE = re.compile(
    r"^(?:地址|我们厂|我厂|我们|厂子|公司|工厂|搬到|位于|寄到|送到|来到|开在|就在|在|到|是|去|从|于|的)+"
)


def places(text: str) -> Iterator[Span]:
    for found in _URL.finditer(text):
        yield Span(found.start(), found.start() + len(found[0].rstrip(".,;:!?)")), Kind.URL)
    for rule in _ADDRESSES:
        for found in rule.finditer(text):
            before = _BEFORE.match(found[0])
            yield Span(found.start() + (before.end() if before else 0), found.end(), Kind.ADDRESS)
