"""The terms that people agree to, as plain text, by version."""

import re
from html import unescape

from bot.cards.catalogue import locale_of
from bot.cards.render import environment

_TAG = re.compile(r"<[^>]+>")


def terms_text(version: int, language: str) -> str:
    """As somebody read them. Raises jinja2.TemplateNotFound for a version that never was."""
    made = environment(locale_of(language), "UTC")
    text = made.get_template(f"terms/{version}.j2").render()
    return unescape(_TAG.sub("", re.sub(r"\n{2,}", "\n", text))).strip()
