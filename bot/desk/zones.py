"""A time zone as people name it: Europe/London, Berlin, 柏林, 武汉."""

from collections.abc import Mapping
from functools import cache
from zoneinfo import available_timezones

from babel import Locale

from bot.desk.marking.cities import CITIES

_CHINA = "Asia/Shanghai"
# What CLDR knows no zone by: countries with one zone, and cities in which universities are.
_MORE = {
    _CHINA: "中国 北京 天津 重庆 beijing china wuhan guangzhou shenzhen hangzhou nanjing xi'an",
    "Europe/London": "英国 牛津 剑桥 曼彻斯特 爱丁堡 uk oxford cambridge manchester edinburgh",
    "Europe/Berlin": "德国 慕尼黑 亚琛 斯图加特 汉堡 germany munich aachen stuttgart hamburg",
    "Europe/Paris": "法国 里昂 france lyon",
    "Europe/Amsterdam": "荷兰 代尔夫特 netherlands delft",
    "Asia/Tokyo": "日本 大阪 京都 japan osaka kyoto",
    "Asia/Seoul": "韩国 korea",
    "America/New_York": "波士顿 华盛顿 费城 匹兹堡 boston washington philadelphia pittsburgh",
    "America/Los_Angeles": "旧金山 西雅图 圣地亚哥 seattle stanford berkeley",
}


def zone_named(typed: str) -> str | None:
    """The IANA name of the zone meant; None where none is."""
    return _by_name().get(_folded(typed.strip().removesuffix("时间").removesuffix("市")))


@cache
def _by_name() -> Mapping[str, str]:
    known = {one for one in available_timezones() if "/" in one and not one.startswith("Etc/")}
    found = {_folded(city): _CHINA for city in CITIES}
    for zone in sorted(known):
        found[_folded(zone)] = zone
        found.setdefault(_folded(zone.rsplit("/", 1)[1]), zone)
    for language in ("zh", "en"):
        for zone, said in Locale.parse(language).time_zones.items():
            if zone in known and "city" in said:
                found[_folded(said["city"])] = zone
    more = {_folded(name): zone for zone, names in _MORE.items() for name in names.split()}
    more |= {"san francisco": "America/Los_Angeles", "utc": "UTC", "gmt": "UTC"}
    return found | more


def _folded(name: str) -> str:
    return name.casefold().replace("_", " ")
