"""docs/rules.md names functions and tests; each of them exists."""

import ast
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
RULES = ROOT / "docs" / "rules.md"
NAMED = re.compile(r"`([^`]+)`")


class Rule(NamedTuple):
    number: int
    text: str
    source: str
    functions: list[str]
    tests: list[str]


def rules() -> list[Rule]:
    rows = [
        [cell.strip() for cell in line.strip().strip("|").split("|")]
        for line in RULES.read_text(encoding="utf-8").splitlines()
        if re.match(r"\|\s*\d+\s*\|", line)
    ]
    return [
        Rule(int(number), text, source, NAMED.findall(functions), NAMED.findall(tests))
        for number, text, source, functions, tests in rows
    ]


@cache
def names_in(path: Path) -> frozenset[str]:
    """What a module defines or assigns at its top, and the methods of its classes (as C.m)."""
    names: set[str] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        if isinstance(node, ast.Assign):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
        if isinstance(node, ast.ClassDef):
            names |= {
                f"{node.name}.{method.name}"
                for method in node.body
                if isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef)
            }
    return frozenset(names)


def test_rules_are_numbered_on_and_each_stands_once() -> None:
    found = rules()
    assert len(found) > 50
    assert [rule.number for rule in found] == list(range(1, len(found) + 1))
    assert len({rule.text for rule in found}) == len(found)


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: str(rule.number))
def test_a_rule_has_a_source_a_function_that_keeps_it_and_a_test_that_proves_it(
    rule: Rule,
) -> None:
    assert rule.text
    assert rule.source
    assert rule.functions
    assert rule.tests
    for named in (*rule.functions, *rule.tests):
        require_there(named)


def require_there(named: str) -> None:
    """A function as `module:name`, or a test as `file::name`."""
    if "::" in named:
        file, _, name = named.partition("::")
        path = ROOT / file
        assert name.lower().startswith("test"), named
    else:
        module, _, name = named.partition(":")
        place = ROOT / module.replace(".", "/")
        path = place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
    assert path.is_file(), named
    assert name in names_in(path), named


def test_each_threat_names_the_test_that_proves_it_is_kept_out() -> None:
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    _, _, table = page.partition("| Threat |")
    rows = table.split("\n\n")[0].splitlines()[2:]
    assert len(rows) > 10
    for row in rows:
        named = NAMED.findall(row)
        assert any("::" in one for one in named), row
        for one in named:
            require_there(one)


def test_every_row_of_a_table_is_read_as_a_rule() -> None:
    """A row that is no rule would be checked by nobody."""
    lines = RULES.read_text(encoding="utf-8").splitlines()
    tables = [line for line in lines if line.startswith("|")]
    heads = [line for line in tables if line.startswith(("| No.", "| ---"))]
    assert len(tables) - len(heads) == len(rules())
