"""What stdout gets, each batch as it arrives: the answer's bytes, its text on a terminal, or events as JSON lines.

Writers take batches of events and write; none of them judges or narrates.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterable, Sequence
from typing import BinaryIO, Protocol

from smrt_tui.cli.event_lines import Line, event_line
from smrt_tui.core.decode.decoded import Decoded
from smrt_tui.core.decode.decoder import Decoder
from smrt_tui.core.events import Ended, Event, HeadArrived, PartArrived
from smrt_tui.core.plain import plain
from smrt_tui.core.profile import StreamOptions
from smrt_tui.core.request import header


class AnswerWriter(Protocol):
    """Where the events of one call go."""

    def take(self, batch: Sequence[Event]) -> None:
        """Write what a batch adds and flush it. Raises `OSError` when nobody reads any more."""
        ...

    def close(self) -> str:
        """Write what was held back; what a person has to know beside it, or nothing."""
        ...


class RawAnswer:
    """The answer's bytes exactly as received; a part is out as soon as it is in."""

    def __init__(self, stream: BinaryIO, head: BinaryIO | None = None) -> None:
        self._stream = stream
        self._head = head
        """Where the response head goes; None: nowhere."""

    def take(self, batch: Sequence[Event]) -> None:
        """Write the bytes of the batch's parts."""
        write_heads(self._head, batch)
        payload = _payload(batch)
        if payload:
            self._stream.write(payload)
            self._stream.flush()

    def close(self) -> str:
        """Nothing is held back."""
        return ""


class _Terminal:
    """Text on a terminal: control characters made visible, and an end of line at the end."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._last = ""
        """The last character written; empty while nothing is."""

    def write(self, text: str) -> None:
        if text:
            self._last = text[-1]
            self._stream.write(plain(text).encode("utf-8", "replace"))
            self._stream.flush()

    def end_line(self) -> None:
        if self._last not in ("", "\n"):
            self.write("\n")


class ReadableAnswer:
    """A plain body on a terminal. A binary one is counted, not shown."""

    def __init__(self, stream: BinaryIO, head: BinaryIO | None = None) -> None:
        self._terminal = _Terminal(stream)
        self._head = head
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._hidden = 0

    def take(self, batch: Sequence[Event]) -> None:
        """Write the text of the batch's parts."""
        write_heads(self._head, batch)
        self.show(_payload(batch))

    def show(self, payload: bytes, *, is_final: bool = False) -> None:
        """Write the text of some bytes."""
        if self._hidden or b"\0" in payload:
            self._hidden += len(payload)
            return
        try:
            self._terminal.write(self._decoder.decode(payload, is_final))
        except UnicodeDecodeError:
            self._hidden += max(len(payload), 1)

    def close(self) -> str:
        """Half a character may have been held back."""
        self.show(b"", is_final=True)
        self._terminal.end_line()
        return _not_shown(self._hidden)


class SpokenAnswer:
    """A stream on a terminal: the text that its events carry, as it comes; the whole body where they carry none."""

    def __init__(self, stream: BinaryIO, options: StreamOptions, head: BinaryIO | None = None) -> None:
        self._terminal = _Terminal(stream)
        self._plain_body = ReadableAnswer(stream)
        self._options = options
        self._head = head
        self._decoder = Decoder(options)
        self._silent = bytearray()
        """The body, as long as no text was found in it."""
        self._has_spoken = False

    def take(self, batch: Sequence[Event]) -> None:
        """Write the text that the batch's parts complete."""
        write_heads(self._head, batch)
        for event in batch:
            if isinstance(event, HeadArrived):
                self._decoder = Decoder(self._options, content_type_of(event))
                self._silent.clear()
            elif isinstance(event, PartArrived):
                if not self._has_spoken:
                    self._silent += event.payload
                self._say(self._decoder.push(event.payload, event.number, event.at))

    def _say(self, decoded: Iterable[Decoded]) -> None:
        text = "".join(one.text for one in decoded if one.choice == 0)
        if text:
            self._has_spoken = True
            self._silent.clear()
            self._terminal.write(text)

    def close(self) -> str:
        """The last event may have waited for its end."""
        self._say(self._decoder.close())
        if self._has_spoken:
            self._terminal.end_line()
            return ""
        if self._decoder.binary is not None:
            return _not_shown(len(self._silent))
        self._plain_body.show(bytes(self._silent))
        return self._plain_body.close()


class EventLines:
    """Every event as one JSON object a line. `Ended` waits for its metrics: whoever has them writes the last line."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def take(self, batch: Sequence[Event]) -> None:
        """Write the lines of the batch's events."""
        self.write(event_line(event) for event in batch if not isinstance(event, Ended))

    def write(self, lines: Iterable[Line]) -> None:
        """Write these lines and flush."""
        self._stream.write(b"".join(json.dumps(line).encode("ascii") + b"\n" for line in lines))
        self._stream.flush()

    def close(self) -> str:
        """Nothing is held back."""
        return ""


def write_heads(stream: BinaryIO | None, batch: Sequence[Event]) -> None:
    """Status line and headers of each response head and an empty line; nothing without a stream."""
    if stream is None:
        return
    for event in batch:
        if isinstance(event, HeadArrived):
            lines = [f"HTTP/{event.http_version} {event.status} {event.reason}".rstrip()]
            lines += [f"{name}: {value}" for name, value in event.headers]
            stream.write(("\n".join(map(plain, lines)) + "\n\n").encode("utf-8", "replace"))
            stream.flush()


def _payload(batch: Sequence[Event]) -> bytes:
    return b"".join(event.payload for event in batch if isinstance(event, PartArrived))


def _not_shown(count: int) -> str:
    return f"{count:,} bytes that are no text are not shown; --output FILE keeps them" if count else ""


def content_type_of(head: HeadArrived) -> str:
    """The content type of the answer's payload: the model's own inside a stream, else the response's."""
    inner = header(head.headers, "X-Amzn-SageMaker-Content-Type")
    return inner or header(head.headers, "Content-Type") or ""
