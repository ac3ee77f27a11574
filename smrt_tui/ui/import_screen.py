"""A command line pasted as text and read as it is typed: what it would send, and what of it is left out."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar

from msgspec import Struct
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from smrt_tui.core.errors import SmrtError
from smrt_tui.core.importing import Imported, import_command
from smrt_tui.core.plain import plain
from smrt_tui.core.redact import masked_headers, masked_url
from smrt_tui.core.service import packaged_service
from smrt_tui.ui.pace import Debounce
from smrt_tui.ui.widgets.guarded_area import GuardedArea
from smrt_tui.ui.widgets.lint_strip import MARKS

if TYPE_CHECKING:
    from smrt_tui.core.draft import Draft

READ_AFTER_S = 0.15
_SHOWN_BODY = 600
_SHOWN_OF_LONG = 2000
"""Characters of a command line that is too long to be edited here."""


class Pasted(Struct, frozen=True):
    """What a command line stands for, and whether it is for a new profile or for the open request."""

    imported: Imported
    is_for_profile: bool


class ImportScreen(ModalScreen["Pasted | None"]):
    """The text, and what it is taken for."""

    HELP = """Paste a `curl …` or `aws sagemaker-runtime …` command. What it would send is shown below, with
whatever of it has no place in a request. ctrl+s takes it into the open request, ctrl+n begins a profile. A command of
more than 64 KB is read whole, and only its beginning is shown."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "Close", show=False, priority=True),
        Binding("ctrl+s,f5", "take(False)", "Into the request", show=False, priority=True),
        Binding("ctrl+n", "take(True)", "New profile", show=False, priority=True),
    ]

    AUTO_FOCUS = "GuardedArea"

    DEFAULT_CSS = """
    ImportScreen {
        GuardedArea { height: 2fr; border: none; padding: 0; background: $panel; }
        GuardedArea:focus { border: none; }
        #import-read { height: 3fr; padding: 1 0 0 0; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._imported: Imported | None = None
        self._long = ""
        """What was pasted, when that is too long to be edited here."""
        self._read_soon = Debounce(self._read, READ_AFTER_S)

    def compose(self) -> ComposeResult:
        """Where to paste, what it is taken for, buttons."""
        with Vertical(classes="dialog -wide") as box:
            box.border_title = "Paste a curl or aws command"
            box.border_subtitle = "^s takes it · ^n begins a profile · esc closes"
            yield GuardedArea(soft_wrap=True)
            with VerticalScroll(id="import-read", can_focus=False):
                yield Static("Nothing is pasted yet.", id="import-text", markup=False)
            with Horizontal(classes="dialog-buttons"):
                yield Button("Into the request", id="request", compact=True)
                yield Button("New profile", id="profile", variant="primary", compact=True)

    def on_unmount(self) -> None:
        """Stop reading."""
        self._read_soon.drop()

    def on_text_area_changed(self) -> None:
        """Read it after a pause."""
        self._imported = None
        self._read_soon.poke()

    def on_guarded_area_pasted_too_much(self, event: GuardedArea.PastedTooMuch) -> None:
        """Show the beginning, and read all of it."""
        event.stop()
        self._long = event.text
        area = self.query_one(GuardedArea)
        area.read_only = True
        area.load_text(f"{event.text[:_SHOWN_OF_LONG]}…")
        self.query_one("#import-text", Static).update(f"Reading {len(event.text):,} characters …")

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Take it."""
        self.action_take(event.button.id == "profile")

    def action_take(self, is_for_profile: bool) -> None:
        """Hand it back, when it can be read."""
        self.run_worker(self._take(is_for_profile=is_for_profile), exclusive=True, group="import")

    async def _take(self, *, is_for_profile: bool) -> None:
        if self._imported is None:
            await self._read_now()
        if self._imported is None:
            self.notify("This cannot be imported as it stands", severity="warning", timeout=3)
        else:
            self.dismiss(Pasted(self._imported, is_for_profile))

    def _read(self) -> None:
        self.run_worker(self._read_now(), exclusive=True, group="import")

    async def _read_now(self) -> None:
        text = self._long or self.query_one(GuardedArea).text
        shown = self.query_one("#import-text", Static)
        if not text.strip():
            shown.update("Nothing is pasted yet.")
            return
        try:
            self._imported = await asyncio.to_thread(lambda: import_command(text, packaged_service()))
        except SmrtError as error:
            shown.update(Content(plain(f"✗ {error.message}\n  {error.hint}")))
        else:
            shown.update(Content(imported_text(self._imported)))


def imported_text(imported: Imported) -> str:
    """What was understood, then what was left out, as plain text with secrets masked."""
    draft = imported.draft
    where = masked_url(imported.endpoint_url) if imported.endpoint_url else imported.region or ""
    lines = [f"✓ {draft.mode} {draft.endpoint}" + (f" · {where}" if where else "")]
    lines += [f"  {name}: {value}" for name, value in masked_headers((*draft.members, *draft.headers))]
    lines += [f"{MARKS[finding.severity]} {finding.where}: {finding.message}" for finding in imported.findings]
    return plain("\n".join([*lines, "", _body(draft)]))


def _body(draft: Draft) -> str:
    if draft.body_file is not None:
        return f"(the bytes of {draft.body_file})"
    if len(draft.body) <= _SHOWN_BODY:
        return draft.body
    return f"{draft.body[:_SHOWN_BODY]}…\n({len(draft.body):,} characters in all)"
