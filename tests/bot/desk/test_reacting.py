"""A reaction shows on the counterpart, or is said in words."""

from bot.delivery.tables import Delivery, Priority
from bot.desk import reacting, receipts, removing, talking, transcribing
from bot.desk.reacting import Reacted
from bot.desk.tables import Message, Receipt
from bot.desk.views import Heard
from tests.bot.desk.conftest import ASKER, MENTORS, NOW, Office


def said(office: Office) -> tuple[Heard, int]:
    """A message of the asker's, and what its copy is called in the mentor's chat."""
    number = office.talk()
    heard = office.heard(ASKER)
    talking.relay(office.session, heard, number, now=NOW)
    office.deliver()
    return heard, office.owed(MENTORS[0])[-1].sent_message or 0


def reactions(office: Office, chat_id: int) -> list[Delivery]:
    return [one for one in office.owed(chat_id) if one.method == "setMessageReaction"]


def receipt_of(office: Office, heard: Heard) -> int:
    message = office.session.get(Message, 1)
    assert message is not None
    office.session.refresh(message)
    assert message.message_id == heard.message_id
    return message.receipt


def test_a_reaction_to_a_copy_shows_on_the_message_it_is_of(office: Office) -> None:
    heard, copy = said(office)
    reacting.react(office.session, Reacted(MENTORS[0], copy, "🔥"), now=NOW)
    (owed,) = reactions(office, ASKER)
    assert owed.values == {"reaction": [{"type": "emoji", "emoji": "🔥"}]}
    assert (owed.reply_chat, owed.reply_message) == (MENTORS[0], copy)
    assert owed.priority == Priority.NOTICE
    assert receipt_of(office, heard) == Receipt.OVERTAKEN


def test_a_reaction_to_ones_own_message_shows_on_its_copy(office: Office) -> None:
    heard, _ = said(office)
    reacting.react(office.session, Reacted(ASKER, heard.message_id, "👍"), now=NOW)
    assert reactions(office, ASKER) == []
    (owed,) = reactions(office, MENTORS[0])
    assert (owed.reply_chat, owed.reply_message) == (ASKER, heard.message_id)


def test_a_reaction_taken_away_leaves_the_receipt_again(office: Office) -> None:
    heard, copy = said(office)
    for emoji in ("🔥", ""):
        reacting.react(office.session, Reacted(MENTORS[0], copy, emoji), now=NOW)
    first, second = reactions(office, ASKER)
    assert second.values["reaction"] == receipts.reaction_of(Receipt.DELIVERED)
    assert first.slot == second.slot
    assert receipt_of(office, heard) == Receipt.DELIVERED


def test_an_emoji_of_ones_own_is_said_in_words_with_the_nearest(office: Office) -> None:
    _, copy = said(office)
    for nearest in ("🦄", ""):
        reacting.react(office.session, Reacted(MENTORS[0], copy, nearest, named=True), now=NOW)
        assert office.last(ASKER, "reacted")["emoji"] == nearest
    assert reactions(office, ASKER) == []


def test_what_telegram_lets_no_bot_set_is_said_in_words(office: Office) -> None:
    _, copy = said(office)
    reacting.react(office.session, Reacted(MENTORS[0], copy, "🦖"), now=NOW)
    (owed,) = reactions(office, ASKER)
    reacting.reaction_refused(office.session, owed, now=NOW)
    assert office.last(ASKER, "reacted")["emoji"] == "🦖"
    (note,) = [one for one in office.owed(ASKER) if one.card == "reacted"]
    assert (note.reply_chat, note.reply_message) == (MENTORS[0], copy)


def test_a_mark_that_cannot_be_taken_away_is_no_news(office: Office) -> None:
    _, copy = said(office)
    reacting.react(office.session, Reacted(MENTORS[0], copy, ""), now=NOW)
    owed = reactions(office, ASKER)[-1]
    owed.values = {"reaction": []}
    reacting.reaction_refused(office.session, owed, now=NOW)
    assert "reacted" not in office.cards(ASKER)


def test_a_reaction_to_a_card_is_for_nobody(office: Office) -> None:
    said(office)
    card = office.shown(MENTORS[0], "accepted_mentor")
    before = len(office.owed(ASKER))
    reacting.react(office.session, Reacted(MENTORS[0], card, "👍"), now=NOW)
    assert len(office.owed(ASKER)) == before


def test_what_stands_on_a_message_stands_in_the_transcript(office: Office) -> None:
    heard, copy = said(office)
    reacting.react(office.session, Reacted(MENTORS[0], copy, "🔥"), now=NOW)
    reacting.react(office.session, Reacted(ASKER, heard.message_id, "👍"), now=NOW)
    (line,) = transcribing.transcript_of(office.session, 1).lines
    assert (line.asker_reaction, line.mentor_reaction) == ("👍", "🔥")
    reacting.react(office.session, Reacted(MENTORS[0], copy, ""), now=NOW)
    (line,) = transcribing.transcript_of(office.session, 1).lines
    assert (line.asker_reaction, line.mentor_reaction) == ("👍", "")


def test_nothing_stands_on_what_was_taken_back(office: Office) -> None:
    heard, copy = said(office)
    reacting.react(office.session, Reacted(MENTORS[0], copy, "🔥"), now=NOW)
    removing.remove(office.session, ASKER, heard.message_id, now=NOW)
    reacting.react(office.session, Reacted(MENTORS[0], copy, "👍"), now=NOW)
    (line,) = transcribing.transcript_of(office.session, 1).lines
    assert (line.removed, line.mentor_reaction) == (True, "")
