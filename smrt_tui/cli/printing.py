"""Printing a whole text to stdout, for the commands that have nothing to stream."""

from __future__ import annotations

from smrt_tui.cli.diagnostics import ExitCode, Refusal
from smrt_tui.environment import Environment


def print_text(environment: Environment, text: str) -> None:
    """Write a text and flush it.

    Raises `BrokenPipeError` when nobody reads stdout any more, and `Refusal` when it cannot be written.
    """
    try:
        environment.stdout.write(text.encode("utf-8", "replace"))
        environment.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        message = f"stdout cannot be written: {error.strerror or error}"
        raise Refusal(ExitCode.CANCELLED, message) from error
