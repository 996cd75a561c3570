"""Working hours are read as people type them, whole or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.typed_hours import Typed, hours_in
from bot.desk.zones import zone_named
from bot.worktime import Week

OFFICE = Week.of("Mon-Fri 09:00-18:00")


@pytest.mark.parametrize(
    ("typed", "week"),
    [
        ("Mon-Fri 9-17:30", "Mon-Fri 09:00-17:30"),
        ("周一至周五 9:00-17:30", "Mon-Fri 09:00-17:30"),
        ("周一到周五，9点到17点半", "Mon-Fri 09:00-17:30"),
        ("星期一至星期五 上午9点到下午5点30分", "Mon-Fri 09:00-17:30"),
        ("周一～周五 ９：００～１７：３０", "Mon-Fri 09:00-17:30"),
        ("周一三五 14:00-18:00", "Mon,Wed,Fri 14:00-18:00"),
        ("周二、周四 8.30-12", "Tue,Thu 08:30-12:00"),
        ("monday to thursday, 9am to 5pm", "Mon-Thu 09:00-17:00"),
        ("Tue, Wed and Fri 10-16", "Tue-Wed,Fri 10:00-16:00"),
        ("Sun-Thu 8-16", "Mon-Thu,Sun 08:00-16:00"),
        ("weekdays 9-5", "Mon-Fri 09:00-17:00"),
        ("工作日 8-17", "Mon-Fri 08:00-17:00"),
        ("周末 10-12", "Sat-Sun 10:00-12:00"),
        ("每天 0-24", "Mon-Sun 00:00-24:00"),
        ("12am-12pm", "Mon-Fri 00:00-12:00"),
        ("10-16", "Mon-Fri 10:00-16:00"),
        ("周一至周六", "Mon-Sat 09:00-18:00"),
        ("Mon-Fri 9:00-17:30", "Mon-Fri 09:00-17:30"),
    ],
)
def test_hours_are_read_in_both_languages(typed: str, week: str) -> None:
    said = hours_in(typed)
    assert said is not None
    assert str(said.week(OFFICE)) == week
    assert said.zone is None


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Europe/London", "Europe/London"),
        ("america/new_york", "America/New_York"),
        ("Berlin", "Europe/Berlin"),
        ("柏林", "Europe/Berlin"),
        ("柏林时间", "Europe/Berlin"),
        ("伦敦", "Europe/London"),
        ("慕尼黑", "Europe/Berlin"),
        ("北京", "Asia/Shanghai"),
        ("武汉市", "Asia/Shanghai"),
        ("San Francisco", "America/Los_Angeles"),
        ("纽约", "America/New_York"),
        ("Mon-Fri 9-17 London", "Europe/London"),
        ("周一至周五 9:00-17:30（柏林）", "Europe/Berlin"),
        ("随时 东京", "Asia/Tokyo"),
    ],
)
def test_a_place_is_read_alone_or_after_the_hours(typed: str, zone: str) -> None:
    said = hours_in(typed)
    assert said is not None
    assert said.zone == zone


@pytest.mark.parametrize("typed", ["any time", "Anytime", "随时", "24/7", "任何时间"])
def test_any_time_is_said_in_several_ways(typed: str) -> None:
    assert hours_in(typed) == Typed(always=True)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "soon",
        "18-9:00",
        "22:00-6:00",
        "9:00-9:00 am",
        "9-25",
        "9:75-17",
        "Mon-Fri 9-17 Atlantis",
        "perhaps Mon-Fri 9-17",
        "周一至周五 9-17 左右",
        "9-17:305",
        "-",
        "any time, perhaps",
        "9-12, 14-18",
        "Mars/Olympus",
    ],
)
def test_what_can_not_be_read_whole_is_not_guessed(typed: str) -> None:
    assert hours_in(typed) is None


@given(st.text(max_size=40) | st.text("一二三四五六日周至到点半MonFri0123456789:-, ", max_size=40))
def test_whatever_is_typed_is_read_or_refused(typed: str) -> None:
    said = hours_in(typed)
    if said is not None:
        assert said.always or said.zone or said.week(OFFICE)


@given(st.sampled_from(["Europe/London", "Asia/Shanghai", "America/Argentina/Ushuaia"]))
def test_every_zone_is_known_by_its_own_name(zone: str) -> None:
    assert zone_named(zone) == zone


def test_who_says_less_keeps_the_rest() -> None:
    said = hours_in("10-16")
    assert said is not None
    assert str(said.week(Week.of("Tue 09:00-12:00"))) == "Tue 10:00-16:00"
    assert str(said.week(None)) == "Mon-Fri 10:00-16:00"
