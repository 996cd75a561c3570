"""The texts in each language: gettext catalogues, read as they are edited."""

from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

LOCALES = {"zh": "zh_CN", "en": "en"}
FOLDER = Path(__file__).parent / "locale"


def locale_of(language: str) -> str:
    """The catalogue that serves a language; English for one we do not speak."""
    return LOCALES.get(language, "en")


@cache
def translations(locale: str) -> Translations:
    """The catalogue of one locale. Compiled in memory: there is no build step to forget."""
    path = FOLDER / locale / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as source:
        catalogue = read_po(source, locale=locale)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)
