"""The dialogs: a question, a text to read, the list of findings. Each returns what was chosen; none acts by itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, OptionList, Static
from textual.widgets.option_list import Option

from smrt_tui.core.plain import plain
from smrt_tui.ui.widgets.lint_strip import MARKS

if TYPE_CHECKING:
    from smrt_tui.core.finding import Finding


class Question(ModalScreen[bool]):
    """Yes or no, no being the easy one."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(False)", "No", show=False)]

    AUTO_FOCUS = "#no"

    def __init__(self, *, title: str, text: str, agree: str) -> None:
        super().__init__()
        self._title = title
        self._text = text
        self._agree = agree

    def compose(self) -> ComposeResult:
        """Text and two buttons."""
        with Vertical(classes="dialog") as box:
            box.border_title = self._title
            yield Static(plain(self._text), markup=False, classes="dialog-text")
            with Horizontal(classes="dialog-buttons"):
                yield Button("Cancel", id="no", compact=True)
                yield Button(self._agree, id="yes", variant="warning", compact=True)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Answer."""
        self.dismiss(event.button.id == "yes")


class Reading(ModalScreen[None]):
    """A text to read, scrolled by keys or wheel."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,f3", "dismiss", "Close", show=False)]

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self._title = title
        self._text = text

    def compose(self) -> ComposeResult:
        """The text in a scroll."""
        with VerticalScroll(classes="dialog -large") as box:
            box.border_title = self._title
            box.border_subtitle = "esc closes"
            yield Static(plain(self._text), markup=False)


class FindingList(ModalScreen["Finding | None"]):
    """Everything found, worst first; enter applies the repair of the chosen one."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,ctrl+l", "dismiss", "Close", show=False)]

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__()
        self._findings = tuple(findings)

    def compose(self) -> ComposeResult:
        """A list, or a sentence when it is empty."""
        with Vertical(classes="dialog -large") as box:
            count = len(self._findings)
            box.border_title = f"{count} {'finding' if count == 1 else 'findings'}"
            box.border_subtitle = "enter applies a fix · esc closes"
            if self._findings:
                yield OptionList(*(Option(_lines(finding)) for finding in self._findings))
            else:
                yield Static("Nothing was found about this request.", markup=False, classes="dialog-text")

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Hand the finding back, when it has a repair."""
        finding = self._findings[event.option_index]
        if finding.fix is not None:
            self.dismiss(finding)
        else:
            self.notify("This one has no fix of its own", timeout=3)


def _lines(finding: Finding) -> Content:
    fix = "  [fix]" if finding.fix is not None else ""
    lines = [f"{MARKS[finding.severity]} {plain(finding.where)}{fix}", f"  {plain(finding.message)}"]
    lines += [f"  → {plain(finding.hint)}"] if finding.hint else []
    lines += [f"  seen: {plain(finding.evidence)}"] if finding.evidence else []
    lines += [f"  {plain(finding.source)}"] if finding.source else []
    return Content("\n".join(lines))
