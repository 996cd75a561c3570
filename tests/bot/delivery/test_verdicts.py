"""Each of Telegram's answers has its own meaning."""

import pytest
from telegram.error import NetworkError

from bot.delivery.api import RefusedCallError
from bot.delivery.transport import MaybeActedError, NotSentError, TooLargeError
from bot.delivery.verdicts import (
    Again,
    Failed,
    Migrated,
    SlowDown,
    Uncertain,
    Unreachable,
    Verdict,
    is_gone,
    is_unchanged,
    verdict,
)


@pytest.mark.parametrize(
    ("error", "meaning"),
    [
        (RefusedCallError(429, "Too Many Requests: retry after 9", retry_after=9), SlowDown(9)),
        (RefusedCallError(429, "Too Many Requests"), SlowDown(1)),
        (
            RefusedCallError(400, "Bad Request: group chat was upgraded", migrate_to=-100),
            Migrated(-100),
        ),
        (RefusedCallError(403, "Forbidden: bot was blocked by the user"), Unreachable("blocked")),
        (RefusedCallError(403, "Forbidden: user is deactivated"), Unreachable("deactivated")),
        (
            RefusedCallError(403, "Forbidden: bot was kicked from the group"),
            Unreachable("kicked"),
        ),
        (
            RefusedCallError(403, "Forbidden: bot can't initiate conversation with a user"),
            Unreachable("not_started"),
        ),
        (RefusedCallError(403, "Forbidden: something new"), Unreachable("forbidden")),
        (RefusedCallError(400, "Bad Request: chat not found"), Unreachable("not_started")),
        (
            RefusedCallError(400, "Bad Request: message to copy not found"),
            Failed("Bad Request: message to copy not found"),
        ),
        (
            RefusedCallError(400, 'Bad Request: can\'t parse entities: Unsupported tag "secret"'),
            Failed("Bad Request: can't parse entities"),
        ),
        (RefusedCallError(413, "Request Entity Too Large"), Failed("Request Entity Too Large")),
        (RefusedCallError(418, ""), Failed("refused_418")),
        (RefusedCallError(500, "Internal Server Error"), Again("server_500")),
        (RefusedCallError(502, "Bad Gateway"), Again("server_502")),
        (RefusedCallError(401, "Unauthorized"), Again("token_refused", everywhere=True)),
        (RefusedCallError(404, "Not Found"), Again("token_refused", everywhere=True)),
        (NotSentError("x"), Again("not_sent", everywhere=True)),
        (MaybeActedError("x"), Uncertain("no_answer")),
        (TooLargeError("x"), Uncertain("no_answer")),
        (NetworkError("x"), Uncertain("no_answer")),
        (FileNotFoundError("x"), Failed("no_file")),
    ],
)
def test_an_answer_has_its_meaning(error: Exception, meaning: Verdict) -> None:
    assert verdict(error) == meaning


def test_what_is_no_answer_of_telegrams_is_raised() -> None:
    with pytest.raises(KeyError):
        verdict(KeyError("a fault of ours"))


def test_an_edit_that_changes_nothing_and_one_of_nothing_are_told_apart() -> None:
    same = RefusedCallError(400, "Bad Request: message is not modified: specified new message ...")
    gone = RefusedCallError(400, "Bad Request: message to edit not found")
    assert is_unchanged(same)
    assert is_gone(gone)
    assert not is_gone(same)
    assert not is_unchanged(gone)
    assert not is_gone(RefusedCallError(500, "message to edit not found"))
    assert not is_gone(MaybeActedError("message to edit not found"))
