"""Names of people: a surname with a title, or a name where one is announced."""

import re
from collections.abc import Iterator

from bot.desk.marking.spans import Kind, Span

_ZH = "一-鿿"
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆"
    "范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔汤常温康施牛樊葛邢安齐伍庞颜倪"
    "庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮纪梅童凌毕单裴霍成苗谷曲盛冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈"
    "饶解牟艾尤穆司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬卞姬师仇栾隋商刁沙荣巫寇桑郎"
    "甄丛仲虞敖巩佘池查麻苑迟邝封谈匡鞠惠荆乐冀郁胥南班储芮蔺"
)
_DOUBLE = "欧阳|司马|上官|诸葛|司徒|东方|令狐|皇甫|尉迟|公孙|慕容|端木|夏侯|长孙"
# Surnames that stand in the middle of words of the trade: they count after a mark or a small word.
_RARE = set(
    "于和高方任时成金石水车包费施全平安常白明温江关万单项盛管应丁段左连原从有毕南乐路华章游米古司房解简席师商查封"
)
_LONG_TITLES = (
    "先生|女士|小姐|总经理|副总经理|经理|总工程师|工程师|总工|高工|厂长|副厂长|车间主任|主任|老板|老板娘|教授|副教授|老师|博士"
    "|师傅|院士|董事长|董事|总监|主管|书记|科长|处长|部长|局长|院长|所长|副总裁|总裁|副总|组长|班长|同学|医生|律师|会计|秘书|董"
)
_BOUND = r"(?:^|(?<=[^一-鿿])|(?<=[是由跟和与找请问给让向的叫您被同对联系约见了到]))"
_BEGINS = re.compile(_BOUND)
_TITLED = re.compile(
    rf"((?:{_DOUBLE})|[{_SURNAMES}高])([{_ZH}]{{0,2}}?)({_LONG_TITLES})(?![{_ZH}]?[模长]圈)"
)
# "王总说", "找张工", never 于总体 or 施工.
_SHORT = re.compile(
    rf"{_BOUND}((?:{_DOUBLE})|[{_SURNAMES}高])(总|工)"
    r"(?=$|[^一-鿿]|说|问|那|这|和|的|在|您|你|好|也|已|让|要|来|给|是|负责|手机|电话|联系|反映|提|觉得|认为)"
)
_NO_TITLE = {
    "高工",
    "施工",
    "金工",
    "车工",
    "包工",
    "费工",
    "全工",
    "石工",
    "水工",
    "时工",
    "安工",
    "万总",
    "全总",
    "成总",
    "管工",
    "常工",
}
_NOT_PEOPLE = {
    "项目经理",
    "江南",
    "安全主管",
    "安全总监",
    "安全工程师",
    "成品主管",
    "成本会计",
    "管理博士",
    "常务董事",
    "方案工程师",
}
_ANNOUNCED = re.compile(
    r"(?:联系人|负责人|姓名|经办人|收件人|署名|签名|操作工|技术员|当事人|对接人)(?:是|为|叫)?\s*[:：]?\s*"
    rf"((?:{_DOUBLE})[{_ZH}]{{1,2}}|[{_SURNAMES}高][{_ZH}]{{1,2}}?)(?=[^{_ZH}]|$|电话|手机|联系|先生|女士|微信)"
)
_CALLED = re.compile(
    rf"(?:我叫|名叫|名字叫|我的名字是|我是|本人)\s*((?:{_DOUBLE})[{_ZH}]{{1,2}}|[{_SURNAMES}高][{_ZH}]{{1,2}})"
    rf"(?=[^{_ZH}]|$)"
)
_BEFORE_PHONE = re.compile(
    rf"(?:^|(?<=[^{_ZH}]))((?:{_DOUBLE})[{_ZH}]{{1,2}}|[{_SURNAMES}高][{_ZH}]{{1,2}})[\s,:(]{{0,3}}(?:手机|电话)?[\s:]{{0,2}}"
    r"(?=(?:\+?86[- ]?)?1[3-9]\d)"
)
_AFTER_PHONE = re.compile(
    rf"(?<=1[3-9]\d{{9}})[\s,]{{1,2}}((?:{_DOUBLE})[{_ZH}]{{1,2}}|[{_SURNAMES}高][{_ZH}]{{1,2}})(?=[^{_ZH}]|$)"
)
_SOUGHT = re.compile(
    rf"(?:请找|找|联系|问)((?:{_DOUBLE})[{_ZH}]{{1,2}}|[{_SURNAMES}高][{_ZH}]{{1,2}}?)"
    r"(?=就行|就好|就可以|即可|本人)"
)
# 老李, 小王: with the commonest surnames, where somebody speaks or is spoken of.
_FAMILIAR = re.compile(
    r"(?:^|(?<=[^一-鿿])|(?<=[是由跟和找请问给让向叫同]))[老小阿]"
    r"[王李张刘陈杨赵吴周徐孙马朱胡郭林何罗梁宋郑谢韩唐冯董萧程曹袁邓许傅沈曾彭吕]"
    r"(?=说|讲|问|让|反映|觉得|负责|的电话|[,.;!?:]|$)"
)
_ROLES = set(
    re.findall(
        r"..",
        "高工高管安全管理金属车间石油江苏路桥施工师傅厂长高压高温方案项目成本华东华南华北"
        "南方北方商家电话张力常用关主班组谢谢方便有空周末周一周二周三周四周五周六周日明天白天单位温度",
    )
)
_EN_TITLED = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Dr|Prof|Professor|Engineer|Manager|Director)\.?\s+"
    r"([A-Z][a-z]+(?:[ -][A-Z][a-z]+){0,2})"
)
_EN_CALLED = re.compile(
    r"\b(?:[Mm]y name is|[Cc]ontact(?: person)?(?: is)?\s*:?|[Rr]egards,|[Ss]incerely,|I am|I'm)\s+"
    r"([A-Z][a-z]+ [A-Z][a-z]+)(?=$|[\s,.;!?)])(?! (?:Co|Ltd|Inc|GmbH|Corp|Company)\b)"
)
_NO_EN_NAME = re.compile(
    r"\b(?:Of|The|And|For|Department|Office|Team|Sales|Plant|Works|Factory|Engineer|Manager|Die|Steel)\b"
    r"|^He Ne$"
)
_VOWELS = (
    "iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|ai|ei|ui|ao|ou|iu|ie|ue|an|en|in|un|ia|ua|uo"
    "|a|o|e|i|u"
)
_PINYIN = re.compile(
    r"\b((?:Wang|Li|Zhang|Liu|Chen|Yang|Huang|Zhao|Wu|Zhou|Xu|Sun|Ma|Zhu|Hu|Guo|He|Lin|Luo|Zheng"
    r"|Liang|Xie|Tang|Feng|Deng|Cao|Peng|Zeng|Xiao|Tian|Dong|Pan|Yuan|Cai|Jiang|Yu|Du|Ye|Cheng|Wei"
    r"|Su|Lu|Ding|Ren|Yao|Shen|Zhong|Qian|Cui|Tan|Fan|Wan|Liao|Shi|Jia|Xia|Fu|Fang|Zou|Xiong|Bai"
    r"|Meng|Qin|Qiu|Hou|Yin|Xue|Yan|Duan|Tao|Hao|Gu|Shao) "
    rf"(?:[ZCS]h|[BPMFDTNLGKHJQXRZCSYW])?(?:{_VOWELS})"
    rf"(?:(?:[zcs]h|[bpmfdtnlgkhjqxrzcsyw])?(?:{_VOWELS}))?)\b(?! [a-z]*(?:alloy|steel))"
)


def persons(text: str) -> Iterator[Span]:
    for found in _TITLED.finditer(text):
        if _is_person(text, found.start(), found[1], found[0]):
            yield Span(found.start(), found.end(), Kind.PERSON)
    for found in _SHORT.finditer(text):
        if found[0] not in _NO_TITLE:
            yield Span(found.start(), found.end(), Kind.PERSON)
    for found in _FAMILIAR.finditer(text):
        yield Span(found.start(), found.end(), Kind.PERSON)
    for rule in (_ANNOUNCED, _CALLED, _BEFORE_PHONE, _AFTER_PHONE, _SOUGHT):
        for found in rule.finditer(text):
            if found[1][:2] not in _ROLES:
                yield Span(found.start(1), found.end(1), Kind.PERSON)
    for rule in (_EN_TITLED, _EN_CALLED, _PINYIN):
        for found in rule.finditer(text):
            if not _NO_EN_NAME.search(found[1]):
                yield Span(found.start(1), found.end(1), Kind.PERSON)


def _is_person(text: str, start: int, surname: str, whole: str) -> bool:
    """Not a word of the trade that only begins like a surname (项目经理, 安全主管)."""
    if whole in _NOT_PEOPLE or whole in _NO_TITLE or whole[:2] in _ROLES:
        return False
    rare = surname in _RARE or surname == "高"
    return not rare or _BEGINS.match(text, start) is not None
