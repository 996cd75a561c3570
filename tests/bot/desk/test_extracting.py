"""What of a talk is worth keeping for others."""

import pytest

from bot.desk.extracting import fitting, substantial, weight


@pytest.mark.parametrize(
    "text",
    [
        "浇口速度提到45 m/s，保压加3秒。",
        "先查排气槽有没有堵，再看浇口的位置，多半是卷气",
        "ADC12 380t",
        "Raise the gate velocity and hold the pressure a little longer, then cut one open.",
        "壁厚多少？如果超过4 mm，先把模温降到180度，再把慢压射的切换点往后移十毫米；"
        "气孔还多就在厚壁处加冷却销，同时把保压压力提高百分之二十，您看行吗？",
    ],
)
def test_what_helps_others_is_kept(text: str) -> None:
    assert substantial(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "您好！",
        "好的，谢谢",
        "不客气，祝生产顺利！",
        "收到，稍等",
        "Hello, thank you very much!",
        "OK, got it. Regards",
        "壁厚是多少，压铸机是多少吨的？",
        "😀😀😀",
    ],
)
def test_courtesies_and_questions_back_are_not(text: str) -> None:
    assert not substantial(text)


def test_courtesy_weighs_nothing() -> None:
    assert weight("您好，谢谢，再见") == 0
    assert weight("您好，先查排气") == weight("先查排气") == 4


def test_what_says_most_fits_and_the_order_stays() -> None:
    short, middle, long = "先查排气", "再看浇口速度够不够", "保压压力提高百分之二十，同时延长三秒"
    assert fitting([short, long, middle], 100) == [short, long, middle]
    assert fitting([short, long, middle], len(long) + len(middle) + 4) == [long, middle]
    assert fitting([long], 3) == []
