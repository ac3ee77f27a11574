"""Reading 500 profiles: ours beside PyYAML's C loader alone, on the same files in the same run.

`python -m benchmarks.profiles`. The peer only makes dictionaries: it finds no place, checks no key and knows no
profile. The files are copies of the starters, comments and all, then small ones. CPU time, best of a few rounds, each
taking turns.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from smrt_tui.store.folders import fingerprint
from smrt_tui.store.locations import starter_profiles
from smrt_tui.store.profiles import CatalogueReader, load_catalogue

FILES = 500
ROUNDS = 9


SMALL = """title: Sentiment of reviews
endpoint: reviews-sentiment
region: eu-west-1
mode: sync
request:
  ContentType: application/json
  Accept: application/json
credentials: {profile: research}
variables: {text: A good book}
payloads:
  - name: one
    body: |
      {"inputs": "{{text}}", "parameters": {"top_k": 3}}
"""
"""What a person writes for one endpoint."""


def starters() -> list[str]:
    """The texts of the starters: several payloads each, and a comment for every key."""
    return [path.read_text() for root in starter_profiles() for path in sorted(root.rglob("*.yaml"))]


def fill(folder: Path, texts: Sequence[str]) -> None:
    """These texts in turn, in twenty folders."""
    for number, text in enumerate(itertools.islice(itertools.cycle(texts), FILES)):
        path = folder / f"group-{number % 20}" / f"{number}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)


def peer(folder: Path) -> None:
    """Every file as dictionaries."""
    for path in folder.rglob("*.yaml"):
        yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)


def milliseconds(work: Callable[[], object]) -> float:
    """CPU time of one pass."""
    began = time.process_time()
    work()
    return (time.process_time() - began) * 1e3


def main() -> None:
    """Print the figures."""
    for what, texts in (("copies of the starters", starters()), ("small profiles", [SMALL])):
        print(f"\n{what}")
        measure(texts)


def measure(texts: Sequence[str]) -> None:
    """Print the figures of one kind of file."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        fill(folder, texts)
        size = sum(path.stat().st_size for path in folder.rglob("*.yaml"))
        first = milliseconds(lambda: load_catalogue([folder]))
        reader = CatalogueReader()
        loaded = reader.load([folder])
        assert len(loaded.entries) == FILES
        assert all(entry.profile for entry in loaded.entries)
        jobs: dict[str, Callable[[], object]] = {
            "yaml.CSafeLoader alone": lambda: peer(folder),
            "ours, every file read": lambda: load_catalogue([folder]),
            "ours, read again, nothing changed": lambda: reader.load([folder]),
            "ours, one look for changes": lambda: fingerprint([folder]),
        }
        rounds = [{what: milliseconds(work) for what, work in jobs.items()} for _ in range(ROUNDS)]
    best = {what: min(times[what] for times in rounds) for what in jobs}
    print(f"{FILES} files, {size:,} bytes; ms of CPU time, best of {ROUNDS}")
    print(f"{'ours, the first time in a process':<36} {first:>7.1f}")
    for what, took in best.items():
        print(f"{what:<36} {took:>7.1f} {took / best['yaml.CSafeLoader alone']:>6.2f}x")


if __name__ == "__main__":
    main()
