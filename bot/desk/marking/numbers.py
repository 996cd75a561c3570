"""Numbers that name a person, an account or a sum; where a checksum is known, it must hold."""

import re
from collections.abc import Callable, Iterator
from datetime import date

from bot.desk.marking.spans import Kind, Span

_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_ID_CARD = re.compile(r"(?<![0-9A-Za-z])\d{17}[\dXx](?![0-9A-Za-z])")
_ID_SAID = re.compile(r"身份证(?:号码|号)?\s*[:：]?\s*(\d{15,17}[\dXx]?)")
_CREDIT = re.compile(r"(?<![0-9A-Za-z])[0-9A-HJ-NPQRTUWXY]{18}(?![0-9A-Za-z])")
_CARD = re.compile(r"(?<![\dA-Za-z.-])[3-6]\d{3}(?:[ -]?\d{4}){2,3}(?:[ -]?\d{1,4})?(?![\dA-Za-z])")
_MOBILE = re.compile(r"(?<![\d.A-Za-z])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?![\dA-Za-z])")
_LANDLINE = re.compile(
    r"(?<![\d.A-Za-z/-])(?:\(0\d{2,3}\)\s?|(?:\+?86[- ])?0?[1-9]\d{1,2}-|0\d{2,3}[- ]?)"
    r"[2-8]\d{6,7}(?:[-转]\d{1,5})?(?![\dA-Za-z])"
)
_HOTLINE = re.compile(
    r"(?<![\d.A-Za-z-])[48]00-?\d{3}-?\d{4}(?![\dA-Za-z])|[48]00-\d{4}-\d{3}(?!\d)"
)
_ABROAD = re.compile(r"(?<![\dA-Za-z])\+\d{1,3}[ -]?(?:\(?\d{1,5}\)?[ -]?){2,5}\d(?!\d)")
_CALLED = re.compile(
    r"(?:电话|座机|传真|手机|热线|[Tt]el|[Pp]hone|[Ff]ax|[Mm]obile)\.?(?:号码?|是)?\s*[:：]?\s*"
    r"(\+?\d[\d -]{5,16}\d)"
)
_ACCOUNT = re.compile(
    r"(?:微信|[Ww]e[Cc]hat|WeChat ID|\b[Qq][Qq]|[Tt]elegram|Skype)(?:号|账号|群)?(?:是|为|\s+is)?"
    r"\s*[:：]?\s*(@?[A-Za-z][\w-]{5,19}|[1-9]\d{4,11})(?![\w-])"
)
_DRAWING = re.compile(
    r"(?:图纸编号|图纸号|零件图号|图号|零件号|物料编码|物料号|料号|件号|合同编号|合同号|订单编号"
    r"|订单号|[Dd]rawing (?:[Nn]o\.?|[Nn]umber)|[Dd]wg\.?(?: ?[Nn]o\.?)?"
    r"|[Pp]art (?:[Nn]o\.?|[Nn]umber)"
    r"|P/N|[Cc]ontract (?:[Nn]o\.?|[Nn]umber)|[Oo]rder (?:[Nn]o\.?|[Nn]umber))"
    r"\s*(?:[:：#]|为|是|\bis\b)?\s*([A-Za-z0-9][A-Za-z0-9._/-]{2,}[A-Za-z0-9])"
)
# Without the words that say so: letters and figures with a hyphen, but no standard.
_DRAWN = re.compile(
    r"(?:图纸|[Dd]rawings?)\s?[:：]?\s?"
    r"((?!GB|ISO|DIN|JIS|ASTM|EN\b|HB|QC|JB)(?=[A-Z0-9-]*\d)[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)+)"
)
_NUMERALS = "〇零一二两三四五六七八九十百千万亿几数半"
# After "元" (and "块") these make a word of chemistry, of mathematics or of machines.
_NO_MONEY = r"(?![素件器醇酸体系合锂乙材高共相结胺次方的力聚催化杂非铝镁钛])"
_SCALE = r"(?:\s?(?:万亿|[十百千]?万|亿|千|百|[Kk](?![A-Za-z])|[Mm](?:illion|n)?\b|[Bb]illion\b))?"
_MONEY = (
    re.compile(
        rf"(?:[¥￥€£]|(?:US|HK)?\$|\b(?:RMB|CNY|USD|EUR)\b|人民币)\s?\d[\d,]{{0,14}}(?:\.\d+)?{_SCALE}"
        r"(?:\s?(?:元|美元|欧元))?"
    ),
    re.compile(
        rf"(?<![\d.A-Za-z])\d[\d,]{{0,14}}(?:\.\d+)?(?:\s?[-~到至]\s?\d[\d,]{{0,14}}(?:\.\d+)?)?\s?[多余几]?{_SCALE}"
        r"[多余]?\s?(?:元|块钱?|美元|美金|欧元|日元|港[元币]|人民币|(?:RMB|CNY|USD|EUR)\b"
        rf"|(?:yuan|dollars?|euros?)\b){_NO_MONEY}"
    ),
    re.compile(rf"[{_NUMERALS}]*[十百千万亿][多余]?(?:元|块钱?|美元|美金|欧元){_NO_MONEY}"),
    re.compile(rf"[{_NUMERALS}]+块钱"),
)
_PRICED = re.compile(
    r"(?:预算|报价|价格|单价|售价|成本|造价|投资|投入|货款|合同额|合同金额|营业额|营收|产值|销售额"
    r"|利润|罚款|赔偿?|损失|采购价|花了?|最多出|愿意出|罚|亏)(?:大概|大约|约|了|到|在|是|为|有|就|了|将近|不到|超过|每年|一年|:|：|\s){0,4}"
    rf"(\d[\d,]{{0,14}}(?:\.\d+)?(?:[-~到至]\d[\d.,]*)?\s?[多余几]?(?:[十百千]?[万亿]|[Ww](?![A-Za-z0-9]))|[{_NUMERALS}]*[万亿])"
    r"(?![次件台套个只吨片根米辆支条张转小公升千克份人])"
)


def numbers(text: str) -> Iterator[Span]:
    """The surest first: those with a checksum, then those that are said to be what they are."""
    yield from _whole(_EMAIL, Kind.EMAIL, text)
    yield from _whole(_ID_CARD, Kind.ID_CARD, text, is_id_card)
    yield from _said(_ID_SAID, Kind.ID_CARD, text)
    yield from _whole(_CREDIT, Kind.CREDIT_CODE, text, is_credit_code)
    yield from _said(_DRAWING, Kind.DRAWING, text, lambda value: any(map(str.isdigit, value)))
    yield from _said(_DRAWN, Kind.DRAWING, text)
    yield from _whole(_CARD, Kind.BANK_CARD, text, is_bank_card)
    for rule in (_MOBILE, _HOTLINE, _LANDLINE, _ABROAD):
        yield from _whole(rule, Kind.PHONE, text)
    yield from _said(_CALLED, Kind.PHONE, text)
    yield from _said(_ACCOUNT, Kind.ACCOUNT, text)
    for rule in _MONEY:
        yield from _whole(rule, Kind.MONEY, text)
    yield from _said(_PRICED, Kind.MONEY, text)


def is_id_card(written: str) -> bool:
    """GB 11643: a date of birth, and the last character by ISO 7064 MOD 11-2."""
    try:
        date(int(written[6:10]), int(written[10:12]), int(written[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(written[:17]))
    return "10X98765432"[total % 11] == written[17].upper()


def is_credit_code(written: str) -> bool:
    """GB 32100: 31 characters, the last by weights of powers of 3 modulo 31."""
    signs = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    total = sum(signs.index(sign) * pow(3, place, 31) for place, sign in enumerate(written[:17]))
    return signs[-total % 31] == written[17]


def is_bank_card(written: str) -> bool:
    """ISO/IEC 7812: 13 to 19 digits, the last by Luhn's rule."""
    digits = [int(sign) for sign in written if sign.isdigit()]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
    return 13 <= len(digits) <= 19 and (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def _whole(
    rule: re.Pattern[str], kind: Kind, text: str, holds: Callable[[str], bool] = bool
) -> Iterator[Span]:
    for found in rule.finditer(text):
        if holds(found[0]):
            yield Span(found.start(), found.start() + len(found[0].rstrip()), kind)


def _said(
    rule: re.Pattern[str], kind: Kind, text: str, holds: Callable[[str], bool] = bool
) -> Iterator[Span]:
    """The first group alone: the words before it say what it is, and stay."""
    for found in rule.finditer(text):
        if holds(found[1]):
            yield Span(found.start(1), found.end(1), kind)
