"""The rows of the members form: a member of the operation, and a free header. They show facts and judge nothing.

Each can be switched off, which keeps what is written in it without sending it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.suggester import SuggestFromList
from textual.widgets import Input, Static

from smrt_tui.core.plain import plain
from smrt_tui.core.service import Member
from smrt_tui.ui.widgets.plain_input import PlainInput
from smrt_tui.ui.widgets.rows import Remover


class OnOff(Static):
    """Whether a row is sent: a full circle or an empty one. A click switches."""

    DEFAULT_CSS = """
    OnOff { width: 2; height: 1; color: $text-success; &:hover { background: $block-hover-background; } }
    """

    class Pressed(Message):
        """Posted when the row is to be switched."""

    def show(self, is_on: bool, *, is_empty: bool) -> None:
        """Nothing where there is nothing to switch."""
        self.update("  " if is_empty else "● " if is_on else "○ ")

    def on_click(self) -> None:
        """Tell the row."""
        self.post_message(self.Pressed())


class SwitchedRow(Horizontal):
    """What both kinds of row have in common: the switch, and a value with usual ones to step through."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("insert,ctrl+@", "switch", "On or off", show=False),
        Binding("pagedown", "usual(1)", "Next usual value", show=False),
        Binding("pageup", "usual(-1)", "Usual value before", show=False),
    ]
    """
    | Key | What it does |
    |---|---|
    | insert, ctrl+space | Send it, or keep it without sending it. |
    | page down, page up | The usual values in turn. |
    | right | At the end of what is typed: take the rest that is shown. |
    """

    DEFAULT_CSS = """
    SwitchedRow {
        height: 1;
        & > Input { width: 1fr; min-width: 12; }
        &.-off > Input { color: $text-muted; text-style: strike; }
        &.-off > OnOff { color: $text-muted; }
    }
    """

    @dataclass
    class Edited(Message):
        """Posted when what is written in the row changed, or whether it is sent."""

        row: SwitchedRow

    def __init__(self, *, is_on: bool) -> None:
        super().__init__()
        self.is_on = is_on
        """Whether it is sent, if there is anything to send."""
        self.set_class(not is_on, "-off")

    def on_on_off_pressed(self, event: OnOff.Pressed) -> None:
        """Switch."""
        event.stop()
        self.action_switch()

    def action_switch(self) -> None:
        """Send it, or keep it without sending it."""
        if not self._is_empty():
            self.is_on = not self.is_on
            self.set_class(not self.is_on, "-off")
            self._show_switch()
            self.post_message(self.Edited(self))

    def action_usual(self, by: int) -> None:
        """Put the next usual value in."""
        field, values = self._offered()
        if values:
            now = values.index(field.value) if field.value in values else -1 if by > 0 else 0
            field.value = values[(now + by) % len(values)]
            field.cursor_position = len(field.value)

    def _show_switch(self) -> None:
        self.query_one(OnOff).show(self.is_on, is_empty=self._is_empty())

    def _is_empty(self) -> bool:
        raise NotImplementedError

    def _offered(self) -> tuple[Input, Sequence[str]]:
        """The input that has the focus, and what is usual in it."""
        raise NotImplementedError


class MemberRow(SwitchedRow):
    """A member: switch, name, value, how much of its limit is used, the header that carries it."""

    DEFAULT_CSS = """
    MemberRow {
        & > .field-name { width: 24; height: 1; color: $text-muted; }
        & > .field-gauge { width: 13; height: 1; padding: 0 0 0 1; text-align: right; color: $text-muted; }
        & > .field-note { width: 45; height: 1; padding: 0 1 0 2; color: $text-muted; }
        &:focus-within > .field-name { color: $text-accent; text-style: bold; }
        &.-set > .field-name { color: $foreground; }
        &.-wrong > .field-note, &.-over > .field-gauge { color: $text-warning; }
    }
    """

    def __init__(
        self,
        name: str,
        value: str,
        note: str,
        *,
        member: Member | None,
        usual: Sequence[str] = (),
        is_on: bool = True,
    ) -> None:
        """`member` is None for what the operation does not have."""
        super().__init__(is_on=is_on)
        self.field = name
        """The member's API name."""
        self.value = value
        """As it is written now."""
        self._note = note
        self._member = member
        self._usual = tuple(usual)
        self.set_class(member is None, "-wrong")

    def compose(self) -> ComposeResult:
        """Switch, name, value, gauge, note."""
        yield OnOff(markup=False)
        yield Static(plain(self.field), classes="field-name", markup=False)
        yield PlainInput(
            self.value,
            compact=True,
            placeholder=_hint(self._member),
            select_on_focus=False,
            suggester=SuggestFromList(self._usual, case_sensitive=False) if self._usual else None,
        )
        yield Static(classes="field-gauge", markup=False)
        yield Static(self._note, classes="field-note", markup=False)

    def on_mount(self) -> None:
        """Say how it stands."""
        self._tell()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Pass on what was typed."""
        event.stop()
        if event.value != self.value:
            self.value = event.value
            self._tell()
            self.post_message(self.Edited(self))

    def _tell(self) -> None:
        self.set_class(bool(self.value), "-set")
        self._show_switch()
        words, is_over = gauge(self._member, self.value)
        self.set_class(is_over, "-over")
        self.query_one(".field-gauge", Static).update(words)

    def _is_empty(self) -> bool:
        return not self.value

    def _offered(self) -> tuple[Input, Sequence[str]]:
        return self.query_one(Input), self._usual


def gauge(member: Member | None, value: str) -> tuple[str, bool]:
    """How much of a member's limit a value takes, or between what a number has to be; whether it is too much."""
    if member is None or not value or member.maximum is None:
        return "", False
    if member.kind == "integer":
        is_number = value.isascii() and value.isdigit() and len(value) < 20
        least = member.minimum or 0
        return f"{least:,}–{member.maximum:,}", is_number and not least <= int(value) <= member.maximum
    return f"{len(value):,} / {member.maximum:,}", len(value) > member.maximum


def _hint(member: Member | None) -> str:
    if member is None:
        return ""
    return " | ".join(member.choices) if member.choices else "required" if member.is_required else ""


class HeaderRow(SwitchedRow):
    """A free header: switch, name, value, what becomes of it, ✕."""

    DEFAULT_CSS = """
    HeaderRow {
        & > .pair-name { width: 24; }
        & > .pair-value { margin: 0 0 0 1; }
        & > .pair-fate { width: auto; max-width: 26; height: 1; padding: 0 0 0 1; color: $text-warning; }
    }
    """

    @dataclass
    class Removed(Message):
        """Posted when the row is to go."""

        row: HeaderRow

    def __init__(self, name: str, value: str, *, names: Sequence[str], fate: str = "", is_on: bool = True) -> None:
        """`names` are offered while the name is typed."""
        super().__init__(is_on=is_on)
        self.pair = (name, value)
        """The name and the value as they are written now."""
        self._names = tuple(names)
        self._fate = fate

    def compose(self) -> ComposeResult:
        """Switch, name, value, fate, ✕."""
        name, value = self.pair
        names = SuggestFromList(self._names, case_sensitive=False)
        yield OnOff(markup=False)
        yield PlainInput(
            name, compact=True, placeholder="X-Header", classes="pair-name", select_on_focus=False, suggester=names
        )
        yield PlainInput(value, compact=True, placeholder="value", classes="pair-value", select_on_focus=False)
        yield Static(self._fate, classes="pair-fate", markup=False)
        yield Remover()

    def on_mount(self) -> None:
        """Say how it stands."""
        self._show_switch()

    def show_fate(self, fate: str) -> None:
        """Say what becomes of it."""
        if fate != self._fate:
            self._fate = fate
            self.query_one(".pair-fate", Static).update(fate)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Pass on what was typed."""
        event.stop()
        name, value = self.pair
        pair = (event.value, value) if event.input.has_class("pair-name") else (name, event.value)
        if pair != self.pair:
            self.pair = pair
            self._show_switch()
            self.post_message(self.Edited(self))

    def on_remover_pressed(self, event: Remover.Pressed) -> None:
        """Ask the form to take this row away."""
        event.stop()
        self.post_message(self.Removed(self))

    def _is_empty(self) -> bool:
        return not self.pair[0].strip()

    def _offered(self) -> tuple[Input, Sequence[str]]:
        name = self.query_one(".pair-name", Input)
        return (name, self._names) if name.has_focus else (self.query_one(".pair-value", Input), ())
