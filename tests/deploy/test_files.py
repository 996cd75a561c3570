"""The files by which the desk is run elsewhere name what there is. No image is built here."""

import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from configparser import RawConfigParser
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from bot.cli import app
from bot.settings import Settings

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def dockerfile() -> list[list[str]]:
    """Each instruction in its words, lines joined."""
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    lines = (line.strip() for line in text.splitlines())
    return [line.split(maxsplit=1) for line in lines if line and not line.startswith("#")]


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
    return found


def is_setting(name: str) -> bool:
    return name.lower() in Settings.model_fields


def test_what_is_copied_into_the_image_is_there_and_not_ignored(
    dockerfile: list[list[str]],
) -> None:
    kept = {
        line[1:] for line in (ROOT / ".dockerignore").read_text().split() if line.startswith("!")
    }
    sources = [
        word
        for name, rest in dockerfile
        if name == "COPY" and "--from" not in rest
        for word in rest.split()[:-1]
    ]
    assert sorted(kept) == sorted(sources)
    assert all((ROOT / source).exists() for source in sources)


def test_the_packages_in_the_image_are_all_that_there_are(dockerfile: list[list[str]]) -> None:
    found = tomllib.loads((ROOT / "pyproject.toml").read_text())
    named = {
        name.rstrip("*") for name in found["tool"]["setuptools"]["packages"]["find"]["include"]
    }
    copied = {rest.split()[0] for name, rest in dockerfile if name == "COPY"}
    assert named <= copied
    assert found["project"]["scripts"].keys() == {"xiaoqi"}


def test_nobody_is_root_in_the_image_and_all_it_writes_is_in_a_volume(
    dockerfile: list[list[str]],
) -> None:
    last = dict(dockerfile)
    assert last["USER"] == "10001:10001"
    assert last["VOLUME"] == "/srv/xiaoqi/var"
    given = dict(part.split("=", 1) for part in shlex.split(last["ENV"]))
    assert given["VAR_FOLDER"] == last["VOLUME"]
    assert given["DATABASE_URL"].startswith(f"sqlite:///{last['VOLUME']}/")
    assert last["EXPOSE"].split() == [given["WEBHOOK_PORT"], given["WATCH_PORT"]]
    unknown = {name for name in given if not is_setting(name)}
    assert unknown == {"PATH", "HOME", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"}


def test_its_health_is_asked_where_it_is_answered(dockerfile: list[list[str]]) -> None:
    check = next(rest for name, rest in dockerfile if name == "HEALTHCHECK")
    code = yaml.safe_load(check[check.index("[") :])[-1]
    compile(code, "HEALTHCHECK", "exec")
    assert "/health" in code


def commands_run(dockerfile: list[list[str]]) -> list[str]:
    return [yaml.safe_load(rest)[0] for name, rest in dockerfile if name in ("ENTRYPOINT", "CMD")]


def test_the_commands_that_are_run_exist(dockerfile: list[list[str]]) -> None:
    assert commands_run(dockerfile) == ["xiaoqi", "run"]
    assert "run" in get_command(app).commands  # type: ignore[attr-defined]
    unit = unit_file()
    assert shlex.split(unit["Service"]["ExecStart"])[1:] == ["run"]


def unit_file() -> RawConfigParser:
    made = RawConfigParser(strict=True)
    made.optionxform = str  # type: ignore[assignment,method-assign]
    made.read(ROOT / "deploy" / "xiaoqi.service")
    return made


def test_the_unit_writes_only_where_systemd_lets_it() -> None:
    service = unit_file()["Service"]
    assert service["ProtectSystem"] == "strict"
    assert "VAR_FOLDER=/var/lib/xiaoqi " in service["Environment"]
    assert service["StateDirectory"] == "xiaoqi"
    assert service["WorkingDirectory"] == "/var/lib/xiaoqi"


def test_two_workers_share_one_database_and_one_folder_and_write_nowhere_else(
    compose: dict[str, Any],
) -> None:
    worker = compose["services"]["worker"]
    assert worker["deploy"]["replicas"] == 2
    assert worker["read_only"] is True
    assert worker["cap_drop"] == ["ALL"]
    assert worker["volumes"] == ["desk:/srv/xiaoqi/var"]
    assert worker["environment"]["DATABASE_URL"].startswith("postgresql://")
    unknown = {name for name in worker["environment"] if not is_setting(name)}
    assert unknown == set()
    for service in compose["services"].values():
        for volume in service["volumes"]:
            source = volume.split(":")[0]
            assert source in compose["volumes"] or (ROOT / source).exists()


def test_the_proxy_lets_nothing_but_the_webhook_through(compose: dict[str, Any]) -> None:
    path = compose["services"]["worker"]["environment"]["WEBHOOK_URL"].rpartition("/")[2]
    told = (ROOT / "deploy" / "Caddyfile").read_text()
    assert re.findall(r"handle (\S+) \{", told) == [f"/{path}"]
    assert "worker 8443" in told


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_reads_the_unit_without_a_complaint(tmp_path: Path) -> None:
    unit = tmp_path / "xiaoqi.service"
    text = (ROOT / "deploy" / "xiaoqi.service").read_text()
    unit.write_text(text.replace("/opt/xiaoqi/.venv/bin/xiaoqi", "/bin/true"))
    command = ["systemd-analyze", "verify", "--man=no", str(unit)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "xiaoqi.service" not in done.stderr


def test_the_linter_of_dockerfiles_has_nothing_to_say() -> None:
    hadolint = Path(sys.prefix) / "bin" / "hadolint"
    command = [str(hadolint), str(ROOT / "Dockerfile")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")
