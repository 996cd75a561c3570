"""Working hours and where they are kept, as people read them."""

from babel import Locale
from babel.dates import get_day_names, get_timezone_location

from bot.cards.catalogue import locale_of, translations
from bot.cards.words import N_
from bot.worktime import Week, clock

_ALWAYS, _EVERY_DAY, _FROM_TO = N_("at any time"), N_("every day"), N_("%(first)s to %(last)s")


def week_words(written: str, language: str) -> str:
    """Of a bot.worktime.Week, or of none: Mon to Fri 09:00-18:00."""
    gettext = translations(locale_of(language)).ugettext
    week = Week.of(written)
    if week is None:
        return gettext(_ALWAYS)
    days = gettext(_EVERY_DAY) if len(week.days) == 7 else _days(week, language)
    return f"{days} {clock(week.opens)}-{clock(week.closes)}"


def city(zone: str, language: str) -> str:
    return get_timezone_location(zone, locale=Locale.parse(locale_of(language)), return_city=True)


def _days(week: Week, language: str) -> str:
    locale = locale_of(language)
    gettext, names = translations(locale).ugettext, get_day_names("abbreviated", locale=locale)
    parts = []
    for first, last in week.runs():
        if last - first > 1:
            parts.append(gettext(_FROM_TO) % {"first": names[first], "last": names[last]})
        else:
            parts += [names[day] for day in range(first, last + 1)]
    return ("、" if language == "zh" else ", ").join(parts)
