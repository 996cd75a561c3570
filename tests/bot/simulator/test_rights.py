"""Who may be written to, and how a refusal is worded."""

from telegram import Bot
from telegram.error import BadRequest, ChatMigrated, Forbidden

from bot.simulator.people import SimulatedPerson
from bot.simulator.world import World
from tests.bot.simulator.conftest import Api, Refused


async def test_an_unknown_chat_is_not_found(bot: Bot, refused: Refused) -> None:
    with refused(BadRequest, "Chat not found"):
        await bot.send_message(42, "x")
    with refused(BadRequest, "Chat not found"):
        await bot.send_message("@nobody", "x")


async def test_a_bot_cannot_write_first(bot: Bot, world: World, refused: Refused) -> None:
    stranger = world.add_person("李雷")
    with refused(Forbidden, "Forbidden: bot can't initiate conversation with a user"):
        await bot.send_message(stranger.id, "x")
    stranger.start()
    await bot.send_message(stranger.id, "x")


async def test_a_block_is_told_once_and_refuses_until_it_is_taken_back(
    bot: Bot, asker: SimulatedPerson, refused: Refused
) -> None:
    asker.block_bot()
    with refused(Forbidden, "Forbidden: bot was blocked by the user"):
        await bot.send_message(asker.id, "x")
    with refused(Forbidden, "Forbidden: bot was blocked by the user"):
        await bot.send_chat_action(asker.id, "typing")
    asker.unblock_bot()
    await bot.send_message(asker.id, "x")
    changes = [update.my_chat_member for update in await bot.get_updates()]
    standings = [(c.old_chat_member.status, c.new_chat_member.status) for c in changes if c]
    assert standings == [("member", "kicked"), ("kicked", "member")]


async def test_pressing_start_takes_a_block_back(bot: Bot, asker: SimulatedPerson) -> None:
    asker.block_bot()
    asker.start("again")
    kinds = [(u.my_chat_member is not None, u.message) for u in await bot.get_updates()]
    assert [is_member for is_member, _ in kinds] == [True, True, False]
    assert kinds[-1][1] is not None
    assert kinds[-1][1].text == "/start again"


async def test_a_deleted_account_is_deactivated(
    bot: Bot, world: World, asker: SimulatedPerson, refused: Refused
) -> None:
    world.deactivate(asker)
    with refused(Forbidden, "Forbidden: user is deactivated"):
        await bot.send_message(asker.id, "x")


async def test_a_kicked_bot_is_told_from_which_kind_of_chat(
    bot: Bot, world: World, asker: SimulatedPerson, refused: Refused
) -> None:
    for large, kind in ((False, "group"), (True, "supergroup")):
        group = world.add_group("组", supergroup=large, members=[asker])
        world.kick(group)
        with refused(Forbidden, f"Forbidden: bot was kicked from the {kind} chat"):
            await bot.send_message(group.id, "x")


async def test_a_bot_that_left_is_no_member(
    bot: Bot, world: World, asker: SimulatedPerson, refused: Refused
) -> None:
    group = world.add_group("组", supergroup=True, members=[asker])
    await bot.leave_chat(group.id)
    with refused(Forbidden, "Forbidden: bot is not a member of the supergroup chat"):
        await bot.send_message(group.id, "x")


async def test_a_migrated_group_names_its_supergroup(
    bot: Bot, api: Api, world: World, asker: SimulatedPerson
) -> None:
    group = world.add_group("组", members=[asker], bot_is_admin=True)
    larger = world.migrate(group)
    refusal = await api("sendMessage", chat_id=group.id, text="x")
    assert refusal.refusal == "Bad Request: group chat was upgraded to a supergroup chat"
    assert refusal.body["parameters"] == {"migrate_to_chat_id": larger.id}
    try:
        await bot.send_message(group.id, "x")
    except ChatMigrated as migrated:
        await bot.send_message(migrated.new_chat_id, "x")
    told = [update.message for update in await bot.get_updates() if update.message]
    assert [(m.chat.id, m.migrate_to_chat_id, m.migrate_from_chat_id) for m in told] == [
        (group.id, larger.id, None),
        (larger.id, None, group.id),
    ]
    assert larger.messages[-1].text == "x"


async def test_members_and_their_standing_can_be_asked_for(
    bot: Bot, world: World, asker: SimulatedPerson, refused: Refused
) -> None:
    owner, stranger = world.add_person("赵"), world.add_person("钱")
    group = world.add_group(
        "组", supergroup=True, admins=[owner], members=[asker], bot_is_admin=True
    )
    statuses = [
        (await bot.get_chat_member(group.id, one)).status
        for one in (owner.id, asker.id, stranger.id, bot.id)
    ]
    assert statuses == ["creator", "member", "left", "administrator"]
    admins = await bot.get_chat_administrators(group.id)
    assert [admin.user.id for admin in admins] == [owner.id, bot.id]
    assert await bot.get_chat_member_count(group.id) == 3
    assert (await bot.get_chat(group.id)).title == "组"
    assert (await bot.get_chat(asker.id)).username == "wangfang"
    with refused(BadRequest, "There are no administrators in the private chat"):
        await bot.get_chat_administrators(asker.id)


async def test_a_ban_needs_an_admin_and_is_told_to_who_asked(
    bot: Bot, world: World, asker: SimulatedPerson, refused: Refused
) -> None:
    group = world.add_group("组", supergroup=True, members=[asker])
    with refused(BadRequest, "Not enough rights to restrict/unrestrict chat member"):
        await bot.ban_chat_member(group.id, asker.id)
    world.promote_bot(group)
    await bot.get_updates(offset=-1, allowed_updates=["chat_member"])
    await bot.ban_chat_member(group.id, asker.id)
    change = (await bot.get_updates())[-1].chat_member
    assert change is not None
    assert change.new_chat_member.status == "kicked"
