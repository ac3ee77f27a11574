"""The content-type probe over the screen: first the choice of types, then a table that fills as the calls end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Static
from textual.widgets.selection_list import Selection

from smrt_tui.core.plain import plain
from smrt_tui.core.probe import (
    COLUMNS,
    MOST_PAIRS,
    OFFERED_ACCEPTS,
    OFFERED_CONTENT_TYPES,
    Outcome,
    Pair,
    as_markdown,
    default_choice,
    pair_cells,
    pairs_of,
)
from smrt_tui.probing import probe
from smrt_tui.ui.table_view import TableView
from smrt_tui.ui.tick_list import TickList

if TYPE_CHECKING:
    from textual.widgets import DataTable

    from smrt_tui.core.draft import Draft, ResolvedDraft
    from smrt_tui.core.events import Call

NO_HEADER = "(none: send no such header)"


class ProbeScreen(ModalScreen[None]):
    """Choose, fire, read, copy."""

    DEFAULT_CSS = """
    ProbeScreen {
        #choice { height: 1fr; }
        #choice Vertical { width: 1fr; height: 1fr; }
        TickList { height: 1fr; border: none; padding: 0; background: transparent; }
        TickList:focus { border: none; }
        .list-title { color: $text-muted; text-style: bold; height: 1; }
        Input { border: none; height: 1; padding: 0; margin: 0 1 0 0; background: $panel; }
        Input:focus { border: none; }
        TableView, #told { display: none; }
        #told { height: auto; max-height: 4; background: $panel; padding: 0 1; }
        &.-fired TableView, &.-fired #told { display: block; }
        &.-fired #choice { display: none; }
        #progress { width: 1fr; height: 1; }
        .dialog-buttons Button { width: auto; min-width: 0; padding: 0 1; margin: 0 0 0 1; }
        .dialog-buttons #leave { min-width: 9; }
        .dialog-buttons #fire { min-width: 16; }
    }
    """

    HELP = """Every pair of a content type and an Accept is one call with the payload as it is, two calls at a time.
    Tick what to try on both sides, add types of your own, and fire. An error is an outcome like any other: its row
    tells what the container said. Nothing is fired before you say so, and esc stops what runs."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Stop, or close", show=False),
        Binding("f5,ctrl+j", "fire", "Fire the grid, or go back to the choice", show=False),
        Binding("c", "copy", "Copy the table as Markdown", show=False),
    ]

    def __init__(self, draft: Draft, resolved: ResolvedDraft, fire: Callable[[ResolvedDraft], Awaitable[Call]]) -> None:
        super().__init__()
        self._draft = draft
        self._resolved = resolved
        self._fire = fire
        self._types: dict[str, list[str]] = {}
        """What either list offers, in its order."""
        self._outcomes: dict[int, Outcome] = {}
        self._pairs: tuple[Pair, ...] = ()
        self._probing: asyncio.Task[None] | None = None

    def compose(self) -> ComposeResult:
        """Two lists beside each other; the table in their place once fired."""
        content_types, accepts = default_choice(self._draft)
        self._types = {
            "content-types": list(dict.fromkeys((*content_types, *OFFERED_CONTENT_TYPES))),
            "accepts": list(dict.fromkeys((*accepts, *OFFERED_ACCEPTS))),
        }
        with Vertical(classes="dialog -whole") as box:
            box.border_title = f"Probe content types: {self._resolved.mode} {plain(self._resolved.endpoint)}"
            with Horizontal(id="choice"):
                yield from _list("content-types", "ContentType", self._types["content-types"], content_types)
                yield from _list("accepts", "Accept", self._types["accepts"], accepts)
            yield TableView(COLUMNS, widest=max(32, self.app.size.width - 110), first=32, fixed=2)
            with VerticalScroll(id="told", can_focus=False):
                yield Static(markup=False)
            with Horizontal(classes="dialog-buttons"):
                yield Static(id="progress", markup=False)
                yield Button("Fire", id="fire", compact=True, variant="primary")
                yield Button("Copy as Markdown", id="copy", compact=True)
                yield Button("Close", id="leave", compact=True)

    def on_mount(self) -> None:
        """Begin with the choice."""
        self.query_one("#content-types").focus()
        self._show_state()

    async def on_unmount(self) -> None:
        """Leave no call behind."""
        await self._stop()

    def on_selection_list_selected_changed(self, event: TickList.SelectedChanged[str]) -> None:
        """Count the calls."""
        event.stop()
        self._show_state()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """A type of one's own joins its list, ticked."""
        event.stop()
        name = event.value.strip()
        types, known = self.query_one(f"#{event.input.name}", TickList), self._types[event.input.name or ""]
        if name and name not in known:
            known.append(name)
            types.add_option(Selection(Content(plain(name)), name, initial_state=True))
        elif name:
            types.select(name)
        event.input.clear()
        self._show_state()

    def on_data_table_row_highlighted(self, event: DataTable.RowHighlighted) -> None:
        """Tell the whole of what the row under the cursor cuts."""
        event.stop()
        self._tell_row()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """A click is the same as its key."""
        self.call_later(self.run_action, str(event.button.id))

    def action_fire(self) -> None:
        """Fire what is ticked; over the table, go back to the choice."""
        if self._is_running:
            return
        if self.has_class("-fired"):
            self.remove_class("-fired")
            self.query_one("#content-types").focus()
            self._show_state()
            return
        pairs = self._chosen()
        if not 0 < len(pairs) <= MOST_PAIRS:
            self.notify(f"Tick for 1 to {MOST_PAIRS} calls; these are {len(pairs)}", severity="warning", timeout=3)
            return
        self._begin(pairs)

    async def action_leave(self) -> None:
        """Stop what runs; when nothing does, close."""
        if self._is_running:
            await self._stop()
            self._show_state()
        else:
            self.dismiss()

    def action_copy(self) -> None:
        """What was found so far, for pasting into an issue."""
        if self._outcomes:
            found = [self._outcomes[place] for place in sorted(self._outcomes)]
            self.app.copy_to_clipboard(as_markdown(found, self._resolved.endpoint))
            self.notify(f"Copied {len(found)} rows as Markdown", timeout=2)

    @property
    def _is_running(self) -> bool:
        return self._probing is not None and not self._probing.done()

    @property
    def _is_stopped(self) -> bool:
        return not self._is_running and len(self._outcomes) < len(self._pairs)

    def _chosen(self) -> tuple[Pair, ...]:
        ticked = {name: set(self.query_one(f"#{name}", TickList).selected) for name in self._types}
        content_types, accepts = ([one for one in known if one in ticked[n]] for n, known in self._types.items())
        return pairs_of(content_types, accepts)

    def _begin(self, pairs: tuple[Pair, ...]) -> None:
        self._pairs, self._outcomes = pairs, {}
        table = self.query_one(TableView)
        table.clear()
        for place, pair in enumerate(pairs):
            table.put_row(str(place), (*pair_cells(pair), "", "", "", "", ""), "dim")
        self.add_class("-fired")
        table.focus()
        self._probing = asyncio.create_task(self._run(pairs))
        self._show_state()

    async def _run(self, pairs: tuple[Pair, ...]) -> None:
        try:
            await probe(self._fire, self._resolved, pairs, self._take)
        finally:
            self.call_later(self._show_state)

    def _take(self, place: int, outcome: Outcome) -> None:
        self._outcomes[place] = outcome
        for table in self.query(TableView):
            table.put_row(str(place), outcome.cells, "" if outcome.is_good else "dark_orange")
            self._tell_row()
        self._show_state()

    def _tell_row(self) -> None:
        outcome = self._outcomes.get(self.query_one(TableView).cursor_row)
        told = self.query_one("#told Static", Static)
        told.update("" if outcome is None else plain(" · ".join(filter(None, outcome.cells))))

    async def _stop(self) -> None:
        if self._probing is not None:
            self._probing.cancel()
            await asyncio.gather(self._probing, return_exceptions=True)

    def _show_state(self) -> None:
        if not self.query(".dialog"):
            return  # it is being closed
        box = self.query_one(".dialog")
        progress, fire = self.query_one("#progress", Static), self.query_one("#fire", Button)
        self.query_one("#copy", Button).disabled = not self._outcomes
        self.query_one("#leave", Button).label = "Stop" if self._is_running else "Close"
        fire.disabled = self._is_running
        if self.has_class("-fired"):
            good = sum(outcome.is_good for outcome in self._outcomes.values())
            count, state = len(self._outcomes), "stopped, " if self._is_stopped else ""
            progress.update(f"{count}/{len(self._pairs)}: {state}{good} ok")
            fire.label = "Choose again"
            box.border_subtitle = (
                "esc stops" if self._is_running else "c copies as Markdown · f5 chooses again · esc closes"
            )
        else:
            count = len(self._chosen())
            progress.update(f"{count} {'call' if count == 1 else 'calls'} of at most {MOST_PAIRS}")
            fire.label = "Fire"
            box.border_subtitle = "space ticks · tab goes on · f5 fires · esc closes"


def _list(name: str, title: str, names: Sequence[str], chosen: Sequence[str]) -> ComposeResult:
    """A list of types with the chosen ones ticked, and a field for one's own."""
    with Vertical():
        yield Static(title, classes="list-title", markup=False)
        yield TickList(
            *(Selection(Content(plain(one) or NO_HEADER), one, initial_state=one in chosen) for one in names), id=name
        )
        yield Input(placeholder="another type, enter adds it", name=name)
