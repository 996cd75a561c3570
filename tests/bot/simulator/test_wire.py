"""How a call may be written, and what is refused before a method sees it."""

import json

import aiohttp
import pytest

from bot.simulator.people import SimulatedPerson
from bot.simulator.server import RealTokenError, Simulator, refuse_beside_real_token
from bot.simulator.world import TOKEN, World
from tests.bot.simulator.conftest import Api


async def test_parameters_come_by_query_form_json_and_multipart(
    api: Api, asker: SimulatedPerson
) -> None:
    url = f"{api.url}/bot{TOKEN}/sendMessage"
    values = {"chat_id": str(asker.id), "text": "你好 & 再见", "protect_content": "true"}
    form = aiohttp.FormData(quote_fields=False)
    for name, value in values.items():
        form.add_field(name, value, content_type="text/plain")
    for request in (
        api.session.get(url, params=values),
        api.session.post(url, params=values),
        api.session.post(url, data=values),
        api.session.post(url, json=values | {"chat_id": asker.id, "protect_content": True}),
        api.session.post(url, data=form),
    ):
        async with request as answer:
            body = await answer.json()
        assert body["result"]["text"] == "你好 & 再见"
        assert body["result"]["has_protected_content"] is True
    assert len(asker.chat.messages) == 5


async def test_a_multipart_form_may_carry_any_bytes(api: Api, asker: SimulatedPerson) -> None:
    content = b"\r\n--\r\n\x00\xff--boundary--\r\n"
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("chat_id", str(asker.id))
    form.add_field("document", "attach://it")
    form.add_field("it", content, filename="报告 1.bin")
    async with api.session.post(f"{api.url}/bot{TOKEN}/sendDocument", data=form) as answer:
        document = (await answer.json())["result"]["document"]
    assert document["file_name"] == "报告 1.bin"
    path = (await api("getFile", file_id=document["file_id"])).result["file_path"]
    async with api.session.get(f"{api.url}/file/bot{TOKEN}/{path}") as answer:
        assert await answer.read() == content


async def test_method_names_are_case_insensitive(api: Api) -> None:
    assert (await api("GETME")).result["is_bot"] is True


@pytest.mark.parametrize(
    ("token", "status", "description"),
    [
        (f"{TOKEN[:-1]}x", 401, "Unauthorized"),
        ("nonsense", 404, "Not Found"),
        (TOKEN[:-1], 404, "Not Found"),
    ],
)
async def test_another_token_is_unauthorized_and_a_malformed_one_not_found(
    api: Api, token: str, status: int, description: str
) -> None:
    async with api.session.get(f"{api.url}/bot{token}/getMe") as answer:
        assert answer.status == status
        body = {"ok": False, "error_code": status, "description": description}
        assert await answer.json() == body


async def test_a_method_not_simulated_is_not_found_and_recorded(api: Api, sim: Simulator) -> None:
    answer = await api("sendGame", chat_id=1)
    assert (answer.status, answer.refusal) == (404, "Not Found: method not found")
    assert sim.refused == ["sendGame: Not Found: method not found"]


async def test_an_unknown_parameter_is_refused_and_recorded(
    api: Api, sim: Simulator, asker: SimulatedPerson
) -> None:
    answer = await api("sendMessage", chat_id=asker.id, text="x", texxt="y")
    assert answer.status == 400
    assert sim.refused == ["sendMessage: Bad Request: sendMessage has no parameter texxt"]
    assert asker.chat.messages == []


async def test_missing_parameters_are_named_in_telegrams_words(
    api: Api, asker: SimulatedPerson
) -> None:
    assert (await api("sendMessage", text="x")).refusal == "Bad Request: chat_id is empty"
    empty = await api("sendMessage", chat_id=asker.id, text="")
    assert empty.refusal == "Bad Request: message text is empty"
    missing = await api("sendContact", chat_id=asker.id, phone_number="1")
    assert missing.refusal == 'Bad Request: parameter "first_name" is required'


async def test_broken_json_is_refused(api: Api, asker: SimulatedPerson) -> None:
    answer = await api("sendMessage", chat_id=asker.id, text="x", reply_markup="{")
    assert answer.refusal == "Bad Request: can't parse reply markup JSON object"
    url = f"{api.url}/bot{TOKEN}/sendMessage"
    headers = {"Content-Type": "application/json"}
    async with api.session.post(url, data="{", headers=headers) as broken:
        assert broken.status == 400


async def test_half_a_surrogate_pair_is_no_text(api: Api, asker: SimulatedPerson) -> None:
    answer = await api("sendMessage", chat_id=asker.id, text="\ud83d")
    assert answer.refusal == "Bad Request: strings must be encoded in UTF-8"


async def test_json_of_another_form_is_refused_and_recorded(
    api: Api, sim: Simulator, asker: SimulatedPerson
) -> None:
    for wrong in ({"reply_parameters": [1]}, {"entities": [{"type": "bold"}]}, {"entities": "x"}):
        assert (await api("sendMessage", chat_id=asker.id, text=" x", **wrong)).status == 400
    assert len(sim.refused) == 2, "broken JSON is Telegram's own refusal"
    assert asker.chat.messages == []


async def test_every_call_is_shown_to_the_observer(world: World, asker: SimulatedPerson) -> None:
    seen = []
    async with (
        Simulator(world, observer=lambda *call: seen.append(call)) as sim,
        aiohttp.ClientSession() as session,
    ):
        api = Api(session, sim.url)
        await api("sendMessage", chat_id=str(asker.id), text="x")
        await api("sendMessage", chat_id=1, text="x")
    names = [name for name, _, _ in seen]
    assert names == ["sendMessage", "sendMessage"]
    assert seen[0][1] == {"chat_id": asker.id, "text": "x"}
    assert [body["ok"] for _, _, body in seen] == [True, False]


async def test_the_server_listens_on_loopback_only(sim: Simulator) -> None:
    assert sim.url.startswith("http://127.0.0.1:")
    assert sim.addresses == [("127.0.0.1", int(sim.url.rsplit(":", 1)[1]))]


def test_a_real_token_beside_the_simulator_is_refused() -> None:
    refuse_beside_real_token(None)
    refuse_beside_real_token("")
    refuse_beside_real_token(TOKEN)
    with pytest.raises(RealTokenError, match="does not run beside a real one"):
        refuse_beside_real_token("123456:AAEreal")


async def test_answers_are_json_with_the_bot_apis_envelope(api: Api) -> None:
    async with api.session.get(f"{api.url}/bot{TOKEN}/getMe") as answer:
        assert answer.content_type == "application/json"
        body = json.loads(await answer.text())
    assert set(body) == {"ok", "result"}
