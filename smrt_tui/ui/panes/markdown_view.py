"""The answer as Markdown, block by block: what is finished is drawn once, only the last block again and again."""

from __future__ import annotations

from smrt_tui.core.decode.channel import Channel
from smrt_tui.core.recorder import Recorder
from smrt_tui.ui.panes.call_view import CallView
from smrt_tui.ui.panes.markdown_lines import Block, parse, render
from smrt_tui.ui.panes.rows import Line, TableRows

_CHARACTERS_AT_ONCE = 4096
"""Parsed in one slice: a few milliseconds."""


class MarkdownRows(TableRows):
    """Lines of finished blocks, then those of the last one."""

    def __init__(self) -> None:
        self.finished: list[Line] = []
        self.last: list[Line] = []

    def __len__(self) -> int:
        return len(self.finished) + len(self.last)

    def line(self, row: int) -> Line:
        """One line."""
        return self.finished[row] if row < len(self.finished) else self.last[row - len(self.finished)]


class MarkdownView(CallView):
    """The text of the first choice, as Markdown."""

    FOLLOWS = True
    FRAMES_PER_SECOND = 15

    _document = MarkdownRows()
    _references: dict[str, object]

    def begin(self) -> None:
        """Nothing drawn yet."""
        self._references = {}
        self._begin_pass()
        self.turn_to(self._document)

    def _begin_pass(self) -> None:
        self._document = MarkdownRows()
        self._finished_to = self._drawn_to = 0
        self._slice = _CHARACTERS_AT_ONCE
        self._known = len(self._references)
        """Link targets that were known when the first block was drawn."""

    def fit(self, width: int) -> None:
        """Everything again, for another width."""
        if self.recorder is not None:
            top = self.view.top
            self._begin_pass()
            self.rows = self._document
            self.view.top = top
            self.changed()

    @property
    def _channel(self) -> Channel | None:
        answer = self.answer
        return answer.choices[0].text if answer is not None and 0 in answer.choices else None

    def take_in_call(self, recorder: Recorder) -> bool:
        """Draw the next blocks, a slice of the text at a time."""
        channel = self._channel
        if channel is None or not self._is_worth_drawing(channel):
            return False
        text = channel.cut(self._finished_to, self._finished_to + self._slice)
        is_all = self._finished_to + len(text) >= channel.length
        self._draw(text, is_all=is_all)
        self._drawn_to = channel.length if is_all else self._finished_to
        if is_all and not self.is_live and len(self._references) > self._known:
            self._begin_pass()  # links of earlier blocks have their targets now
            self.rows = self._document
            return True
        return not is_all

    def _is_worth_drawing(self, channel: Channel) -> bool:
        """Whether enough is new: of a long last block a tenth, so that drawing it costs no more than it grows."""
        new = channel.length - self._drawn_to
        return new > 0 and (not self.is_live or new * 10 >= channel.length - self._finished_to - _CHARACTERS_AT_ONCE)

    def _draw(self, text: str, *, is_all: bool) -> None:
        blocks = parse(text, self._references)
        if len(blocks) < 2 and not is_all:
            self._slice *= 2
            return
        width = self.text_width
        document = self._document
        for block in blocks[:-1]:
            document.finished += render(block.tokens, width)
        document.last = render(blocks[-1].tokens, width) if blocks and is_all else []
        self._finished_to += _offset_of(blocks, text)
        self._slice = _CHARACTERS_AT_ONCE

    def placeholder(self) -> str:
        """Why there is nothing."""
        if self.recorder is None or not len(self.parts):
            return self.why_empty()
        return "No text yet." if self.is_live else "No text was found in this answer."

    def whole_text(self) -> str:
        """The source."""
        return self.decoder.text if self.decoder is not None else ""


def _offset_of(blocks: list[Block], text: str) -> int:
    """Where the last block begins in the text that was parsed."""
    if not blocks:
        return 0
    offset = 0
    for _ in range(blocks[-1].first_line):
        offset = text.index("\n", offset) + 1
    return offset
