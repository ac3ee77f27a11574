"""What a million parts cost beside their bytes: recorder, decoder and the view's text, each case in its own process.

.venv/bin/python -m benchmarks.memory [--parts 1000000]
"""

from __future__ import annotations

import argparse
import gc
import json
import subprocess
import sys
from collections.abc import Callable, Iterator

from benchmarks.resident import resident_bytes
from benchmarks.streams_decode import chat_event
from smrt_tui.core.decode.decoder import Decoder
from smrt_tui.core.events import PartArrived
from smrt_tui.core.recorder import Recorder
from smrt_tui.ui.panes.wrapped import WrappedText

BATCH = 64
"""Parts handed over at once, as one read of a socket gives them."""

CASES: dict[str, Callable[[str], bytes]] = {
    "text": str.encode,
    "server-sent chat events": chat_event,
}


def batches(count: int, made: Callable[[str], bytes]) -> Iterator[list[PartArrived]]:
    """Parts of one word each, 20 µs apart."""
    offset = 0
    for first in range(0, count, BATCH):
        batch = []
        for number in range(first, min(first + BATCH, count)):
            payload = made(f" w{number % 997:03d}\n" if number % 12 == 0 else f" w{number % 9973:04d}")
            batch.append(PartArrived(number * 2e-5, number, payload, offset, (), 0, 0))
            offset += len(payload) + 100
        yield batch


def measure(case: str, count: int) -> dict[str, float]:
    """Take in every part as the app does; megabytes."""
    recorder, decoder, text = Recorder(), Decoder(), WrappedText()
    gc.collect()
    before, taken = resident_bytes(), 0
    for number, batch in enumerate(batches(count, CASES[case])):
        recorder.add(batch)
        decoder.push_many(batch)
        if number % 16 == 0:  # as often as a frame comes
            taken += _show(decoder, text, taken)
    _show(decoder, text, taken)
    gc.collect()
    grown = resident_bytes() - before
    body = len(recorder.parts.body)
    return {
        "parts": len(recorder.parts),
        "body_MB": body / 1e6,
        "text_MB": len(text.raw) / 1e6,
        "beside_body_MB": (grown - body) / 1e6,
        "beside_body_and_text_MB": (grown - body - 2 * len(text.raw)) / 1e6,
    }


def _show(decoder: Decoder, text: WrappedText, taken: int) -> int:
    piece = decoder.answer.choice(0).text.cut(taken)
    text.append(piece)
    return len(piece)


def main() -> None:
    """Measure every case, or one of them as the child."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--parts", type=int, default=1_000_000)
    parser.add_argument("--child", choices=CASES, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        print(json.dumps({name: round(value, 1) for name, value in measure(options.child, options.parts).items()}))
        return
    for case in CASES:
        command = (sys.executable, "-m", "benchmarks.memory", "--parts", str(options.parts), "--child", case)
        print(case, subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip(), flush=True)


if __name__ == "__main__":
    main()
