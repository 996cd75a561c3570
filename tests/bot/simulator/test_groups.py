"""What of a group's talk reaches the bot."""

from telegram import Bot

from bot.simulator.people import SimulatedPerson
from bot.simulator.world import BOT_USERNAME, World


async def heard(bot: Bot) -> list[str | None]:
    return [update.message.text for update in await bot.get_updates() if update.message]


async def test_privacy_mode_hides_what_is_not_for_the_bot(
    bot: Bot, world: World, asker: SimulatedPerson
) -> None:
    group = world.add_group("组", members=[asker])
    question = await bot.send_message(group.id, "有问题吗？")
    asker.send_text("随便聊聊", chat_id=group.id)
    asker.send_text("/help", chat_id=group.id)
    asker.send_text(f"@{BOT_USERNAME} 在吗", chat_id=group.id)
    asker.send_text("有", chat_id=group.id, reply_to=question.message_id)
    assert await heard(bot) == ["/help", f"@{BOT_USERNAME} 在吗", "有"]


async def test_an_admin_bot_hears_everything(
    bot: Bot, world: World, asker: SimulatedPerson
) -> None:
    group = world.add_group("组", members=[asker], bot_is_admin=True)
    asker.send_text("随便聊聊", chat_id=group.id)
    assert await heard(bot) == ["随便聊聊"]


async def test_reactions_in_a_group_come_only_to_an_admin(
    bot: Bot, world: World, asker: SimulatedPerson
) -> None:
    group = world.add_group("组", members=[asker])
    sent = await bot.send_message(group.id, "x")
    await bot.get_updates(offset=-1, allowed_updates=["message_reaction"])
    asker.react(sent.message_id, "👍", chat_id=group.id)
    assert all(update.message_reaction is None for update in await bot.get_updates())
    world.promote_bot(group)
    asker.react(sent.message_id, None, chat_id=group.id)
    assert (await bot.get_updates())[-1].message_reaction is not None


async def test_being_added_is_told_and_a_kick_ends_it(
    bot: Bot, world: World, asker: SimulatedPerson
) -> None:
    group = world.add_group("组", members=[asker])
    world.kick(group)
    asker.send_text("/help", chat_id=group.id)
    updates = await bot.get_updates()
    changes = [update.my_chat_member for update in updates if update.my_chat_member]
    assert [change.new_chat_member.status for change in changes] == ["member", "kicked"]
    assert len(updates) == 2, "nothing said after the kick is heard"


def test_message_ids_run_through_all_small_chats_and_each_supergroup_has_its_own(
    world: World, asker: SimulatedPerson
) -> None:
    other = world.add_person("钱")
    small = world.add_group("小", members=[asker])
    large = world.add_group("大", supergroup=True, members=[asker])
    first, second = asker.send_text("a"), other.send_text("b")
    third = asker.send_text("c", chat_id=small.id)
    assert [first.id, second.id, third.id] == [1, 2, 3]
    assert asker.send_text("d", chat_id=large.id).id == 1
