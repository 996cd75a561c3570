"""Names of enterprises: by what ends them, without the words of the sentence around."""

import re
from collections.abc import Iterable, Iterator

from bot.desk.marking.cities import CITIES
from bot.desk.marking.spans import Kind, Span, halved
from bot.desk.marking.trades import TRADES
from knowledge.regions import REGIONS

_ZH = "一-鿿"
# A name of two characters could be a word ("宏达" is not, "材料" is): shorter ones are left alone.
_SHORTEST_NAME = 2
_PLACES = re.compile("|".join(sorted((*REGIONS, *CITIES), key=len, reverse=True)))
_PLACE = re.compile(rf"^(?:(?:{_PLACES.pattern})[省市]?)+")
_SURE = r"(?:集团)?(?:股份)?有限(?:责任)?公司|(?:集团)?股份公司"
_WEAK = (
    r"集团公司|集团(?!军)|总公司|分公司|公司(?!法)|商行"
    r"|(?:总|分)?(?<![出入进离返回到建办停])厂(?![家商房区长内里外址牌子])"
)
_ENDED = re.compile(rf"([{_ZH}A-Za-z0-9()·&-]{{1,24}}?)({_SURE}|{_WEAK})(?:[{_ZH}]{{2,6}}分公司)?")
# Up to the last of these the sentence goes on; the name begins after it.
_CUT = re.compile(
    r"我们|你们|他们|咱们|供应商|客户|甲方|乙方|业主|买方|卖方|对手|同行|竞争|委托|供货给|供给|卖给|交给|提供给|来自"
    r"|联系|名叫|叫做|叫|一家|两家|三家|几家|这家|那家|该|某|的|了|是|在|给|跟|把|被|让|我|你|您|他|她|这|那|说|去|"
    r"隔壁|附近|所在|负责|属于|配套|合作|采购|进口|生产|代工|外协|外包|送到|拿到"
)
# Before a trade these make it any one of them: 一家螺栓厂.
_ANY = re.compile(r"(?:[一几两三多十]家|某家?|有家|一些|各|哪家)$")
_LEADING = re.compile(
    r"^(?:和|与|同|向|从|由|为|对|及|或|到|找|请|至|有|以|于|等|都|也|就|还|用|由于|因为|图纸|货)+"
)
_GENERIC = re.compile("|".join(TRADES))
_ENGLISH = re.compile(
    r"\b(?!(?:Our|The|This|That|A|An|My|Your|Their|Another|Each|Any)\b)"
    r"(?:[A-Z][\w&'-]*,?\s+(?:of\s+|&\s+|and\s+)?){1,6}"
    r"(?:\((?:[A-Z]\w+)\)\s+)?"
    r"(?:Co\.?,?\s*,?\s?Ltd\b\.?|Co\.|Ltd\b\.?|Limited\b|Inc\b\.?|LLC\b|Corp(?:oration)?\b\.?|GmbH\b|Company\b|Holdings?\b)"
)
_IN_SMALL = re.compile(r"\b(?:[a-z][\w&'-]* ){1,3}co\.?,? ?ltd\b\.?")
# Whom a supplier of parts names without more: only names that mean nothing else.
_KNOWN = re.compile(
    r"华为|比亚迪|特斯拉|宁德时代|吉利汽车|上汽|一汽(?:解放|大众|丰田)?|广汽(?:本田|丰田)?|北汽|奇瑞|蔚来|富士康|格力|海尔|海信"
    r"|三一重工|徐工|潍柴|玉柴|中国?中车|中国商飞|中石油|中石化|国家电网|本田|宝马|奔驰|博世|西门子|中信戴卡|大疆|小鹏汽车|理想汽车"
    r"|长城汽车|长安汽车|东风汽车|\b(?:BYD|CATL|Tesla|Huawei|Foxconn|Bosch|Siemens|BMW|Toyota|Honda|Volkswagen|SAIC|NIO)\b"
)
_OPENINGS = re.compile(
    r"^(?:(?:Our|The|This|We|At|For|From|With|By|In|On|And|But|To|Customer|Client|Supplier|Dear|Is|Are|It)\s+)+"
)
_CUSTOMER = re.compile(
    rf"(?:客户|甲方|业主|买方|需方|供应商)(?:名称|名)?(?:[:：]\s*|叫做?|名叫)"
    rf"([{_ZH}]{{2,10}}|[A-Z][\w&-]*(?: [A-Z][\w&-]*){{0,3}})"
    rf"(?=[\s,.;:!?，。；：！？、(]|$)"
)


def named(text: str, names: Iterable[str], kind: Kind) -> Iterator[Span]:
    """Names as they are known, whole or as people shorten them, whatever their case."""
    whole = {halved(one).strip() for one in names}
    if kind is Kind.ENTERPRISE:
        whole |= {core_of(one) for one in whole}
    for name in sorted(whole, key=len, reverse=True):
        if len(name) >= _SHORTEST_NAME:
            edges = r"\b" if name.isascii() else ""
            for found in re.finditer(rf"{edges}{re.escape(name)}{edges}", text, re.IGNORECASE):
                yield Span(found.start(), found.end(), kind)


def core_of(name: str) -> str:
    """What is left of a Chinese enterprise's name without its region, trade and form: 宏达."""
    found = _ENDED.fullmatch(name)
    core = found[1] if found else name
    core = _PLACE.sub("", core)
    left = _GENERIC.split(core)
    return next((one for one in left if len(one) >= _SHORTEST_NAME), "")


def companies(text: str) -> Iterator[Span]:
    for found in _ENDED.finditer(text):
        start = found.start() + _name_begins(found[1])
        name, sure = text[start : found.end(1)], re.fullmatch(_SURE, found[2]) is not None
        if _is_name(name, sure=sure) and (sure or not _ANY.search(text[:start])):
            yield Span(start, found.end(), Kind.COMPANY)
    for found in _ENGLISH.finditer(text):
        opening = _OPENINGS.match(found[0])
        yield Span(found.start() + (opening.end() if opening else 0), found.end(), Kind.COMPANY)
    for rule in (_IN_SMALL, _KNOWN):
        for found in rule.finditer(text):
            yield Span(found.start(), found.end(), Kind.COMPANY)
    for found in _CUSTOMER.finditer(text):
        yield Span(found.start(1), found.end(1), Kind.COMPANY)


def _name_begins(run: str) -> int:
    """Where the name begins in what stands before its ending: at a region, or past the sentence."""
    begins = max((found.end() for found in _CUT.finditer(run)), default=0)
    for place in _PLACES.finditer(run, begins):
        begins = place.start()
    leading = _LEADING.match(run[begins:])
    return begins + (leading.end() if leading else 0)


def _is_name(name: str, *, sure: bool) -> bool:
    """Whether anything but words of trades is left of it."""
    if sure:
        return len(name) >= _SHORTEST_NAME
    name = _PLACES.sub("", name)
    return len(_GENERIC.sub("", name)) >= _SHORTEST_NAME
