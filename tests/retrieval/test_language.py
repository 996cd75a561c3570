import pytest

from retrieval.language import language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("压铸件气孔多", "zh"),
        ("ESP32-S3 的 UART DMA 怎么用", "zh"),
        ("用Python的asyncio和FastAPI做MES", "zh"),
        ("die casting porosity", "en"),
        ("die casting of 铝合金 housings for cars and more", "en"),
        ("Mönchengladbach façade", "en"),
        ("イチゴ栽培", "other"),
        ("зубчатые колёса", "other"),
        ("12345 😀", "other"),
        ("", "other"),
        ("铸" * 100_000, "zh"),
    ],
)
def test_the_script_tells_the_language(text: str, language: str) -> None:
    assert language_of(text) == language
