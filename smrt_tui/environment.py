"""What the process was given: arguments, streams, environment variables, folders, clocks. Injected, never ambient."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct


class Environment(Struct, frozen=True):
    """One process's surroundings. Tests make their own."""

    argv: tuple[str, ...]
    """Arguments without the program's name."""
    stdin: BinaryIO
    stdout: BinaryIO
    stderr: BinaryIO
    stdout_is_terminal: bool
    environ: Mapping[str, str]
    working_folder: Path
    config_folder: Path
    """The user's own profiles, keymap and settings. May not exist."""
    state_folder: Path
    """History, drafts, jobs, logs. May not exist."""
    clock: Callable[[], float] = time.perf_counter
    """Monotonic seconds."""
    now: Callable[[], datetime] = lambda: datetime.now(UTC)


def real_environment(argv: tuple[str, ...]) -> Environment:
    """The environment of this process. Makes no folder."""
    import platformdirs

    config = os.environ.get("SMRT_TUI_CONFIG") or platformdirs.user_config_dir("smrt-tui", appauthor=False)
    state = os.environ.get("SMRT_TUI_STATE") or platformdirs.user_state_dir("smrt-tui", appauthor=False)
    return Environment(
        argv=argv,
        stdin=sys.stdin.buffer,
        stdout=sys.stdout.buffer,
        stderr=sys.stderr.buffer,
        stdout_is_terminal=sys.stdout.isatty(),
        environ=dict(os.environ),
        working_folder=Path.cwd(),
        config_folder=Path(config),
        state_folder=Path(state),
    )
