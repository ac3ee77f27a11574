"""First paint, readiness and the quick commands, ours beside a one-Static Textual app, Posting and bare Python.

    .venv/bin/python -m benchmarks.startup [--posting PATH/TO/posting] [--rounds 7]

Posting goes into a virtual environment of its own: `pip install posting "tree-sitter<0.26"`.
"""

from __future__ import annotations

import argparse
import compileall
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import smrt_tui
from benchmarks.terminal import Terminal

PYTHON = sys.executable
LIMIT_S = 30
OURS = (PYTHON, "-m", "smrt_tui")

MINIMAL_APP = """
from textual.app import App
from textual.widgets import Static
class Minimal(App):
    def compose(self):
        yield Static("one static")
Minimal().run()
"""


def first_paint(argv: tuple[str, ...], marker: str, folder: Path) -> float:
    """Milliseconds from the spawn until the marker is on the screen of a 120x40 terminal."""
    environ = {"SMRT_TUI_CONFIG": str(folder / "config"), "SMRT_TUI_STATE": str(folder / "state"), "HOME": str(folder)}
    with Terminal(argv, environ=environ) as terminal:
        return terminal.seconds_until(marker) * 1000


def readiness(folder: Path) -> dict[str, float]:
    """Milliseconds: from the spawn until ready to sign and send, the worst lag of the loop from the first paint until
    then, and the most that the loop computed at a stretch (CPU time, which knows nothing of a stolen processor)."""
    report = folder / f"ready-{time.monotonic_ns()}.json"
    with Terminal((PYTHON, "-m", "benchmarks.ready_app", str(report)), environ={"HOME": str(folder)}) as terminal:
        began = time.clock_gettime(time.CLOCK_MONOTONIC) - (time.perf_counter() - terminal.spawned_at)
        while not report.exists():
            terminal.read(0.02)
            if time.perf_counter() - terminal.spawned_at > LIMIT_S:
                raise TimeoutError(f"not ready within {LIMIT_S} s")
        told = json.loads(report.read_text())
    return {
        "ready to sign and send": (told["ready_at"] - began) * 1000,
        "worst loop lag until ready": told["worst_lag_s"] * 1000,
        "most work at a stretch": told["most_work_s"] * 1000,
    }


def command(argv: tuple[str, ...]) -> float:
    """Milliseconds of a whole process."""
    begun = time.perf_counter()
    subprocess.run(argv, check=True, capture_output=True)
    return (time.perf_counter() - begun) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--posting", help="the posting command to compare with")
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    compileall.compile_dir(Path(smrt_tui.__file__).parent, quiet=1)  # as an installer leaves it, like the peers
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        measures: dict[str, Callable[[], float]] = {
            "first paint: minimal": lambda: first_paint((PYTHON, "-c", MINIMAL_APP), "one static", folder),
            "first paint: smrt-tui": lambda: first_paint(OURS, "Profiles", folder),
            "python -c pass": lambda: command((PYTHON, "-c", "pass")),
            "smrt-tui --version": lambda: command((*OURS, "--version")),
            "smrt-tui --help": lambda: command((*OURS, "--help")),
        }
        if options.posting:
            posting = (options.posting, "--collection", str(folder))
            measures["first paint: posting"] = lambda: first_paint(posting, "Collection", folder)
        figures: dict[str, list[float]] = {name: [] for name in measures}
        for _ in range(options.rounds):
            for label, measure in measures.items():  # in turn, so that load hits all alike
                figures[label].append(measure())
            for label, value in readiness(folder).items():
                figures.setdefault(label, []).append(value)
    print(f"{'':32}{'median ms':>10}{'min':>8}")
    for label, values in figures.items():
        print(f"{label:32}{statistics.median(values):10.1f}{min(values):8.1f}")


if __name__ == "__main__":
    main()
