"""A story of three people and a bot that uses most of what the simulator has."""

from __future__ import annotations

from html import escape
from typing import Any

from bot.simulator.messages import SimulatedMessage
from bot.simulator.people import SimulatedPerson
from bot.simulator.sending import PICTURE, AlbumItem
from bot.simulator.server import Simulator
from bot.simulator.world import World
from tests.bot.simulator.clients import Kit, Running

MENTOR = 42
SHEET = "名称,数量\n".encode("gb18030")


# -- the bot's side


async def desk(kit: Kit, update: Any) -> None:
    """What the bot does with an update of any client."""
    if update.callback_query:
        await _pressed(kit, update.callback_query)
    elif update.edited_message:
        await kit.bot.send_message(update.edited_message.chat.id, "Seen the change")
    elif update.message and update.message.photo:
        await _pictured(kit, update.message)
    elif update.message and update.message.text:
        await _told(kit, update.message)


async def _pressed(kit: Kit, press: Any) -> None:
    await kit.bot.answer_callback_query(press.id, text="Noted")
    where = {"chat_id": press.message.chat.id, "message_id": press.message.message_id}
    await kit.bot.edit_message_text(text="What is the trouble?", **where)


async def _pictured(kit: Kit, message: Any) -> None:
    same = await kit.download(message.photo[-1].file_id)
    assert same == PICTURE
    media = [
        kit.types.InputMediaPhoto(media=message.photo[-1].file_id, caption="again"),
        kit.types.InputMediaPhoto(media=message.photo[0].file_id),
    ]
    await kit.bot.send_media_group(message.chat.id, media)
    await kit.bot.forward_message(MENTOR, message.chat.id, message.message_id)


async def _told(kit: Kit, message: Any) -> None:
    acts = {"/start": _greet, "/errors": _fail, "/topic": _open_topic, "/board": _show_board}
    await acts.get(message.text.split()[0], _pass_on)(kit, message)


async def _greet(kit: Kit, message: Any) -> None:
    button = kit.types.InlineKeyboardButton
    rows = [
        [button(text="Ask", callback_data="ask"), button(text="More", url="https://example.org")]
    ]
    await kit.bot.send_message(
        message.chat.id,
        f"<b>Welcome</b>, {escape(message.from_user.first_name)} 🧪 <i>to the desk</i>",
        parse_mode="HTML",
        reply_markup=kit.types.InlineKeyboardMarkup(inline_keyboard=rows),
    )


async def _pass_on(kit: Kit, message: Any) -> None:
    await kit.bot.send_chat_action(message.chat.id, "typing")
    await kit.bot.copy_message(MENTOR, message.chat.id, message.message_id)
    sent = await kit.bot.send_document(
        message.chat.id,
        kit.file(SHEET, "清单.csv"),
        caption="Passed on",
        reply_parameters=kit.types.ReplyParameters(message_id=message.message_id),
    )
    await kit.bot.edit_message_caption(
        chat_id=sent.chat.id, message_id=sent.message_id, caption="Passed on to Chen"
    )
    like = kit.types.ReactionTypeEmoji(emoji="👍")
    await kit.bot.set_message_reaction(message.chat.id, message.message_id, reaction=[like])


async def _show_board(kit: Kit, message: Any) -> None:
    key = kit.types.KeyboardButton
    board = kit.types.ReplyKeyboardMarkup(
        keyboard=[[key(text="Yes"), key(text="My number", request_contact=True)]],
        resize_keyboard=True,
        one_time_keyboard=True,
    )
    await kit.bot.send_message(message.chat.id, "Choose", reply_markup=board)
    first = await kit.bot.send_location(message.chat.id, latitude=30.3, longitude=120.2)
    await kit.bot.delete_message(message.chat.id, first.message_id)
    command = kit.types.BotCommand(command="help", description="How this works")
    await kit.bot.set_my_commands([command])
    assert [one.command for one in await kit.bot.get_my_commands()] == ["help"]


async def _open_topic(kit: Kit, message: Any) -> None:
    group = message.chat.id
    topic = await kit.bot.create_forum_topic(group, name="Castings")
    thread = topic.message_thread_id
    await kit.bot.send_message(group, "In its topic", message_thread_id=thread)
    await kit.bot.close_forum_topic(group, thread)
    member = await kit.bot.get_chat_member(group, message.from_user.id)
    count = await kit.bot.get_chat_member_count(group)
    words = f"🧪 <b>{member.status} <i>and</i></b> <code>{count - 1}</code> more"
    await kit.bot.send_message(group, words, parse_mode="HTML")


async def _fail(kit: Kit, message: Any) -> None:
    """Call what must be refused; say the refusals, which both clients word a little differently."""
    said = await kit.bot.send_message(message.chat.id, "Same")
    where = {"chat_id": said.chat.id, "message_id": said.message_id}
    calls = (
        kit.bot.edit_message_text(text="Same", **where),
        kit.bot.send_message(999, "Nobody"),
        kit.bot.delete_message(message.chat.id, 10_000),
        kit.bot.send_message(message.chat.id, "<b>open", parse_mode="HTML"),
        kit.bot.answer_callback_query("1"),
    )
    refused = 0
    for call in calls:
        try:
            await call
        except kit.error:
            refused += 1
    await kit.bot.send_message(message.chat.id, f"{refused} refused")


# -- the people's side


async def play(simulator: Simulator, client: Running) -> list[str]:
    """Play the story once; what all of the chats hold at its end, a line a message."""
    world = simulator.world
    asker = world.add_person("Li <Wen>", username="li_wen")
    mentor = world.add_person("Chen", user_id=MENTOR, role="mentor", started=True)
    async with client(simulator, desk):
        await _ask(world, asker)
        forum = world.add_group("Programme", forum=True, admins=[mentor], bot_is_admin=True)
        await _picture(world, asker, mentor)
        asker.send_text("/board")
        await world.until(lambda: asker.chat.reply_keyboard)
        asker.tap("My number")
        mentor.send_text("/topic", chat_id=forum.id)
        await world.until(lambda: _texts(forum.messages)[-1:] == ["🧪 creator and 1 more"])
        asker.block_bot()
        asker.unblock_bot()
        asker.send_text("/errors")
        await world.until(lambda: "5 refused" in _texts(asker.chat.messages))
    return [line for chat in (asker.chat, mentor.chat, forum) for line in transcript(chat.messages)]


async def _ask(world: World, asker: SimulatedPerson) -> None:
    asker.start("from_a_poster")
    greeting = await world.until(lambda: asker.chat.messages[1:2])
    press = asker.press(greeting[0], "Ask")
    await world.until(lambda: press.answer and greeting[0].edited)
    question = asker.send_text("Pores in 铝合金 castings 🧪, see https://example.org/a")
    await world.until(lambda: asker.chat.messages[-1].caption == "Passed on to Chen")
    await world.until(lambda: question.reactions)
    asker.edit(question, text="Pores in castings")
    await world.until(lambda: asker.chat.messages[-1].text == "Seen the change")


async def _picture(world: World, asker: SimulatedPerson, mentor: SimulatedPerson) -> None:
    items = [AlbumItem(), AlbumItem("video")]
    asker.send_album(items)
    await world.until(lambda: mentor.chat.messages[-1].forward_origin)
    mentor.react(mentor.chat.messages[-1], "🔥")
    for message in (mentor.send_voice(), mentor.send_sticker("🙏"), mentor.send_location(1, 2)):
        mentor.delete(message)


def _texts(messages: list[SimulatedMessage]) -> list[str | None]:
    return [message.text for message in messages]


def transcript(messages: list[SimulatedMessage]) -> list[str]:
    """A line a message: who, what kind, what text, and what is attached to it."""
    return [_line(message) for message in messages if not message.deleted]


def _line(message: SimulatedMessage) -> str:
    parts = ["bot" if message.from_bot else message.sender["first_name"], message.kind]
    parts.append(repr(message.text or message.caption or ""))
    marks = ",".join(f"{e['type']}@{e['offset']}+{e['length']}" for e in message.entities)
    keys = ",".join(button["text"] for button in message.inline_buttons)
    for name, value in (
        ("marks", marks),
        ("keys", keys),
        ("answers", message.reply_to and (message.reply_to.text or message.reply_to.kind)),
        ("edited", message.edited and "yes"),
        ("album", message.album_id and "yes"),
        ("forwarded", message.forward_origin and message.forward_origin["type"]),
        ("thread", message.thread_id and "yes"),
    ):
        if value:
            parts.append(f"{name}={value}")
    return " ".join(parts)
