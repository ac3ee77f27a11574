"""Exit codes and what reaches stderr."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from smrt_tui.cli.diagnostics import ExitCode, Narrator, Refusal, exit_code_of
from smrt_tui.core.errors import SmrtError
from smrt_tui.core.finding import Finding, Severity
from smrt_tui.core.recorder import Verdict
from tests.cli.stage import a_stage


@pytest.mark.parametrize(
    ("verdict", "code"),
    [
        (Verdict.COMPLETE, 0),
        (Verdict.CANNOT_SEND, 3),
        (Verdict.ANSWERED_WITH_ERROR, 4),
        (Verdict.BROKE, 5),
        (Verdict.NO_ANSWER, 6),
        (Verdict.CANCELLED, 130),
    ],
)
def test_a_verdict_has_one_exit_code(verdict: Verdict, code: int) -> None:
    assert exit_code_of(verdict) == code


def test_only_a_running_call_has_no_exit_code() -> None:
    without = [verdict for verdict in Verdict if not has_exit_code(verdict)]
    assert without == [Verdict.RUNNING]


def has_exit_code(verdict: Verdict) -> bool:
    try:
        exit_code_of(verdict)
    except KeyError:
        return False
    return True


def test_a_refusal_tells_findings_then_itself_then_what_to_do(tmp_path: Path) -> None:
    stage = a_stage(tmp_path)
    finding = Finding("R1", Severity.ERROR, "body", "it is wrong", "do right")
    refusal = Refusal(ExitCode.CANNOT_SEND, "it cannot be sent", "look above", findings=[finding])
    assert Narrator(stage.environment).refuse(refusal) == 3
    assert stage.told == ("error [R1] body: it is wrong\n  do right\nsmrt-tui: it cannot be sent\n  look above\n")


def test_any_other_error_means_that_nothing_could_be_reached(tmp_path: Path) -> None:
    stage = a_stage(tmp_path)
    assert Narrator(stage.environment).refuse(SmrtError("no local endpoint")) == ExitCode.NO_CONNECTION


def test_a_line_is_harmless_whatever_is_in_it(tmp_path: Path) -> None:
    stage = a_stage(tmp_path)
    Narrator(stage.environment).say("\x1b[2J\ud800 \x9b ‮")
    assert not set(stage.told) & {"\x1b", "\ud800", "\x9b", "‮"}


class ClosedStderr(BytesIO):
    def write(self, data: Any, /) -> int:
        raise BrokenPipeError


def test_a_closed_stderr_stops_nothing(tmp_path: Path) -> None:
    stage = a_stage(tmp_path)
    Narrator(replace(stage.environment, stderr=ClosedStderr())).say("nobody hears this")
