"""Greetings and thanks are answered, and are no questions."""

from datetime import timedelta

import pytest

from bot.desk import closing, courtesies, onboarding, routing
from bot.desk.tables import Awaiting
from tests.bot.desk.conftest import ASKER, NOW, Office

NEWCOMER = 909


@pytest.mark.parametrize(
    "text",
    [
        *(
            "谢谢",
            "谢谢老师！",
            "好的，收到",
            "非常感谢您",
            "嗯嗯 👍",
            "你好",
            "在吗？",
            "辛苦了🙏",
        ),
        *("Thanks!", "thank you very much", "OK, got it", "Hello?", "hi there", "Good morning"),
    ],
)
def test_what_is_only_polite_is_no_question(text: str) -> None:
    assert courtesies.is_courtesy(text)


@pytest.mark.parametrize(
    "text",
    [
        *("谢谢，那铸铁呢", "老师", "你好，铝件有气孔", "好氧池泡沫多", "", "👍", "行星齿轮断齿"),
        *("thanks, and cast iron?", "there", "hit rate of the die", "okay brass burrs"),
    ],
)
def test_what_says_more_is_left_to_be_asked(text: str) -> None:
    assert not courtesies.is_courtesy(text)


def test_thanks_for_what_has_ended_offer_to_reopen_it(office: Office) -> None:
    number = office.talk()
    closing.settle(office.session, ASKER, number, True, now=NOW)
    courtesies.answer(office.session, office.heard(ASKER, "谢谢"), now=NOW + timedelta(days=1))
    assert office.last(ASKER, "courtesy") == {"consultation": number}
    courtesies.answer(office.session, office.heard(ASKER, "谢谢"), now=NOW + timedelta(days=8))
    assert office.last(ASKER, "courtesy") == {"consultation": 0}


def test_a_greeting_is_nobodys_enterprise(office: Office) -> None:
    office.join(NEWCOMER, "新客", "asker")
    onboarding.await_text(office.session, NEWCOMER, Awaiting.ENTERPRISE)
    assert routing.route(office.session, office.heard(NEWCOMER, "你好")).to == "question"
    assert routing.route(office.session, office.heard(NEWCOMER, "你好机械厂")).to == "form"


def test_a_greeting_before_consent_is_not_asked(office: Office) -> None:
    onboarding.arrive_with(office.session, office.heard(NEWCOMER, "你好"), "新客", "zh", now=NOW)
    assert onboarding.waiting_text(office.session, NEWCOMER) is None
    asked = office.heard(NEWCOMER, "铝件有气孔怎么办")
    onboarding.arrive_with(office.session, asked, "新客", "zh", now=NOW)
    waiting = onboarding.waiting_text(office.session, NEWCOMER)
    assert waiting is not None
    assert waiting.text == "你好\n铝件有气孔怎么办"
