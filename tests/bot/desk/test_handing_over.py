"""Whichever way a consultation becomes somebody's, who must agree first is asked."""

import ast
from collections.abc import Iterator
from pathlib import Path

import bot.desk
from bot.desk.tables import consultations

DESK = Path(bot.desk.__file__).parent


def verbs_that_give_it_away() -> set[str]:
    """Methods of Consultation that set its mentor."""
    tree = ast.parse(Path(consultations.__file__).read_text(encoding="utf-8"))
    (table,) = (
        node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "Consultation"
    )
    return {
        method.name
        for method in table.body
        if isinstance(method, ast.FunctionDef)
        and any(arg.arg in ("mentor_id", "person_id") for arg in method.args.args)
        and "self.mentor_id" in ast.unparse(method)
    }


def calls(path: Path, verbs: set[str]) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        called = node.func if isinstance(node, ast.Call) else None
        if (
            isinstance(called, ast.Attribute)
            and called.attr in verbs
            and "consultation" in ast.unparse(called.value)
        ):
            yield called.attr
        if isinstance(node, ast.Assign) and any(
            ast.unparse(target).endswith("consultation.mentor_id") for target in node.targets
        ):
            yield "mentor_id ="


def test_a_consultation_is_given_to_nobody_where_the_undertaking_is_not_asked_for() -> None:
    verbs = verbs_that_give_it_away()
    assert "accept" in verbs
    giving = {
        path: found
        for path in sorted(DESK.rglob("*.py"))
        if "tables" not in path.parts and (found := set(calls(path, verbs)))
    }
    assert DESK / "accepting.py" in giving
    careless = [
        path.name for path in giving if "undertaking.lacks(" not in path.read_text(encoding="utf-8")
    ]
    assert careless == []
