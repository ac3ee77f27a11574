"""How a command ends, and everything it says on the way: exit codes, refusals, and the only writer to stderr.

Exit codes are an API. Untrusted text passes `core.plain` before it is written; no answer's bytes come through here.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from enum import IntEnum
from typing import TYPE_CHECKING

from smrt_tui.core.errors import SmrtError

if TYPE_CHECKING:
    from smrt_tui.core.finding import Finding
    from smrt_tui.core.problem import Problem
    from smrt_tui.core.recorder import Verdict
    from smrt_tui.environment import Environment


class ExitCode(IntEnum):
    """What a script may rely on."""

    COMPLETE = 0
    USAGE = 2
    CANNOT_SEND = 3
    """A profile or draft that cannot be sent."""
    ANSWERED_WITH_ERROR = 4
    """The service or the model answered with an error."""
    BROKE = 5
    """A stream that broke after it began."""
    NO_CONNECTION = 6
    """No connection, or a time-out before any answer."""
    CANCELLED = 130


def exit_code_of(verdict: Verdict) -> ExitCode:
    """The exit code of a call that is over. Raises `KeyError` for one that is still running."""
    return ExitCode[_EXIT_NAME_OF_VERDICT[verdict.name]]


_EXIT_NAME_OF_VERDICT = {
    "COMPLETE": "COMPLETE",
    "ANSWERED_WITH_ERROR": "ANSWERED_WITH_ERROR",
    "BROKE": "BROKE",
    "NO_ANSWER": "NO_CONNECTION",
    "CANNOT_SEND": "CANNOT_SEND",
    "CANCELLED": "CANCELLED",
}
"""By name, so that asking for help does not load what a call is made of."""


class Refusal(SmrtError):
    """A command that cannot be carried out, with the code it ends with."""

    def __init__(
        self,
        code: ExitCode,
        message: str,
        hint: str = "",
        *,
        findings: Iterable[Finding] = (),
        problems: Iterable[Problem] = (),
    ) -> None:
        super().__init__(message, hint)
        self.code = code
        self.findings = tuple(findings)
        self.problems = tuple(problems)


class Narrator:
    """Writes lines for a person to stderr. A closed stderr is no reason to stop."""

    def __init__(self, environment: Environment) -> None:
        self._stream = environment.stderr

    def say(self, line: str) -> None:
        """One line, made harmless for a terminal."""
        from smrt_tui.core.plain import plain

        with contextlib.suppress(OSError, ValueError):
            self._stream.write(plain(line).encode("utf-8", "replace") + b"\n")
            self._stream.flush()

    def findings(self, findings: Iterable[Finding]) -> None:
        """Each finding with its severity, rule and place; below it what was seen, and what to do."""
        for finding in findings:
            where = f"{finding.where}: " if finding.where else ""
            self.say(f"{finding.severity.name.lower()} [{finding.id}] {where}{finding.message}")
            if finding.evidence and finding.evidence not in finding.message:
                self.say(f"  seen: {finding.evidence}")
            if finding.hint:
                self.say(f"  {finding.hint}")

    def refuse(self, error: SmrtError) -> ExitCode:
        """Tell why a command ends here, and with which code."""
        for problem in getattr(error, "problems", ()):
            self.say(str(problem))
        self.findings(getattr(error, "findings", ()))
        self.say(f"smrt-tui: {error.message}")
        if error.hint:
            self.say(f"  {error.hint}")
        return error.code if isinstance(error, Refusal) else ExitCode.NO_CONNECTION
