"""The language of a text by its script: enough for zh and en, the two the desk speaks."""

import re
from typing import Final, Literal

Language = Literal["zh", "en", "other"]

HAN: Final = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]")
LATIN_WORD: Final = re.compile(r"[A-Za-z]+")
KANA_OR_HANGUL: Final = re.compile(r"[\u3040-\u30ff\uac00-\ud7af]")
LETTER: Final = re.compile(r"[^\W\d_]")


def language_of(text: str) -> Language:
    """zh, en or other. Chinese with English terms in it is zh: one Han character says as much
    as half an English word. Text of neither script (Kana, Cyrillic, digits alone) is other."""
    sample = text[:4000]
    if KANA_OR_HANGUL.search(sample):
        return "other"
    han, words = len(HAN.findall(sample)), LATIN_WORD.findall(sample)
    if han and 2 * han >= len(words):
        return "zh"
    letters = len(LETTER.findall(sample))
    return "en" if words and 2 * sum(map(len, words)) >= letters else "other"
