"""The answer as text while it grows: what the model says, and dimmed what it thinks and which tools it calls.

Only what is new is taken out of the decoder, in the order of the events that brought it.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from smrt_tui.core.decode import Answer, Channel
from smrt_tui.core.plain import plain
from smrt_tui.core.recorder import Recorder
from smrt_tui.ui.panes.call_view import CallView
from smrt_tui.ui.panes.job_words import job_words
from smrt_tui.ui.panes.messages import Located
from smrt_tui.ui.panes.text_pane import TextPane
from smrt_tui.ui.panes.wrapped import WrappedText

_CHARACTERS_AT_ONCE = 256 * 1024


class Voice(NamedTuple):
    """One of the texts an answer consists of."""

    key: tuple[int, str]
    """Which choice, and what of it."""
    label: str
    style: str
    channel: Channel


class _Stretch(NamedTuple):
    """Text of one voice without another in between."""

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
        if self._stretches and self._stretches[-1].key == voice.key:
            return
        if self._stretches or voice.key != (0, "text"):
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

    def clicked(self, point: int) -> None:
        """Tell which byte of the body brought this character."""
        super().clicked(point)
        offset = self._body_offset(point)
        if offset is not None:
            self.post_message(Located(offset))

    def _body_offset(self, point: int) -> int | None:
        position = bisect_right(self._shown_at, point) - 1
        answer = self.answer
        if position < 0 or answer is None:
            return None
        stretch = self._stretches[position]
        channel = self._channels(answer).get(stretch.key)
        index = stretch.taken_from + len(self.text.raw[stretch.shown_at : point].decode(errors="ignore"))
        event = channel.event_at(index) if channel else None
        return None if event is None else answer.places[event].start

    def locate(self, byte_offset: int) -> None:
        """Mark the text of the event that holds this byte."""
        answer = self.answer
        event = None if answer is None else answer.places.at_byte(byte_offset)
        if answer is None or event is None:
            return
        for key, channel in self._channels(answer).items():
            span = channel.span_of(event)
            if span is not None and (start := self._shown_offset(key, channel, span[0])) is not None:
                self.marks.located = (start, start + len(plain(channel.cut(*span)).encode()))
                self.show_point(start)
                self.redraw()

    def _shown_offset(self, key: tuple[int, str], channel: Channel, index: int) -> int | None:
        stretch = max(
            (stretch for stretch in self._stretches if stretch.key == key and stretch.taken_from <= index),
            default=None,
        )
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
