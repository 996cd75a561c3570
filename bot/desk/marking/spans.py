"""A marked place in a text, and the text with such places redacted."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

# Full-width letters, digits and signs as their ASCII forms: one character for one.
_HALF = {0xFF01 + n: 0x21 + n for n in range(94)} | {0x3000: 0x20}


class Kind(StrEnum):
    """What something marked looks like."""

    PERSON = "person"
    ENTERPRISE = "enterprise"
    COMPANY = "company"
    PHONE = "phone"
    EMAIL = "email"
    ACCOUNT = "account"
    ID_CARD = "id_card"
    CREDIT_CODE = "credit_code"
    BANK_CARD = "bank_card"
    MONEY = "money"
    DRAWING = "drawing"
    ADDRESS = "address"
    URL = "url"


LABELS = {
    Kind.PERSON: ("姓名", "name"),
    Kind.ENTERPRISE: ("本企业", "our enterprise"),
    Kind.COMPANY: ("企业", "company"),
    Kind.PHONE: ("电话", "phone"),
    Kind.EMAIL: ("邮箱", "e-mail"),
    Kind.ACCOUNT: ("账号", "account"),
    Kind.ID_CARD: ("证件号", "ID number"),
    Kind.CREDIT_CODE: ("信用代码", "credit code"),
    Kind.BANK_CARD: ("银行卡号", "card number"),
    Kind.MONEY: ("金额", "amount"),
    Kind.DRAWING: ("图号", "drawing number"),
    Kind.ADDRESS: ("地址", "address"),
    Kind.URL: ("网址", "link"),
}


@dataclass(frozen=True)
class Span:
    """Characters `start` to `end` (not included) of a text, and what they look like."""

    start: int
    end: int
    kind: Kind

    def of(self, text: str) -> str:
        return text[self.start : self.end]

    def key(self, text: str) -> str:
        """Names what is marked without telling it: a button holds this."""
        return sha256(f"{self.kind}|{self.of(text)}".encode()).hexdigest()[:8]


def halved(text: str) -> str:
    """The text with full-width signs as ASCII, character for character."""
    return text.translate(_HALF)


def redacted(text: str, spans: Iterable[Span], language: str) -> str:
    """The text with a label such as [电话] in the place of each span."""
    for one in sorted(spans, key=lambda span: span.start, reverse=True):
        text = f"{text[: one.start]}[{label(one.kind, language)}]{text[one.end :]}"
    return text


def label(kind: Kind, language: str) -> str:
    """What stands in the place of what was redacted, in the text's language."""
    zh, en = LABELS[kind]
    return en if language == "en" else zh
