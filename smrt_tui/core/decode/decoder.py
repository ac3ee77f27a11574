"""The decoder: the parts of one body in, its events and its growing answer out. Pure: no clock, no socket, no screen.

Raw parts are the recorder's; a decoder only reads them, so a finished body can be decoded again in another way.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final, Protocol

from smrt_tui.core.decode.answer import Answer
from smrt_tui.core.decode.binary import BinaryFacts, BinaryFramer
from smrt_tui.core.decode.decoded import PROSE, Decoded, Frame
from smrt_tui.core.decode.jsonstream import JsonFramer
from smrt_tui.core.decode.presets import find_preset
from smrt_tui.core.decode.rawtext import TextFramer, ends_inside_character
from smrt_tui.core.decode.reader import Reader
from smrt_tui.core.decode.sniff import Framing, Sniffer
from smrt_tui.core.decode.sse import SseFramer

if TYPE_CHECKING:
    from smrt_tui.core.events import PartArrived
    from smrt_tui.core.profile import StreamOptions

EVENT_LIMIT: Final = 8 * 1024 * 1024
"""Bytes of the longest line or value that is still read as an event."""

_DOUBT: Final = 512
"""Bytes of a body taken for text in which a NUL or broken UTF-8 shows that it is none."""


_MANY: Final = 8
"""Parts of text from which on decoding them at once takes less time than one by one."""


class _Framer(Protocol):
    @property
    def is_inside(self) -> bool: ...

    def feed(self, payload: bytes) -> list[Frame]: ...

    def close(self) -> list[Frame]: ...


class Decoder:
    """Turns one body into an answer. Push parts in order, then close. Any cutting into parts gives the same answer.

    With `decoder: auto` the first bytes decide how the body is framed. When that proves wrong before anything was
    understood, everything is decoded anew: `restarts` goes up by one, `answer` is another one, and the list that
    comes back begins at the first part again.
    """

    framing: Framing | None
    """How bytes become events; None while the first bytes have not told."""
    answer: Answer
    """Everything decoded so far."""
    cut_events: array[int]
    """The parts that end inside an event: those whose reader must wait for the next."""
    cut_characters: array[int]
    """The parts that end inside a character of UTF-8."""

    def __init__(self, options: StreamOptions | None = None, content_type: str = "", limit: int = EVENT_LIMIT) -> None:
        self._options = options or _default_options()
        self._limit = limit
        self._sniffer = Sniffer(content_type)
        self._kept: list[tuple[bytes, int, float]] | None = []
        """The parts so far, while they may yet be framed another way. The bytes are the recorder's own."""
        self._size = 0
        self._last = (0, 0.0)
        self.restarts = 0
        """How often everything was decoded anew; at most twice."""
        self.is_closed = False
        self.ended_inside = False
        """Whether the body ended inside an event or a character."""
        told = _told_framing(self._options)
        self._begin(told)
        if told is not None:
            self._kept = None

    @property
    def text(self) -> str:
        """The answer of the first choice. Costs a join."""
        return self.answer.choice(0).text.text if 0 in self.answer.choices else ""

    @property
    def reasoning(self) -> str:
        """The reasoning of the first choice. Costs a join."""
        return self.answer.choice(0).reasoning.text if 0 in self.answer.choices else ""

    @property
    def preset(self) -> str | None:
        """The name of the preset that fits; None while, or because, none is known to."""
        if self.framing == "text" or self._is_prose:
            return "raw-text"
        return self._reader.preset.name if self._reader.preset else None

    @property
    def guess(self) -> str:
        """How the body is being read, for people: `auto: sse · openai-chat`."""
        how: str = self.framing or "…"
        if self.framing in ("sse", "json") and self.preset is not None:
            how = f"{how} · {self.preset}"
        media_type = self.binary.media_type if self.binary else ""
        if media_type:
            how = f"{how} · {media_type}"
        return f"auto: {how}" if self._options.decoder == "auto" else how

    @property
    def is_whole(self) -> bool:
        """Whether the body is one document and no stream of tokens."""
        return self._reader.shape.is_whole

    @property
    def is_unterminated(self) -> bool:
        """Whether the body is over without the end that its format always tells, or inside an event and without any."""
        return self.is_closed and not self.answer.has_ended and (self.ended_inside or self._reader.shape.has_end)

    @property
    def binary(self) -> BinaryFacts | None:
        """What is known of a binary body; None when it is none."""
        return self._framer.facts() if isinstance(self._framer, BinaryFramer) else None

    def push(self, payload: bytes, number: int, at: float) -> list[Decoded]:
        """Decode one part: its bytes, its number, and when it was read. The events that it completes come back."""
        if self._kept is not None:
            return self._push_in_doubt(payload, number, at)
        decoded: list[Decoded] = []
        self._decode(payload, number, at, decoded)
        return decoded

    def push_many(self, parts: Iterable[PartArrived]) -> list[Decoded]:
        """Decode parts one after the other."""
        decoded: list[Decoded] = []
        coming = iter(parts)
        for part in coming:
            if self._kept is None:
                self._decode_all([part, *coming], decoded)
            else:
                before = self.restarts
                anew = self._push_in_doubt(part.payload, part.number, part.at)
                decoded = decoded + anew if self.restarts == before else anew
        return decoded

    def close(self) -> list[Decoded]:
        """The body is over: what is left comes back. Twice is the same as once."""
        if self.is_closed:
            return []
        decoded: list[Decoded] = []
        if self.framing is None and self._kept is not None:
            self._begin(self._sniffer.settle())
            decoded = self._decode_in_doubt(self._kept)
        decoded += self._close_framer()
        decoded += self.answer.close(self._size, *self._last)
        self.is_closed = True
        return decoded

    def _begin(self, framing: Framing | None) -> None:
        self.framing = framing
        self.answer = Answer()
        self._reader = Reader(self._options)
        self._framer: _Framer = self._new_framer(framing)
        self.cut_events = array("I")
        self.cut_characters = array("I")
        self._tail = b""
        self._is_prose = False
        """Whether the data of server-sent events is text and no JSON."""
        self._is_understood: bool | None = None
        """Whether the first thing found, comments aside, was an event."""

    def _new_framer(self, framing: Framing | None) -> _Framer:
        match = self._reader.match
        done = "[DONE]" if self._options.done is None else self._options.done
        match framing:
            case "sse":
                return SseFramer(done, self._limit, match, is_json=self._options.preset != "raw-text")
            case "json":
                return JsonFramer(done, self._limit, match)
            case "binary":
                return BinaryFramer()
            case _:
                return TextFramer()

    # Finding out how the body is framed

    def _push_in_doubt(self, payload: bytes, number: int, at: float) -> list[Decoded]:
        assert self._kept is not None
        self._kept.append((payload, number, at))
        if self.framing is not None:
            return self._decode_in_doubt(self._kept[-1:])
        framing = self._sniffer.feed(payload)
        if framing is None:
            return []
        self._begin(framing)
        return self._decode_in_doubt(self._kept)

    def _decode_in_doubt(self, parts: Sequence[tuple[bytes, int, float]]) -> list[Decoded]:
        decoded: list[Decoded] = []
        for payload, number, at in parts:
            self._decode(payload, number, at, decoded)
        anew = self._restarted()
        return decoded if anew is None else anew

    def _restarted(self) -> list[Decoded] | None:
        """Everything anew, when what was found so far says that the body is framed otherwise; None when it does not."""
        assert self._kept is not None
        better = self._better_framing()
        if better is None:
            return None
        self.restarts += 1
        self._begin(better)
        return self._decode_in_doubt(self._kept)

    def _better_framing(self) -> Framing | None:
        assert self._kept is not None
        if self.framing == "text":
            head = b"".join(payload for payload, _, _ in self._kept)[:_DOUBT]
            if self._sniffer.is_binary(head):
                return "binary"
            if len(head) == _DOUBT:
                self._kept = None
        elif self.framing == "binary" or self._is_understood:
            self._kept = None
        elif self._is_understood is False:
            return "text"
        return None

    # Decoding

    def _decode(self, payload: bytes, number: int, at: float, decoded: list[Decoded]) -> None:
        framer = self._framer
        for frame in framer.feed(payload):
            kind, start, end, value = frame
            if kind == "plain":
                text, plain = value
                decoded.append(self.answer.take_plain(start, end, text, plain, number, at))
            else:
                self._take(frame, number, at, decoded)
        self._size += len(payload)
        self._last = (number, at)
        if framer.is_inside:
            (self.cut_characters if self.framing == "text" else self.cut_events).append(number)
        if payload[-1:] > b"\x7f":
            self._note_tail(payload, number)
        elif payload:
            self._tail = b""

    def _decode_all(self, parts: Sequence[PartArrived], decoded: list[Decoded]) -> None:
        """Parts one after the other; those of plain text at once, which takes a third of the time."""
        if len(parts) >= _MANY and isinstance(self._framer, TextFramer):
            filled = [part for part in parts if part.payload]
            payloads = [part.payload for part in filled]
            texts = self._framer.feed_whole(payloads)
            if texts:
                sizes = list(map(len, payloads))
                start, self._size = self._size, self._size + sum(sizes)
                self._last = (parts[-1].number, parts[-1].at)
                numbers, times = [part.number for part in filled], [part.at for part in filled]
                decoded += self.answer.take_texts(start, sizes, texts, numbers, times)
                return
        for part in parts:
            self._decode(part.payload, part.number, part.at, decoded)

    def _note_tail(self, payload: bytes, number: int) -> None:
        self._tail = (self._tail + payload[-3:])[-3:]
        if self.framing in ("sse", "json") and ends_inside_character(self._tail):
            self.cut_characters.append(number)

    def _take(self, frame: Frame, number: int, at: float, decoded: list[Decoded]) -> None:
        kind, start, end, value = frame
        if kind == "plain":
            decoded.append(self.answer.take_plain(start, end, value[0], value[1], number, at))
        elif kind == "json":
            self._is_understood = self._is_understood is not False
            choices = self._reader.read(*value)
            is_token = self._reader.shape.is_token
            decoded += self.answer.take_event(start, end, choices, number, at, is_token=is_token)
        elif kind == "string":
            self._take_string(frame, number, at, decoded)
        else:
            if kind != "comment" and self._is_understood is None:
                self._is_understood = kind == "done"
            decoded.append(self.answer.take_mark(kind, start, end, value or "", number, at))

    def _take_string(self, frame: Frame, number: int, at: float, decoded: list[Decoded]) -> None:
        """Data of a server-sent event that is no JSON: text as it is, unless the events are JSON."""
        _, start, end, text = frame
        if self._is_understood is None:
            self._is_prose = self._is_understood = not text.lstrip().startswith(("{", "["))
        if self._is_prose or self._options.preset == "raw-text":
            decoded.append(self.answer.take_plain(start, end, text, PROSE, number, at))
        else:
            decoded.append(self.answer.take_mark("bad", start, end, "data that is no JSON", number, at))

    def _close_framer(self) -> list[Decoded]:
        self.ended_inside = self._framer.is_inside
        decoded: list[Decoded] = []
        for frame in self._framer.close():
            self._take(frame, *self._last, decoded)
        anew = None if self._kept is None else self._restarted()
        return decoded if anew is None else anew + self._close_framer()


def _default_options() -> StreamOptions:
    from smrt_tui.core.profile import StreamOptions

    return StreamOptions()


def _told_framing(options: StreamOptions) -> Framing | None:
    """How the profile says that the body is framed; None when it says nothing."""
    if options.decoder != "auto":
        return "json" if options.decoder == "jsonlines" else options.decoder
    preset = find_preset(options.preset or "")
    return preset.framing if preset else None


def decode_whole(body: bytes, content_type: str = "", options: StreamOptions | None = None) -> Decoder:
    """A closed decoder of a body that is there as a whole: a plain answer, or a finished stream read another way."""
    decoder = Decoder(options, content_type, limit=max(EVENT_LIMIT, len(body)))
    decoder.push(body, 0, 0.0)
    decoder.close()
    return decoder
