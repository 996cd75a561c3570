"""What the bot sends, as it comes back and as the person sees it."""

import pytest
from telegram import (
    Bot,
    ForceReply,
    InputMediaDocument,
    InputMediaPhoto,
    InputPollOption,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    ReplyParameters,
)
from telegram.error import BadRequest

from bot.simulator.people import SimulatedPerson
from bot.simulator.sending import PICTURE
from bot.simulator.server import Simulator
from bot.simulator.world import World
from tests.bot.simulator.conftest import Api, Refused


async def test_limits_are_counted_after_entities_are_parsed(
    bot: Bot, asker: SimulatedPerson, refused: Refused
) -> None:
    await bot.send_message(asker.id, f"<b>{'字' * 4096}</b>", parse_mode="HTML")
    with refused(BadRequest, "Message is too long"):
        await bot.send_message(asker.id, "字" * 4097)
    await bot.send_photo(asker.id, PICTURE, caption=f"<b>{'字' * 1024}</b>", parse_mode="HTML")
    with refused(BadRequest, "Message caption is too long"):
        await bot.send_photo(asker.id, PICTURE, caption="字" * 1025)
    with refused(BadRequest, "Text must be non-empty"):
        await bot.send_message(asker.id, "<b> </b>", parse_mode="HTML")


async def test_a_reply_names_what_it_answers_and_quotes_it(
    bot: Bot, asker: SimulatedPerson, refused: Refused
) -> None:
    question = asker.send_text("铝合金焊接开裂怎么办？")
    reply = ReplyParameters(question.id, quote="焊接开裂")
    answer = await bot.send_message(asker.id, "看保护气", reply_parameters=reply)
    assert answer.reply_to_message is not None
    assert answer.reply_to_message.text == question.text
    assert answer.quote is not None
    assert (answer.quote.text, answer.quote.position) == ("焊接开裂", 3)
    assert asker.chat.messages[-1].reply_to is question
    with refused(BadRequest, "Quote_text_invalid"):
        wrong = ReplyParameters(question.id, quote="别的")
        await bot.send_message(asker.id, "x", reply_parameters=wrong)


async def test_a_reply_to_nothing_is_refused_unless_allowed(
    bot: Bot, asker: SimulatedPerson, refused: Refused
) -> None:
    with refused(BadRequest, "Message to be replied not found"):
        await bot.send_message(asker.id, "x", reply_parameters=ReplyParameters(99))
    allowed = ReplyParameters(99, allow_sending_without_reply=True)
    sent = await bot.send_message(asker.id, "x", reply_parameters=allowed)
    assert sent.reply_to_message is None


async def test_a_persons_reply_and_quote_reach_the_bot(bot: Bot, asker: SimulatedPerson) -> None:
    sent = await bot.send_message(asker.id, "😀 请选择导师")
    asker.send_text("这个", reply_to=sent.message_id, quote="导师")
    update = (await bot.get_updates())[-1]
    assert update.message is not None
    assert update.message.reply_to_message is not None
    assert update.message.reply_to_message.message_id == sent.message_id
    assert update.message.quote is not None
    assert (update.message.quote.text, update.message.quote.position) == ("导师", 6)


async def test_places_contacts_dice_and_polls_are_sent(bot: Bot, asker: SimulatedPerson) -> None:
    await bot.send_location(asker.id, 30.27, 120.15)
    await bot.send_venue(asker.id, 30.27, 120.15, "实验室", "浙大路 38 号")
    await bot.send_contact(asker.id, "+8613800000000", "张")
    await bot.send_dice(asker.id)
    options = [InputPollOption("是"), InputPollOption("否")]
    poll = await bot.send_poll(asker.id, "解决了吗？", options)
    assert poll.poll is not None
    assert [option.text for option in poll.poll.options] == ["是", "否"]
    kinds = [message.kind for message in asker.chat.messages]
    assert kinds == ["location", "venue", "contact", "dice", "poll"]


async def test_typing_and_drafts_are_events_and_no_messages(
    bot: Bot, world: World, asker: SimulatedPerson, refused: Refused
) -> None:
    seen = []
    stop = world.subscribe(lambda event: seen.append((event.kind, event.detail)))
    await bot.send_chat_action(asker.id, "typing")
    await bot.send_message_draft(asker.id, 7, "<b>正在</b>写", parse_mode="HTML")
    stop()
    await bot.send_chat_action(asker.id, "typing")
    assert [kind for kind, _ in seen] == ["action", "draft"]
    assert seen[0][1]["action"] == "typing"
    assert (seen[1][1]["draft_id"], seen[1][1]["text"]) == (7, "正在写")
    assert asker.chat.messages == []
    with refused(BadRequest, "Wrong parameter action in request"):
        await bot.send_chat_action(asker.id, "dancing")


async def test_reply_keyboards_stay_until_removed(bot: Bot, asker: SimulatedPerson) -> None:
    await bot.send_message(asker.id, "选", reply_markup=ReplyKeyboardMarkup([["中文", "English"]]))
    assert asker.chat.reply_keyboard is not None
    asker.tap("English")
    assert asker.chat.messages[-1].text == "English"
    with pytest.raises(ValueError, match="has no button '日本語'"):
        asker.tap("日本語")
    await bot.send_message(asker.id, "好", reply_markup=ReplyKeyboardRemove())
    assert asker.chat.reply_keyboard is None
    await bot.send_message(asker.id, "写", reply_markup=ForceReply())
    assert asker.chat.messages[-1].reply_markup == {"force_reply": True}


async def test_an_album_has_two_to_ten_items_under_one_id(
    bot: Bot, api: Api, asker: SimulatedPerson
) -> None:
    photos = [InputMediaPhoto(PICTURE, caption=str(number)) for number in range(3)]
    sent = await bot.send_media_group(asker.id, photos)
    assert len({message.media_group_id for message in sent}) == 1
    assert [message.caption for message in asker.chat.messages] == ["0", "1", "2"]
    assert asker.chat.messages[0].album_id == sent[0].media_group_id
    for count in (1, 11):
        items = [{"type": "photo", "media": sent[0].photo[0].file_id}] * count
        refusal = (await api("sendMediaGroup", chat_id=asker.id, media=items)).refusal
        assert refusal == "Bad Request: media group must include 2-10 items"


async def test_albums_of_documents_are_not_mixed(
    bot: Bot, asker: SimulatedPerson, refused: Refused
) -> None:
    documents = [InputMediaDocument(b"a", filename="a.txt"), InputMediaDocument(b"b")]
    assert len(await bot.send_media_group(asker.id, documents)) == 2
    with refused(BadRequest, "Document can't be mixed with other media types"):
        await bot.send_media_group(asker.id, [InputMediaPhoto(PICTURE), documents[0]])


async def test_the_bot_reacts_with_an_emoji_that_exists(
    bot: Bot, asker: SimulatedPerson, refused: Refused
) -> None:
    message = asker.send_text("谢谢")
    await bot.set_message_reaction(asker.id, message.id, "👌")
    assert message.reactions[bot.id] == [{"type": "emoji", "emoji": "👌"}]
    with refused(BadRequest, "Reaction_invalid"):
        await bot.set_message_reaction(asker.id, message.id, "🥕")
    with refused(BadRequest, "Message to react not found"):
        await bot.set_message_reaction(asker.id, 99, "👌")


async def test_protected_messages_can_be_neither_copied_nor_forwarded(
    bot: Bot, asker: SimulatedPerson, refused: Refused
) -> None:
    sent = await bot.send_message(asker.id, "机密", protect_content=True)
    assert sent.has_protected_content
    with refused(BadRequest, "Message can't be copied"):
        await bot.copy_message(asker.id, asker.id, sent.message_id)
    with refused(BadRequest, "Message can't be forwarded"):
        await bot.forward_message(asker.id, asker.id, sent.message_id)


async def test_the_bots_names_and_commands_are_kept(bot: Bot, refused: Refused) -> None:
    await bot.set_my_commands([("ask", "提问")], language_code="zh")
    assert [c.command for c in await bot.get_my_commands(language_code="zh")] == ["ask"]
    assert await bot.get_my_commands() == ()
    await bot.delete_my_commands(language_code="zh")
    assert await bot.get_my_commands(language_code="zh") == ()
    await bot.set_my_description("校企", language_code="zh")
    assert (await bot.get_my_description("zh")).description == "校企"
    assert (await bot.get_my_short_description()).short_description == ""
    assert (await bot.get_my_name()).name == "Xiaoqi (simulated)"
    with refused(BadRequest, "Bot_command_invalid"):
        await bot.set_my_commands([("Ask!", "x")])


async def test_each_message_of_a_chat_is_dated_by_the_clock(
    bot: Bot, sim: Simulator, asker: SimulatedPerson
) -> None:
    sent = await bot.send_message(asker.id, "x")
    assert sent.date.timestamp() == sim.world.clock()
