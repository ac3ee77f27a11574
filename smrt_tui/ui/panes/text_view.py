"""The answer as text while it grows: what the model says, and dimmed what it thinks and which tools it calls.

Only what is new is taken out of the decoder, in the order of the events that brought it.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual.binding import Binding, BindingType

from smrt_tui.core.plain import plain
from smrt_tui.core.recorder import Recorder
from smrt_tui.ui.panes.call_view import CallView
from smrt_tui.ui.panes.job_words import job_words
from smrt_tui.ui.panes.messages import Located
from smrt_tui.ui.panes.text_pane import TextPane
from smrt_tui.ui.panes.wrapped import WrappedText

if TYPE_CHECKING:
    from smrt_tui.core.decode.answer import Answer
    from smrt_tui.core.decode.channel import Channel


_CHARACTERS_AT_ONCE = 256 * 1024
_STRETCH = 4096
"""Bytes after which the place of what follows is noted anew, so that a character is found without reading them all."""


class Voice(NamedTuple):
    """One of the texts an answer consists of."""

    key: tuple[int, str]
    """Which choice, and what of it."""
    label: str
    style: str
    channel: Channel


class _Stretch(NamedTuple):
    """Text of one voice without another in between, or the next few thousand characters of it."""

    shown_at: int
    """Its first byte in the shown text."""
    key: tuple[int, str]
    taken_from: int
    """Its first character in the voice's channel."""


def voices(answer: Answer, *, is_live: bool) -> Iterator[list[Voice]]:
    """The texts of each choice; while more may arrive only of the first, since two can't grow in one place."""
    for number in sorted(answer.choices)[: 1 if is_live else None]:
        choice = answer.choices[number]
        prefix = f"choice {number} · " if number else ""
        tools = [
            Voice((number, f"tool {index}"), f"{prefix}tool call {plain(call.name)}".rstrip(), "code", call.arguments)
            for index, call in sorted(choice.tools.items())
        ]
        yield [
            Voice((number, "reasoning"), f"{prefix}reasoning", "reasoning", choice.reasoning),
            Voice((number, "text"), f"{prefix}answer", "", choice.text),
            *tools,
        ]


class TextView(CallView, TextPane):
    """The decoded text of the answer."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("l,right", "token(1)", "Next token", show=False, id="text.next-token"),
        Binding("h,left", "token(-1)", "Token before", show=False, id="text.previous-token"),
    ]
    """
    | Key(s) | Description |
    | :- | :- |
    | l, right / h, left | Mark the next token / the one before; the other views go to its event, part and frame. |
    """

    def begin(self) -> None:
        """Nothing taken yet."""
        self.text = WrappedText(self.text_width)
        self._taken: dict[tuple[int, str], int] = {}
        self._stretches: list[_Stretch] = []
        self._shown_at = array("Q")
        self.turn_to(self.text)

    def take_in_call(self, recorder: Recorder) -> bool:
        """Take what each voice has said since, in the order in which they spoke."""
        room = _CHARACTERS_AT_ONCE
        answer = self.answer
        if answer is not None:
            for choice in voices(answer, is_live=self.is_live):
                while room > 0 and (taken := self._take_piece(choice, room)):
                    room -= taken
        return room <= 0 or not self.text.is_settled

    def _take_piece(self, choice: list[Voice], room: int) -> int:
        """Append the next piece of whoever speaks next; its characters."""
        waiting = [
            (event, voice)
            for voice in choice
            if (event := voice.channel.event_at(self._taken.get(voice.key, 0))) is not None
        ]
        if not waiting:
            return 0
        waiting.sort(key=lambda pair: pair[0])
        voice = waiting[0][1]
        start = self._taken.get(voice.key, 0)
        end = start + room
        if len(waiting) > 1:
            end = min(end, _first_of_event(voice.channel, max(waiting[1][0], waiting[0][0] + 1), start))
        piece = voice.channel.cut(start, end)
        self._begin_stretch(voice, start)
        self.text.append(piece, voice.style)
        self._taken[voice.key] = start + len(piece)
        return len(piece)

    def _begin_stretch(self, voice: Voice, start: int) -> None:
        """Say who speaks, unless it is the same as before, or the answer of a model that does nothing else."""
        is_same = bool(self._stretches) and self._stretches[-1].key == voice.key
        if is_same and len(self.text.raw) - self._stretches[-1].shown_at < _STRETCH:
            return
        if not is_same and (self._stretches or voice.key != (0, "text")):
            newlines = "" if not self._stretches else "\n" if self.text.raw.endswith(b"\n") else "\n\n"
            self.text.append(f"{newlines}▾ {voice.label}\n", "label")
        self._stretches.append(_Stretch(len(self.text.raw), voice.key, start))
        self._shown_at.append(len(self.text.raw))

    def placeholder(self) -> str:
        """Why there is no text."""
        if self.recorder is None or self.is_live:
            return "" if self.recorder is None else job_words(self.recorder) or "No text yet."
        if not len(self.parts):
            return job_words(self.recorder) or "No text: the answer has no body."
        return "No text was found in this answer. Events, JSON, Raw and Hex show what arrived."

    # The same place in other views

    def action_token(self, step: int) -> None:
        """Go to the token after or before the one that is marked; from none, to the one that a person looks at."""
        if self.marks.located is None:
            found = self.here()
        else:
            start, end = self.marks.located
            found = self._token_from(end if step > 0 else start - 1, step)
        if found is not None:
            self.locate(found[0])
            self.post_message(Located(found[0]))

    def _token_from(self, point: int, step: int) -> tuple[int, int] | None:
        """The bytes of the nearest event with text at or beyond a point; labels between voices are passed over."""
        while 0 <= point < len(self.text.raw):
            found = self._event_bytes(point)
            if found is not None:
                return found
            point += step
        return None

    def clicked(self, point: int) -> None:
        """Mark the token, and tell which byte of the body brought it."""
        super().clicked(point)
        found = self._event_bytes(point)
        if found is not None:
            self.locate(found[0])
            self.post_message(Located(found[0]))

    def here(self) -> tuple[int, int] | None:
        """The event that brought the marked token; without one the newest while it follows, or that of the top row."""
        if self.marks.located is not None:
            return self._event_bytes(self.marks.located[0])
        if not len(self.text):
            return None
        if self.is_following:
            return self._token_from(len(self.text.raw) - 1, -1)
        return self._token_from(self.text.point(self.view.top, 0), 1)

    def offset_at(self, row: int) -> int | None:
        """The first byte of the event that brought the row's first character."""
        found = self._event_bytes(self.text.point(row, 0))
        return None if found is None else found[0]

    def _event_bytes(self, point: int) -> tuple[int, int] | None:
        """The place of the event that brought the character at a point; None for a label."""
        position = bisect_right(self._shown_at, point) - 1
        answer = self.answer
        if position < 0 or answer is None:
            return None
        stretch = self._stretches[position]
        channel = self._channels(answer).get(stretch.key)
        if channel is None:
            return None
        last = position + 1 == len(self._stretches)
        source = channel.cut(stretch.taken_from, None if last else self._taken_to(position))
        index = _index_of(source, point - stretch.shown_at)
        event = channel.event_at(stretch.taken_from + index) if index < len(source) else None
        return None if event is None else answer.places[event][:2]

    def _taken_to(self, position: int) -> int:
        """Where in its voice's channel a stretch ends that is not the last one."""
        key = self._stretches[position].key
        following = (one.taken_from for one in self._stretches[position + 1 :] if one.key == key)
        return next(following, self._taken.get(key, 0))

    def point_of(self, byte_offset: int) -> int | None:
        """Where the text of the event that holds it begins."""
        span = self._shown_span(byte_offset)
        return None if span is None else span[0]

    def locate(self, byte_offset: int) -> None:
        """Mark the text of the event that holds this byte."""
        span = self._shown_span(byte_offset)
        if span is not None:
            self.marks.located = span
            self.show_point(span[0])
            self.redraw()

    def _shown_span(self, byte_offset: int) -> tuple[int, int] | None:
        answer = self.answer
        event = None if answer is None else answer.places.at_byte(byte_offset)
        if answer is None or event is None:
            return None
        for key, channel in self._channels(answer).items():
            span = channel.span_of(event)
            if span is not None and (start := self._shown_offset(key, channel, span[0])) is not None:
                return start, start + len(plain(channel.cut(*span)).encode())
        return None

    def _shown_offset(self, key: tuple[int, str], channel: Channel, index: int) -> int | None:
        if index >= self._taken.get(key, 0):
            return None  # not shown yet
        stretch = max((one for one in self._stretches if one.key == key and one.taken_from <= index), default=None)
        if stretch is None:
            return None
        return stretch.shown_at + len(plain(channel.cut(stretch.taken_from, index)).encode())

    def _channels(self, answer: Answer) -> dict[tuple[int, str], Channel]:
        return {voice.key: voice.channel for choice in voices(answer, is_live=False) for voice in choice}


def _first_of_event(channel: Channel, event: int, start: int) -> int:
    """The index of the first character that came from that event or a later one."""
    low, high = start, channel.length
    while low < high:
        middle = (low + high) // 2
        found = channel.event_at(middle)
        low, high = (low, middle) if found is None or found >= event else (middle + 1, high)
    return low


def _index_of(source: str, shown_bytes: int) -> int:
    """Which character of a text is shown that many bytes after its beginning."""
    if plain(source) is source:
        return len(source.encode()[:shown_bytes].decode(errors="ignore"))
    ends = accumulate(len(plain(character).encode()) for character in source)
    return next((index for index, end in enumerate(ends) if end > shown_bytes), len(source))
