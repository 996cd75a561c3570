"""The sections of GB/T 4754-2017, the national classification of industries."""

from typing import NamedTuple


class Section(NamedTuple):
    zh: str
    en: str


SECTIONS = {
    "A": Section("农、林、牧、渔业", "Agriculture, forestry, animal husbandry and fishery"),
    "B": Section("采矿业", "Mining"),
    "C": Section("制造业", "Manufacturing"),
    "D": Section(
        "电力、热力、燃气及水生产和供应业",
        "Production and supply of electricity, heat, gas and water",
    ),
    "E": Section("建筑业", "Construction"),
    "F": Section("批发和零售业", "Wholesale and retail trade"),
    "G": Section("交通运输、仓储和邮政业", "Transport, storage and post"),
    "H": Section("住宿和餐饮业", "Hotels and catering"),
    "I": Section(
        "信息传输、软件和信息技术服务业",
        "Information transmission, software and information technology",
    ),
    "J": Section("金融业", "Finance"),
    "K": Section("房地产业", "Real estate"),
    "L": Section("租赁和商务服务业", "Leasing and business services"),
    "M": Section("科学研究和技术服务业", "Scientific research and technical services"),
    "N": Section(
        "水利、环境和公共设施管理业",
        "Management of water conservancy, environment and public facilities",
    ),
    "O": Section("居民服务、修理和其他服务业", "Services to households, repair and other services"),
    "P": Section("教育", "Education"),
    "Q": Section("卫生和社会工作", "Health and social work"),
    "R": Section("文化、体育和娱乐业", "Culture, sports and entertainment"),
    "S": Section(
        "公共管理、社会保障和社会组织",
        "Public management, social security and social organisations",
    ),
    "T": Section("国际组织", "International organisations"),
}
