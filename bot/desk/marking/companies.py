"""Names of enterprises: by what ends them, without the words of the sentence around."""

import re
from collections.abc import Iterable, Iterator

from bot.desk.marking.cities import CITIES
from bot.desk.marking.spans import Kind, Span, halved
from knowledge.regions import REGIONS

_ZH = "一-鿿"
# A name of two characters could be a word ("宏达" is not, "材料" is): shorter ones are left alone.
_SHORTEST_NAME = 2
_PLACES = re.compile("|".join(sorted((*REGIONS, *CITIES), key=len, reverse=True)))
_PLACE = re.compile(rf"^(?:(?:{_PLACES.pattern})[省市]?)+")
_SURE = r"(?:集团)?(?:股份)?有限(?:责任)?公司|(?:集团)?股份公司"
_WEAK = (
    r"集团公司|集团(?!军)|总公司|分公司|公司(?!法)|(?:总|分)?厂(?![家商房区长内里外址牌子])|商行"
)
_ENDED = re.compile(rf"([{_ZH}A-Za-z0-9()·&-]{{1,24}}?)({_SURE}|{_WEAK})(?:[{_ZH}]{{2,6}}分公司)?")
# Up to the last of these the sentence goes on; the name begins after it.
_CUT = re.compile(
    r"我们|你们|他们|咱们|供应商|客户|甲方|乙方|业主|买方|卖方|对手|同行|竞争|委托|供货给|供给|卖给|交给|提供给|来自"
    r"|联系|名叫|叫做|叫|一家|两家|三家|几家|这家|那家|该|某|的|了|是|在|给|跟|把|被|让|我|你|您|他|她|这|那|说|去|"
    r"隔壁|附近|所在|负责|属于|配套|合作|采购|进口|生产|代工|外协|外包|送到|拿到"
)
_LEADING = re.compile(
    r"^(?:和|与|同|向|从|由|为|对|及|或|到|找|请|至|有|以|于|等|都|也|就|还|用|由于|因为|图纸|货)+"
)
_GENERIC = re.compile(
    r"铸造|压铸|锻造|热处理|表面处理|加工|机械|机床|模具|电镀|汽车|发电|火电|核电|钢铁|钢|铁|化工|化肥|水泥|纺织|印染|造纸"
    r"|食品|制药|服装|家具|塑料|橡胶|玻璃|陶瓷|电子|五金|零部件|配件|零件|主机|整车|代工|外协|外包|上市|贸易|软件|科技"
    r"|物流|中小|民营|国有|国营|私营|乡镇|本地|当地|下游|上游|设备|材料|冶炼|轧钢|焊接|注塑|冲压|喷涂|检测|第三方|认证|咨询"
    r"|设计|建筑|装修|保险|制造|工程|技术|实业|电池|电机|轴承|轮胎|半导体|芯片|光伏|风电|船|药|电|水|米|酒|糖|茶|工|分|总|子|母|"
    r"小|大|老|新|家|个|本|贵|各|每|多|原|全|外|内|出|进|建|开|办|下|上|整|跨国|外资|合资|外国|国外|国内|中国|行业|龙头|知名|大型"
    r"|小型|中型|一些|很多|许多|有些|别的|其他|另一|整个|集团|厂|车间|金属|合金|铝|铜|镁|钛|粉末|冶金|矿|煤|油|气|石化|炼油|自来|污水|"
    r"垃圾|饲料|养殖|屠宰|肉|奶|面粉|饮料|印刷|包装|纸|木材|木|家电|电器|仪表|仪器|光学|激光|机器人|自动化|供应|维修|修理|服务|租赁"
    r"|销售|运输|快递|广告|投资|担保|银行|专业|专门|母|代理|经销|同类|类似|普通|一般|正规|以前|现在|之前|后来|"
    r"我|做|搞|入|到|找|去|离|回|返|问|验|停|转|搬|换|选|看|管|扩|改|查"
)
_ENGLISH = re.compile(
    r"\b(?!(?:Our|The|This|That|A|An|My|Your|Their|Another|Each|Any)\b)"
    r"(?:[A-Z][\w&'-]*,?\s+(?:of\s+|&\s+|and\s+)?){1,6}"
    r"(?:\((?:[A-Z]\w+)\)\s+)?"
    r"(?:Co\.?,?\s*,?\s?Ltd\b\.?|Co\.|Ltd\b\.?|Limited\b|Inc\b\.?|LLC\b|Corp(?:oration)?\b\.?|GmbH\b|Company\b|Holdings?\b)"
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
        name, ending = text[start : found.end(1)], found[2]
        if _is_name(name, sure=re.fullmatch(_SURE, ending) is not None):
            yield Span(start, found.end(), Kind.COMPANY)
    for found in _ENGLISH.finditer(text):
        opening = _OPENINGS.match(found[0])
        yield Span(found.start() + (opening.end() if opening else 0), found.end(), Kind.COMPANY)
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
