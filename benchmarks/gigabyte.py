"""The most memory that an answer takes, small and of a gigabyte: `invoke` in each of its ways, and the app.

    .venv/bin/python -m benchmarks.gigabyte [--megabytes 1 64 1024]

The local endpoint's firehose streams lines of 64 KiB; every figure is the peak of one process from its start to its
end (`VmHWM`), the endpoint's own not among them. The app runs in a pseudo-terminal of 120x40 and is asked once it is
idle again. Linux only.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from benchmarks.terminal import Terminal

PART_BYTES = 65_536
PROFILE = """\
title: Gigabyte
endpoint: firehose
mode: stream
client: {total_timeout: 3600}
stream: {decoder: text}
payloads:
  - name: lines
    body: '{"parts": %d, "bytes": %d, "batch": 16}'
"""
WAYS: Mapping[str, tuple[str, ...]] = {
    "invoke --output": ("--output", os.devnull),
    "invoke > file": (),
    "invoke --events": ("--events",),
}
IDLE_S = 3.0


def peak_mb(pid: int) -> float:
    """Megabytes that a living process had at most. Raises `OSError` or `StopIteration` once it ended."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) * 1024 / 1e6


def cpu_s(pid: int) -> float:
    """Processor time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def stage(megabytes: int) -> Iterator[tuple[list[str], dict[str, str]]]:
    """How to start smrt-tui with a profile that asks for so much, and an environment with nothing of the person's."""
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "profiles" / "local"
        folder.mkdir(parents=True)
        parts = megabytes * 1_000_000 // PART_BYTES + 1
        (folder / "gigabyte.yaml").write_text(PROFILE % (parts, PART_BYTES))
        python = [sys.executable, "-m", "smrt_tui", "--profiles", str(folder.parent)]
        kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
        yield python, {**kept, "HOME": home, "LANG": "C.UTF-8"}


def of_invoke(megabytes: int, options: tuple[str, ...]) -> tuple[float, float]:
    """Peak memory and seconds of one `invoke` whose stdout is thrown away."""
    with stage(megabytes) as (python, environ):
        began = time.perf_counter()
        process = subprocess.Popen(
            [*python, "invoke", "local/gigabyte", *options],
            env=environ,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        peak = 0.0
        while process.poll() is None:
            with suppress(OSError, StopIteration):  # it ended in between
                peak = max(peak, peak_mb(process.pid))
            time.sleep(0.01)
        assert process.returncode == 0, process.returncode
        return peak, time.perf_counter() - began


def of_app(megabytes: int) -> tuple[float, float]:
    """Peak memory of the app, and seconds until it was idle again."""
    with (
        stage(megabytes) as (python, environ),
        Terminal([*python, "--profile", "local/gigabyte"], environ=environ) as it,
    ):
        it.seconds_until("Gigabyte")
        _idle(it)
        began = time.perf_counter()
        it.send(b"\x1b[15~")  # F5 sends
        _idle(it)
        return peak_mb(it.pid), time.perf_counter() - began - IDLE_S


def _idle(terminal: Terminal) -> None:
    """Read until the program has done next to nothing for some seconds."""
    busy_at, used = time.perf_counter(), cpu_s(terminal.pid)
    while time.perf_counter() - busy_at < IDLE_S:
        terminal.read(0.2)
        terminal.output.clear()
        if cpu_s(terminal.pid) - used > 0.3 * IDLE_S:
            busy_at, used = time.perf_counter(), cpu_s(terminal.pid)


def main() -> None:
    """Print a row for every size and way."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, nargs="+", default=[1, 64, 1024])
    options = parser.parse_args()
    print(f"{'way':<22} {'answer MB':>10} {'peak MB':>9} {'seconds':>9}")
    for megabytes in options.megabytes:
        for way, arguments in WAYS.items():
            _print(way, megabytes, *of_invoke(megabytes, arguments))
        _print("app", megabytes, *of_app(megabytes))


def _print(way: str, megabytes: int, peak: float, seconds: float) -> None:
    print(f"{way:<22} {megabytes:>10,} {peak:>9.0f} {seconds:>9.1f}", flush=True)


if __name__ == "__main__":
    main()
