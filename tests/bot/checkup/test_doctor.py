"""The doctor names the part that is ill and what to do, changes nothing, and leaves with 1."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import text
from typer.testing import CliRunner

from bot.checkup import database, everything, machine, telegram
from bot.checkup.findings import Finding
from bot.cli import app
from bot.indexing import snapshots
from bot.sealing.ring import new_key
from bot.settings import Settings
from bot.simulator.server import Simulator
from bot.simulator.world import TOKEN
from knowledge.database import open_engine
from retrieval.encoder import load_encoder
from tests.bot.backup.conftest import Place, desk, place, rows_of  # noqa: F401 (fixtures)
from tests.bot.desk.conftest import NOW
from tests.retrieval.fakes import HashedWords

Found = dict[str, Finding]


def by_part(found: object) -> Found:
    return {one.part: one for one in found}  # type: ignore[attr-defined]


def test_a_whole_database_is_well_and_stays_as_it_is(desk: Settings) -> None:  # noqa: F811
    engine = open_engine(desk.database_url)
    before = rows_of(engine)
    found = by_part(database.look(desk))
    assert {one.state for one in found.values()} == {"well"}
    assert list(found) == ["database", "schema", "writing", "keys"]
    assert rows_of(engine) == before


def test_what_is_not_there_yet_is_not_made(place: Place) -> None:  # noqa: F811
    nowhere = place("empty")
    states = [one.state for one in database.look(nowhere)]
    assert "fault" not in states
    assert "doubtful" in states
    assert not nowhere.var_folder.exists()


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "url", ["postgresql://xiaoqi:s3cret@127.0.0.1:1/xiaoqi", "mysql://h/x"], ids=["away", "other"]
)
def test_a_database_out_of_reach_is_named_without_its_password(
    place: Place,  # noqa: F811
    url: str,
) -> None:
    found = by_part(database.look(place("x").model_copy(update={"database_url": url})))
    assert found["database"].state == "fault"
    assert "s3cret" not in found["database"].told


@pytest.mark.parametrize(
    ("revision", "state", "word"), [("0001", "doubtful", "upgrades"), ("9999", "fault", "newer")]
)
def test_another_schema_is_told_apart_by_its_age(
    desk: Settings,  # noqa: F811
    revision: str,
    state: str,
    word: str,
) -> None:
    with open_engine(desk.database_url).begin() as connection:
        connection.execute(text(f"UPDATE alembic_version SET version_num = '{revision}'"))
    found = by_part(database.look(desk))["schema"]
    assert found.state == state
    assert word in found.told + found.mend


def test_a_key_that_is_missing_and_one_that_opens_nothing_are_faults(
    desk: Settings,  # noqa: F811
) -> None:
    other = desk.model_copy(update={"message_keys": SecretStr(new_key())})
    found = by_part(database.look(other))["keys"]
    assert (found.state, "Add that key again" in found.told) == ("fault", True)
    with open_engine(desk.database_url).begin() as connection:
        spoiled = "UPDATE consultation SET question = substr(question, 1, 20) || 'AAAA'"
        connection.execute(text(spoiled))
    assert "changed or cut short" in by_part(database.look(desk))["keys"].told


@pytest.mark.parametrize("place", ["postgres"], indirect=True)
def test_pgvector_is_asked_for_where_it_is_used(desk: Settings) -> None:  # noqa: F811
    used = desk.model_copy(update={"vector_store": "pgvector"})
    found = by_part(database.look(used))["database"]
    assert "without pgvector" in found.told
    with open_engine(desk.database_url).begin() as connection:
        connection.execute(text("CREATE EXTENSION vector"))
    assert "pgvector 0." in by_part(database.look(used))["database"].told


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_a_database_that_only_reads_is_a_fault(
    desk: Settings,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from bot.checkup import database as looked

    def read_only(url: str) -> object:
        return open_engine(url).execution_options(read_only=True)

    monkeypatch.setattr(looked, "open_engine", read_only)
    assert by_part(database.look(desk))["writing"].state == "fault"


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_a_snapshot_is_opened_and_every_file_of_it_compared(
    desk: Settings,  # noqa: F811
) -> None:
    found = machine.snapshot(desk, HashedWords())
    assert (found.state, "5 passages" in found.told) == ("well", True)
    foreign = machine.snapshot(desk, load_encoder())
    assert (foreign.state, "made by the model" in foreign.told) == ("fault", True)
    (next(snapshots(desk.var_folder).glob("[0-9]*")) / "words.bin").write_bytes(b"")
    broken = machine.snapshot(desk, HashedWords())
    assert (broken.state, "cut short or altered" in broken.told) == ("fault", True)


def test_a_model_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    given = Settings(_env_file=None, var_folder=tmp_path, embedding_model="./nowhere")
    found = by_part(machine.look(given))
    assert "which does not exist" in found["model"].told
    assert "snapshot" not in found


def test_a_full_disk_is_a_fault_and_one_nearly_full_is_doubtful(tmp_path: Path) -> None:
    import shutil

    free = shutil.disk_usage(tmp_path).free >> 20
    assert machine.space(tmp_path, free + 100).state == "fault"
    assert machine.space(tmp_path, free // 2).state == "doubtful"
    assert machine.space(tmp_path, 0).state == "well"


def test_a_folder_that_takes_nothing_is_a_fault() -> None:
    found = by_part(machine.folder(Settings(_env_file=None, var_folder=Path("/proc"))))
    assert found["folder"].state == "fault"


def settings_for(simulator: Simulator, **more: object) -> Settings:
    given = {"telegram_api_url": simulator.url, "telegram_token": SecretStr(TOKEN)}
    return Settings(_env_file=None, **given, **more)


async def test_telegram_that_knows_the_bot_is_well(honest_simulator: Simulator) -> None:
    found = by_part(await telegram.look(settings_for(honest_simulator), datetime.now(UTC)))
    assert {one.state for one in found.values()} == {"well"}
    assert list(found) == ["telegram", "listening", "updates", "clock"]


async def test_a_clock_that_is_off_is_a_fault(honest_simulator: Simulator) -> None:
    late = datetime.now(UTC) - timedelta(minutes=10)
    found = by_part(await telegram.look(settings_for(honest_simulator), late))
    assert found["clock"].state == "fault"
    assert "behind" in found["clock"].told


async def test_a_token_that_telegram_does_not_know_is_a_fault(honest_simulator: Simulator) -> None:
    wrong = settings_for(honest_simulator)
    wrong.telegram_token = SecretStr("123456789:" + "x" * 35)
    (found,) = await telegram.look(wrong, NOW)
    assert found.state == "fault"
    assert "Unauthorized" in found.told or "Not Found" in found.told


async def test_a_server_out_of_reach_is_a_fault_that_does_not_tell_the_token() -> None:
    away = Settings(
        _env_file=None,
        telegram_api_url="http://127.0.0.1:1",
        telegram_token=SecretStr(TOKEN),
    )
    (found,) = await telegram.look(away, NOW)
    assert "not answered" in found.told
    assert TOKEN not in found.told


async def test_a_webhook_that_fails_is_told_with_its_last_error(
    honest_simulator: Simulator,
) -> None:
    url = "http://127.0.0.1:1/telegram"
    settings = settings_for(honest_simulator, webhook_url=url)
    world = honest_simulator.world
    async with asyncio.timeout(30):
        from bot.delivery.api import BotApi
        from bot.delivery.transport import AiohttpRequest

        transport = AiohttpRequest()
        await transport.initialize()
        await BotApi(transport, honest_simulator.url, TOKEN).call("setWebhook", {"url": url})
        await transport.shutdown()
        world.add_person("王芳", started=True).send_text("在吗")
        while True:
            found = by_part(await telegram.look(settings, datetime.now(UTC)))
            if "webhook" in found:
                break
            await asyncio.sleep(0.02)
    assert found["listening"].state == "well"
    assert found["webhook"].state == "doubtful"
    other = settings_for(honest_simulator, webhook_url="https://elsewhere.example/x")
    assert by_part(await telegram.look(other, NOW))["listening"].state == "doubtful"
    polling = settings_for(honest_simulator)
    assert "takes it away" in by_part(await telegram.look(polling, NOW))["listening"].mend


def test_settings_that_are_wrong_end_the_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEBHOOK_PORT", "many")
    (found,) = everything.look(NOW)
    assert (found.part, found.state) == ("settings", "fault")
    assert "WEBHOOK_PORT" in found.told


def test_the_command_prints_a_table_and_leaves_with_one_for_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    environment = {"TELEGRAM_TOKEN": "", "DATABASE_URL": "sqlite:///x.db", "COLUMNS": "200"}
    result = CliRunner().invoke(app, ["doctor"], env=environment)
    assert result.exit_code == 1
    assert "TELEGRAM_TOKEN is missing or malformed" in result.output
    assert "x.db is not there yet" in result.output
    assert list(tmp_path.iterdir()) == []
