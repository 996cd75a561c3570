"""What somebody agreed to stays what it was: other words are another version."""

from hashlib import sha256

import pytest

from bot.cards.render import TEMPLATES
from bot.cards.terms import terms_text
from bot.desk.members import CONSENT_VERSION

# Of each version in each language. Never change one: write the next version instead.
DIGESTS = {
    (1, "zh"): "9e46c7768794ff18",
    (1, "en"): "c572ffa6f221073d",
    (2, "zh"): "7a4f88bdf045f74f",
    (2, "en"): "e9b60ca8a8d42244",
}


@pytest.mark.parametrize(("version", "language"), sorted(DIGESTS))
def test_the_words_of_a_version_never_change(version: int, language: str) -> None:
    text = terms_text(version, language)
    assert sha256(text.encode()).hexdigest()[:16] == DIGESTS[version, language], text


def test_every_version_up_to_the_newest_is_kept_in_both_languages() -> None:
    versions = {int(path.stem) for path in (TEMPLATES / "terms").glob("*.j2")}
    assert versions == set(range(1, CONSENT_VERSION + 1))
    assert set(DIGESTS) == {(number, spoken) for number in versions for spoken in ("zh", "en")}


def test_terms_are_plain_words() -> None:
    for version, language in DIGESTS:
        assert not {"<", ">", "&"} & set(terms_text(version, language))
