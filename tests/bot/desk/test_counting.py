"""What an admin sees at a glance."""

from sqlmodel import select

from bot.delivery.tables import Delivery, DeliveryState
from bot.desk import accepting, closing, counting, talking
from tests.bot.desk.conftest import ADMIN, ASKER, DAY, MENTORS, NOW, QUESTION, Office


def test_counts_tell_of_knowledge_people_consultations_and_deliveries(office: Office) -> None:
    office.appoint()
    office.entry("patent-1", "patent")
    number = office.talk()
    talking.relay(office.session, office.heard(ASKER), number, now=NOW)
    closing.settle(office.session, ASKER, number, True, now=NOW)
    second = office.ask()
    office.send(second)
    offer = office.offer(second).id or 0
    accepting.decline(office.session, MENTORS[0], offer, "no_time", DAY, now=NOW)
    office.block(MENTORS[2])
    failed = office.owed(ADMIN) or office.owed(ASKER)
    failed[0].state = DeliveryState.FAILED
    view = counting.counted(office.session, NOW)
    assert (view.entries["expert"], view.entries["patent"]) == (3, 1)
    assert view.people == {"admin": 1, "asker": 1, "liaison": 1, "mentor": 3}
    assert view.here == 5
    assert view.stages == {"offered": 1, "resolved": 1}
    assert view.offers == {"accepted": 1, "declined": 1}
    assert (view.messages, view.appointments, view.failed) == (1, 1, 1)
    assert view.waiting == len(office.session.exec(select(Delivery.id)).all()) - 1


def test_counts_quote_nobody(office: Office) -> None:
    office.talk()
    counting.show_counts(office.session, ADMIN, now=NOW)
    shown = str(office.last(ADMIN, "counts"))
    for words in (QUESTION, "王老板", "宏达", "导师0"):
        assert words not in shown


def test_an_empty_desk_counts_nothing(office: Office) -> None:
    view = counting.counted(office.session, NOW)
    assert (view.stages, view.offers, view.messages) == ({}, {}, 0)


def test_only_admins_see_counts_and_the_administration(office: Office) -> None:
    for look in (counting.show_counts, counting.show_admin):
        look(office.session, ADMIN, now=NOW)
        with office.refuses("not_allowed"):
            look(office.session, ASKER, now=NOW)
    assert office.cards(ADMIN) == ["counts", "admin"]
