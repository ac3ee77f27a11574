"""What stdout gets, each batch as it arrives: the answer's bytes, its text on a terminal, or events as JSON lines.

Writers take batches of events and write; none of them judges or narrates.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterable, Sequence
from typing import BinaryIO, Protocol

from smrt_tui.cli.event_lines import Line, event_line
from smrt_tui.core.events import Ended, Event, HeadArrived, PartArrived
from smrt_tui.core.plain import plain


class AnswerWriter(Protocol):
    """Where the events of one call go."""

    def take(self, batch: Sequence[Event]) -> None:
        """Write what a batch adds and flush it. Raises `OSError` when nobody reads any more."""
        ...

    def close(self) -> None:
        """Write what was held back."""
        ...


class RawAnswer:
    """The answer's bytes exactly as received; a part is out as soon as it is in."""

    def __init__(self, stream: BinaryIO, head: BinaryIO | None = None) -> None:
        self._stream = stream
        self._head = head
        """Where the response head goes; None: nowhere."""

    def take(self, batch: Sequence[Event]) -> None:
        payload = b"".join(event.payload for event in batch if isinstance(event, PartArrived))
        if self._head is not None:
            write_heads(self._head, batch)
        if payload:
            self._stream.write(payload)
            self._stream.flush()

    def close(self) -> None:
        """Nothing is held back."""


class ReadableAnswer:
    """A plain body on a terminal: text with control characters made visible, and never a binary one."""

    def __init__(self, stream: BinaryIO, head: BinaryIO | None = None) -> None:
        self._stream = stream
        self._head = head
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._last = "\n"
        self.hidden_bytes = 0
        """Bytes not shown because they are no text."""

    def take(self, batch: Sequence[Event]) -> None:
        if self._head is not None:
            write_heads(self._head, batch)
        self._show(b"".join(event.payload for event in batch if isinstance(event, PartArrived)))

    def _show(self, payload: bytes, *, is_final: bool = False) -> None:
        if self.hidden_bytes or b"\0" in payload:
            self.hidden_bytes += len(payload)
            return
        try:
            self._write(self._decoder.decode(payload, is_final))
        except UnicodeDecodeError:
            self.hidden_bytes += len(payload) or 1

    def _write(self, text: str) -> None:
        if text:
            self._last = text[-1]
            self._stream.write(plain(text).encode("utf-8"))
            self._stream.flush()

    def close(self) -> None:
        self._show(b"", is_final=True)
        if self._last != "\n":
            self._write("\n")


class EventLines:
    """Every event as one JSON object a line. `Ended` waits for its metrics: whoever has them writes the last line."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def take(self, batch: Sequence[Event]) -> None:
        self.write(event_line(event) for event in batch if not isinstance(event, Ended))

    def write(self, lines: Iterable[Line]) -> None:
        """Write these lines and flush."""
        self._stream.write(b"".join(json.dumps(line).encode("ascii") + b"\n" for line in lines))
        self._stream.flush()

    def close(self) -> None:
        """Nothing is held back."""


def write_heads(stream: BinaryIO, batch: Sequence[Event]) -> None:
    """Status line and headers of every response head in the batch, then an empty line each."""
    for event in batch:
        if isinstance(event, HeadArrived):
            lines = [f"HTTP/{event.http_version} {event.status} {event.reason}".rstrip()]
            lines += [f"{name}: {value}" for name, value in event.headers]
            stream.write(("\n".join(map(plain, lines)) + "\n\n").encode("utf-8", "replace"))
            stream.flush()
