"""/delete: the copy is taken back, and its words are kept no longer."""

from datetime import timedelta

from sqlmodel import select

from bot.delivery.tables import Delivery, DeliveryState
from bot.desk import accepting, correcting, failing, removing, talking
from bot.desk.tables import Message, MessageVersion
from bot.desk.views import Heard
from tests.bot.desk.conftest import ASKER, MENTORS, NOW, Office


def said(office: Office, number: int, **more: str) -> Heard:
    heard = office.heard(ASKER, **more)
    talking.relay(office.session, heard, number, now=NOW)
    return heard


def sent(office: Office) -> None:
    office.deliver()
    for owed in office.session.exec(select(Delivery)).all():
        owed.state = DeliveryState.SENT
        office.session.add(owed)
    office.session.flush()


def deletions(office: Office) -> list[int | None]:
    owed = office.owed(MENTORS[0])
    gone = [one.reply_message for one in owed if one.method == "deleteMessage"]
    source = {one.sent_message: one.source_message for one in owed if one.source_message}
    return [source.get(message, message) for message in gone]


def notice(office: Office) -> str:
    code: str = office.last(ASKER, "notice")["code"]
    return code


def test_the_copy_is_taken_back_and_its_writer_learns_what_telegram_hides(office: Office) -> None:
    heard = said(office, office.talk())
    sent(office)
    removing.remove(office.session, ASKER, heard.message_id, now=NOW)
    assert deletions(office) == [heard.message_id]
    assert notice(office) == "deleted"


def test_the_words_and_their_versions_are_kept_no_longer(office: Office) -> None:
    heard = said(office, office.talk())
    correcting.correct(office.session, Heard(ASKER, heard.message_id, "text", "改"), now=NOW)
    removing.remove(office.session, ASKER, heard.message_id, now=NOW)
    message = office.session.exec(select(Message)).one()
    assert (message.text, message.removed_at) == ("", NOW)
    assert office.session.exec(select(MessageVersion)).all() == []


def test_what_was_not_sent_yet_is_not_sent(office: Office) -> None:
    heard = said(office, office.talk())
    removing.remove(office.session, ASKER, heard.message_id, now=NOW)
    (copy,) = [one for one in office.owed(MENTORS[0]) if one.source_message == heard.message_id]
    office.session.refresh(copy)
    assert copy.state is DeliveryState.SUPERSEDED
    assert deletions(office) == []
    assert notice(office) == "deleted_unsent"


def test_what_is_being_sent_at_this_moment_is_taken_back_after_it(office: Office) -> None:
    heard = said(office, office.talk())
    copy = office.owed(MENTORS[0])[-1]
    copy.state = DeliveryState.SENDING
    office.session.add(copy)
    removing.remove(office.session, ASKER, heard.message_id, now=NOW)
    assert deletions(office) == [heard.message_id]
    assert notice(office) == "deleted"


def test_all_parts_of_an_album_go_together(office: Office) -> None:
    number = office.talk()
    parts = [said(office, number, album="9").message_id for _ in range(3)]
    sent(office)
    removing.remove(office.session, ASKER, parts[1], now=NOW)
    assert deletions(office) == parts


def test_what_waits_for_a_mentor_is_not_carried_once_it_was_taken_back(office: Office) -> None:
    number = office.ask()
    office.send(number)
    heard = said(office, number)
    removing.remove(office.session, ASKER, heard.message_id, now=NOW)
    assert notice(office) == "deleted_unsent"
    accepting.accept(office.session, MENTORS[0], office.offer(number).id or 0, now=NOW)
    assert office.copies(MENTORS[0]) == []


def test_what_waits_for_its_writer_to_say_where_is_dropped(office: Office) -> None:
    first, _ = office.talk(0), office.talk(1)
    heard = office.heard(ASKER)
    talking.park(office.session, heard, now=NOW)
    parked = office.last(ASKER, "which")["parked"]
    removing.remove(office.session, ASKER, heard.message_id, now=NOW)
    with office.refuses("settled"):
        talking.settle(office.session, ASKER, parked, first, now=NOW)


def test_a_copy_that_was_corrected_by_another_goes_with_it(office: Office) -> None:
    heard = said(office, office.talk())
    sent(office)
    correcting.correct(office.session, Heard(ASKER, heard.message_id, "sticker"), now=NOW)
    sent(office)
    removing.remove(office.session, ASKER, heard.message_id, now=NOW)
    assert deletions(office) == [heard.message_id] * 2


def test_only_ones_own_message_is_taken_back_and_only_once(office: Office) -> None:
    heard = said(office, office.talk())
    sent(office)
    copy = office.owed(MENTORS[0])[-1].sent_message
    with office.refuses("delete_not_yours"):
        removing.remove(office.session, MENTORS[0], copy, now=NOW)
    for message in (None, 4):
        with office.refuses("delete_how"):
            removing.remove(office.session, ASKER, message, now=NOW)
    removing.remove(office.session, ASKER, heard.message_id, now=NOW)
    with office.refuses("deleted_already"):
        removing.remove(office.session, ASKER, heard.message_id, now=NOW)


def test_what_telegram_does_not_let_a_bot_delete_any_more_is_said(office: Office) -> None:
    heard = said(office, office.talk())
    sent(office)
    removing.remove(office.session, ASKER, heard.message_id, now=NOW + timedelta(days=3))
    owed = next(one for one in office.owed(MENTORS[0]) if one.method == "deleteMessage")
    removing.removal_refused(office.session, owed, now=NOW)
    assert notice(office) == "delete_refused"
    assert office.owed(ASKER)[-1].reply_message == heard.message_id


def test_a_message_that_may_have_arrived_is_taken_back_with_a_doubt(office: Office) -> None:
    heard = said(office, office.talk())
    copy = office.owed(MENTORS[0])[-1]
    copy.state = DeliveryState.UNCERTAIN
    office.session.add(copy)
    failing.uncertain(office.session, copy, "no_answer", now=NOW)
    removing.remove(office.session, ASKER, heard.message_id, now=NOW)
    assert notice(office) == "deleted_doubtful"
