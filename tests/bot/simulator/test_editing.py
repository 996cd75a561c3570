"""Edits and deletions, by the bot and by people."""

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputMediaDocument
from telegram.error import BadRequest

from bot.simulator.people import SimulatedPerson
from bot.simulator.sending import PICTURE
from bot.simulator.world import World
from tests.bot.simulator.conftest import Clock, Refused

KEYBOARD = InlineKeyboardMarkup([[InlineKeyboardButton("好", callback_data="ok")]])
NOT_MODIFIED = (
    "Message is not modified: specified new message content and reply markup are "
    "exactly the same as a current content and reply markup of the message"
)


async def test_a_text_is_edited_in_place_and_makes_no_update(
    bot: Bot, asker: SimulatedPerson, world: World
) -> None:
    sent = await bot.send_message(asker.id, "查找中", reply_markup=KEYBOARD)
    seen = []
    world.subscribe(lambda event: seen.append(event.kind))
    edited = await bot.edit_message_text(
        "<b>找到了</b>", asker.id, sent.message_id, parse_mode="HTML"
    )
    assert edited is not True
    assert edited.edit_date is not None
    assert edited.reply_markup is None, "an edit without a keyboard takes the keyboard away"
    (message,) = asker.chat.messages
    assert (message.text, message.edited, message.reply_markup) == ("找到了", True, None)
    assert seen == ["edited"]
    assert await bot.get_updates() == ()


async def test_an_edit_that_changes_nothing_is_refused(
    bot: Bot, asker: SimulatedPerson, refused: Refused
) -> None:
    sent = await bot.send_message(asker.id, "<b>一</b>", "HTML", reply_markup=KEYBOARD)
    where = {"chat_id": asker.id, "message_id": sent.message_id}
    with refused(BadRequest, NOT_MODIFIED):
        await bot.edit_message_text(
            "<strong>一</strong> ", parse_mode="HTML", reply_markup=KEYBOARD, **where
        )
    with refused(BadRequest, NOT_MODIFIED):
        await bot.edit_message_reply_markup(reply_markup=KEYBOARD, **where)
    await bot.edit_message_text("一", reply_markup=KEYBOARD, **where)


async def test_a_new_keyboard_alone_is_no_edit_to_people(
    bot: Bot, asker: SimulatedPerson, world: World
) -> None:
    sent = await bot.send_message(asker.id, "选", reply_markup=KEYBOARD)
    seen = []
    world.subscribe(lambda event: seen.append(event.kind))
    await bot.edit_message_reply_markup(asker.id, sent.message_id)
    (message,) = asker.chat.messages
    assert (message.reply_markup, message.edited, seen) == (None, False, ["markup"])


async def test_captions_and_media_are_edited(
    bot: Bot, asker: SimulatedPerson, refused: Refused
) -> None:
    sent = await bot.send_photo(asker.id, PICTURE, caption="一")
    where = {"chat_id": asker.id, "message_id": sent.message_id}
    await bot.edit_message_caption(caption="二", **where)
    assert asker.chat.messages[-1].caption == "二"
    await bot.edit_message_media(InputMediaDocument(b"x", filename="x.txt"), **where)
    assert (asker.chat.messages[-1].kind, asker.chat.messages[-1].caption) == ("document", None)
    with refused(BadRequest, "There is no text in the message to edit"):
        await bot.edit_message_text("三", **where)
    text = await bot.send_message(asker.id, "字")
    with refused(BadRequest, "There is no caption in the message to edit"):
        await bot.edit_message_caption(asker.id, text.message_id, caption="x")


async def test_only_the_bots_own_messages_can_be_edited(
    bot: Bot, asker: SimulatedPerson, refused: Refused
) -> None:
    theirs = asker.send_text("我的")
    with refused(BadRequest, "Message can't be edited"):
        await bot.edit_message_text("x", asker.id, theirs.id)
    with refused(BadRequest, "Message to edit not found"):
        await bot.edit_message_text("x", asker.id, 99)
    mine = await bot.send_message(asker.id, "x")
    with refused(BadRequest, "Message_too_long"):
        await bot.edit_message_text("x" * 4097, asker.id, mine.message_id)


async def test_a_persons_edit_is_told_with_its_date(bot: Bot, asker: SimulatedPerson) -> None:
    question = asker.send_text("问提")
    photo = asker.send_photo(caption="图")
    asker.edit(question, text="问题")
    asker.edit(photo, caption="新图")
    edits = [u.edited_message for u in await bot.get_updates() if u.edited_message]
    assert [(e.message_id, e.text, e.caption) for e in edits] == [
        (question.id, "问题", None),
        (photo.id, None, "新图"),
    ]
    assert all(edit.edit_date is not None for edit in edits)


async def test_a_persons_deletion_is_told_to_nobody(
    bot: Bot, asker: SimulatedPerson, refused: Refused
) -> None:
    question = asker.send_text("问")
    asker.delete(question)
    assert len(await bot.get_updates()) == 1
    with refused(BadRequest, "Message to delete not found"):
        await bot.delete_message(asker.id, question.id)


async def test_the_bot_deletes_in_private_and_only_its_own_in_a_group(
    bot: Bot, asker: SimulatedPerson, world: World, refused: Refused
) -> None:
    theirs = asker.send_text("问")
    await bot.delete_message(asker.id, theirs.id)
    assert theirs.deleted
    group = world.add_group("组", members=[asker])
    said = asker.send_text("聊", chat_id=group.id)
    mine = await bot.send_message(group.id, "x")
    with refused(BadRequest, "Message can't be deleted"):
        await bot.delete_message(group.id, said.id)
    await bot.delete_messages(group.id, [said.id, mine.message_id, 999])
    assert [m.deleted for m in group.messages] == [False, True]


async def test_after_two_days_it_is_too_late_to_delete(
    bot: Bot, asker: SimulatedPerson, clock: Clock, refused: Refused
) -> None:
    sent = await bot.send_message(asker.id, "x")
    clock.time += 48 * 3600 + 1
    with refused(BadRequest, "Message can't be deleted for everyone"):
        await bot.delete_message(asker.id, sent.message_id)
