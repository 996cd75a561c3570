"""The command line: what can't be done ends in one sentence, not in a traceback."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app

TOKEN = "123456789:AAF4kESimulatedTokenOfXiaoqi0123456"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    monkeypatch.chdir(tmp_path)

    def invoke(*arguments: str, **settings: str) -> Result:
        environment = {"TELEGRAM_TOKEN": "", "DATABASE_URL": "", **settings}
        given = {name: value for name, value in environment.items() if value}
        return CliRunner().invoke(app, list(arguments), env=given)

    return invoke


def test_without_a_token_run_says_what_to_do(run) -> None:
    result = run("run")
    assert result.exit_code == 2
    assert "TELEGRAM_TOKEN is missing or malformed" in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    "url", ["postgresql://xiaoqi:s3cret@127.0.0.1:1/xiaoqi", "sqlite:////proc/none/xiaoqi.db"]
)
def test_a_database_that_cannot_be_reached_is_named_without_its_password(run, url: str) -> None:
    result = run("run", TELEGRAM_TOKEN=TOKEN, DATABASE_URL=url)
    assert result.exit_code == 2
    assert "DATABASE_URL" in result.output or "can't be" in result.output
    assert "s3cret" not in result.output
    assert "Traceback" not in result.output


def test_a_question_before_anything_is_loaded_says_to_load_first(run) -> None:
    result = run("ask", "压铸件有气孔")
    assert result.exit_code == 2
    assert "reload" in result.output


def test_the_demo_does_not_run_beside_a_real_token(run) -> None:
    result = run("demo", "--no-browser", TELEGRAM_TOKEN=TOKEN)
    assert result.exit_code == 2
    assert "does not run beside a real one" in result.output


def test_a_bad_file_is_reported_row_by_row_and_changes_nothing(run, tmp_path: Path) -> None:
    bad = "id,organisation,name_zh,capability_zh,industries\nplatform-x,nowhere,台,能力,C\n"
    (tmp_path / "platforms.csv").write_bytes(bad.encode("gb18030"))
    result = run("reload", "platforms.csv")
    assert result.exit_code == 1
    assert "platforms.csv, row 2, column organisation" in result.output
    assert "nothing was changed" in result.output


def test_a_file_that_is_not_there_is_named(run) -> None:
    result = run("reload", "experts.csv")
    assert result.exit_code == 2
    assert "experts.csv" in result.output


def test_a_template_can_be_filled_in(run, tmp_path: Path) -> None:
    assert run("template", "experts").exit_code == 0
    assert (tmp_path / "experts.xlsx").stat().st_size > 1000
    assert run("template", "nonsense").exit_code == 2


def test_a_set_to_measure_that_is_not_there_says_what_one_is(run) -> None:
    result = run("evaluate", "nowhere")
    assert result.exit_code == 2
    assert "corpus.jsonl" in result.output
    assert "Traceback" not in result.output
