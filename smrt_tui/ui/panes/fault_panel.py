"""What went wrong, in plain language, above or below what arrived and never over it."""

from __future__ import annotations

import textwrap
from typing import ClassVar

from rich.segment import Segment
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from smrt_tui.core.canonical import first_difference, refused_signature, without_quotes
from smrt_tui.core.plain import plain
from smrt_tui.core.recorder import Recorder, Verdict
from smrt_tui.ui.panes.units import counted

_MOST_LINES = 6


class FaultPanel(Widget):
    """The fault of one call; no room at all while there is none."""

    ALLOW_SELECT = False

    COMPONENT_CLASSES: ClassVar[set[str]] = {"fault--title", "fault--hint"}

    DEFAULT_CSS = """
    FaultPanel {
        height: auto;
        width: 1fr;
        padding: 0 1;
        background: $error 15%;
        color: $foreground;
        display: none;
        & > .fault--title { color: $text-error; text-style: bold; }
        & > .fault--hint { color: $foreground 70%; }
        &.-shown { display: block; }
        &.-cancelled { background: $warning 15%; }
        &.-cancelled > .fault--title { color: $text-warning; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._said: tuple[tuple[str, str], ...] = ()

    def show(self, recorder: Recorder | None) -> None:
        """Say what is wrong with the call so far."""
        said = () if recorder is None else fault_texts(recorder)
        if said == self._said:
            return
        self._said = said
        self.set_class(bool(said), "-shown")
        self.set_class(recorder is not None and recorder.verdict is Verdict.CANCELLED, "-cancelled")
        self.refresh(layout=True)

    @property
    def said(self) -> tuple[tuple[str, str], ...]:
        """Texts with their styles, as they show."""
        return self._said

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as it takes, up to six."""
        return len(self._lines(width))

    def _lines(self, width: int) -> list[tuple[str, str]]:
        lines = [(line, style) for text, style in self._said for line in textwrap.wrap(text, max(8, width))]
        if len(lines) > _MOST_LINES:
            lines = [*lines[: _MOST_LINES - 1], ("… the whole of it is in the Wire view", "fault--hint")]
        return lines

    def render_line(self, y: int) -> Strip:
        """One line."""
        lines = self._lines(self.size.width)
        text, style = lines[y] if y < len(lines) else ("", "")
        rich_style = self.get_component_rich_style(style) if style else self.rich_style
        return Strip([Segment(text, rich_style)]).adjust_cell_length(self.size.width, self.rich_style)


def fault_texts(recorder: Recorder) -> tuple[tuple[str, str], ...]:
    """What to say of a call, each text with the component class it is drawn in; nothing while all is well."""
    texts: list[tuple[str, str]] = []
    if recorder.service_fault is not None:
        texts += _service_fault(recorder)
    if recorder.transport_fault is not None:
        texts += [
            (f"✗ {recorder.transport_fault.code}", "fault--title"),
            (recorder.transport_fault.message, ""),
            (f"→ {recorder.transport_fault.hint}" if recorder.transport_fault.hint else "", "fault--hint"),
        ]
    if recorder.rejected is not None:
        texts += [(f"✗ frame rejected: {recorder.rejected.reason}", "fault--title"), (recorder.rejected.message, "")]
    if recorder.verdict is Verdict.CANCELLED:
        texts.insert(0, ("■ Cancelled", "fault--title"))
    if texts and len(recorder.parts):
        texts.append((_kept(recorder), "fault--hint"))
    return tuple((plain(text), style) for text, style in texts if text)


def _service_fault(recorder: Recorder) -> list[tuple[str, str]]:
    fault = recorder.service_fault
    assert fault is not None
    title = f"✗ {fault.code}" + (f" ({fault.error_code})" if fault.error_code else "")
    title += " inside the stream" if fault.status is None else f" · HTTP {fault.status}"
    if fault.original_status is not None:
        title += f" · the container answered {fault.original_status or 'nothing'}"
    difference = first_difference(refused_signature(recorder.attempt.signed, fault))
    message = without_quotes(fault.message) if difference else fault.message
    texts = [(title, "fault--title"), (message, ""), (f"→ {difference}" if difference else "", "fault--hint")]
    if fault.original_message and fault.original_message not in fault.message:
        texts.append((fault.original_message, ""))
    if fault.log_stream_arn:
        texts.append((f"→ log: {fault.log_stream_arn}", "fault--hint"))
    return texts


def _kept(recorder: Recorder) -> str:
    parts = recorder.parts
    arrived = f"The {counted(len(parts), 'part')} ({parts.total:,} bytes) that arrived before are below"
    return f"{arrived}." if parts.is_whole else f"{arrived}, the first {len(parts.body):,} bytes of them."
