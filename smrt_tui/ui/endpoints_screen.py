"""The endpoints of an account as a list to filter by typing, each with its details. It returns the one to make a
profile of; nothing is asked before it is opened, and nothing is written here.
"""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from msgspec import Struct
from msgspec.structs import replace
from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input, OptionList, Static
from textual.widgets.option_list import Option

from smrt_tui.core.account import EndpointDescription, EndpointListing, EndpointSummary
from smrt_tui.core.account_text import description_text, endpoint_cells, filtered
from smrt_tui.core.errors import SmrtError
from smrt_tui.core.plain import plain
from smrt_tui.core.profile import CredentialsSpec
from smrt_tui.core.target import Target
from smrt_tui.ui.tick_list import TickBox

if TYPE_CHECKING:
    from smrt_tui.ui.ports import Accounts

DETAILS_AFTER_S = 0.25
"""How long a row is looked at before its details are asked for, so that going through a list asks for none."""


class Found(Struct, frozen=True):
    """An endpoint, and where it was found."""

    target: Target | None
    """None: the local endpoint."""
    described: EndpointDescription


class EndpointsScreen(ModalScreen["Found | None"]):
    """Where to ask, what to filter by, the endpoints, the details of one."""

    HELP = """The endpoints of an account and region. Type to filter by name or state; enter makes a profile of the
highlighted one, with mode and payload guessed from its image. Region and AWS profile are taken over with enter in
their fields; **f5** asks again. With "local" ticked, the local endpoint is asked and nothing leaves this machine."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "Close", show=False),
        Binding("f5,ctrl+j", "ask", "Ask again", show=False, priority=True),
        Binding("down", "move(1)", "Next", show=False),
        Binding("up", "move(-1)", "Previous", show=False),
    ]

    AUTO_FOCUS = "#filter"

    DEFAULT_CSS = """
    EndpointsScreen {
        Input { background: $panel; width: 1fr; margin: 0 1 0 0; }
        #where { height: 1; }
        TickBox { width: auto; margin: 0 2 0 0; }
        #filter { width: 100%; margin: 1 0 0 0; }
        #found { height: 1fr; margin: 1 0 0 0; }
        OptionList, OptionList:focus { width: 1fr; height: 100%; max-height: 100%; border: none; padding: 0; }
        OptionList { background: transparent; }
        #details { width: 1fr; height: 100%; padding: 0 1; border-left: solid $foreground 20%; }
        #told { height: auto; max-height: 6; color: $text-muted; }
        #told.-trouble { color: $text-error; }
        .dialog-buttons Button { width: auto; min-width: 0; padding: 0 1; margin: 0 0 0 1; }
    }
    """

    def __init__(self, accounts: Accounts, target: Target | None, now: datetime) -> None:
        """`target` says where to begin; None is the local endpoint."""
        super().__init__()
        self._accounts = accounts
        self._base = target or Target()
        self._is_local = target is None
        self._now = now
        self._listing: EndpointListing | None = None
        self._known: dict[str, EndpointDescription] = {}

    def compose(self) -> ComposeResult:
        """Where, filter, list beside details, what is going on, buttons."""
        spec = self._base.credentials
        aws_profile = spec.profile if isinstance(spec, CredentialsSpec) else None
        with Vertical(classes="dialog -wide") as box:
            box.border_title = "Endpoints"
            box.border_subtitle = "enter makes a profile · f5 asks again · esc closes"
            with Horizontal(id="where"):
                yield TickBox("local", self._is_local, compact=True)
                yield Input(self._base.region or "", placeholder="region", id="region", compact=True)
                yield Input(aws_profile or "", placeholder="AWS profile", id="aws-profile", compact=True)
            yield Input(placeholder="type to filter by name or state", id="filter", compact=True)
            with Horizontal(id="found"):
                yield OptionList()
                with VerticalScroll(id="details", can_focus=False):
                    yield Static(id="details-text", markup=False)
            yield Static(id="told", markup=False)
            with Horizontal(classes="dialog-buttons"):
                yield Button("Ask again", id="ask", compact=True)
                yield Button("Make a profile", id="make", variant="primary", compact=True)

    def on_mount(self) -> None:
        """Ask: opening it is asking."""
        self._show_where()
        self.action_ask()

    def on_checkbox_changed(self, event: TickBox.Changed) -> None:
        """The local endpoint, or AWS."""
        if event.value != self._is_local:
            self._is_local = event.value
            self._show_where()
            self.action_ask()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Show what fits."""
        if event.input.id == "filter":
            self._show()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take the highlighted endpoint, or ask where was said."""
        if event.input.id == "filter":
            self.action_make()
        else:
            self.action_ask()

    def on_option_list_option_selected(self) -> None:
        """Take it."""
        self.action_make()

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Show its details."""
        self._detail(str(event.option_id))

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Do it."""
        if event.button.id == "make":
            self.action_make()
        else:
            self.action_ask()

    def action_move(self, by: int) -> None:
        """Move the highlight while the filter has the focus."""
        offered = self.query_one(OptionList)
        if by > 0:
            offered.action_cursor_down()
        else:
            offered.action_cursor_up()

    @work(exclusive=True, group="ask")
    async def action_ask(self) -> None:
        """Read the list. Where there was more than can be listed, what is typed narrows it down."""
        was_part = self._listing is not None and not self._listing.is_whole
        part = self.query_one("#filter", Input).value.strip() if was_part else ""
        self._listing, self._known = None, {}
        self._show()
        where = "the local endpoint" if self._is_local else "SageMaker"
        self._tell(f"Asking {where} for its endpoints …")
        try:
            self._listing = await self._accounts.list_endpoints(self._target(), part)
        except SmrtError as error:
            self._complain(error)
            return
        self._show()

    @work(exclusive=True, group="detail")
    async def action_make(self) -> None:
        """Hand the highlighted endpoint back, with its details."""
        option = self.query_one(OptionList).highlighted_option
        described = await self._described(str(option.id)) if option is not None else None
        if described is not None:
            self.dismiss(Found(self._target(), described))

    @work(exclusive=True, group="detail")
    async def _detail(self, name: str) -> None:
        if name not in self._known:
            self._show_details(f"{name} …")
            await asyncio.sleep(DETAILS_AFTER_S)
        described = await self._described(name)
        if described is not None:
            self._show_details(description_text(described, self._now))

    async def _described(self, name: str) -> EndpointDescription | None:
        """What is known of an endpoint; None when it could not be read, and then why was told."""
        if name not in self._known:
            try:
                self._known[name] = await self._accounts.describe(self._target(), name)
            except SmrtError as error:
                self._show_details(_sentences(error))
                return None
        return self._known[name]

    def _target(self) -> Target | None:
        if self._is_local:
            return None
        wanted = self.query_one("#aws-profile", Input).value.strip()
        kept = self._base.credentials
        if isinstance(kept, CredentialsSpec) and kept.profile:
            kept = None
        credentials = CredentialsSpec(profile=wanted) if wanted else kept
        return replace(
            self._base, region=self.query_one("#region", Input).value.strip() or None, credentials=credentials
        )

    def _show_where(self) -> None:
        for name in ("#region", "#aws-profile"):
            self.query_one(name, Input).disabled = self._is_local

    def _show(self) -> None:
        """The endpoints that fit what is typed."""
        listed = () if self._listing is None else self._listing.endpoints
        shown = filtered(listed, self.query_one("#filter", Input).value)
        offered = self.query_one(OptionList)
        offered.clear_options()
        offered.add_options([Option(self._row(endpoint), id=endpoint.name) for endpoint in shown])
        if shown:
            offered.highlighted = 0
        else:
            self._show_details("")
        if self._listing is not None:
            self._tell(_count_text(self._listing, len(shown)))

    def _row(self, endpoint: EndpointSummary) -> Content:
        name, status, age, _ = endpoint_cells(endpoint, self._now)
        width = 26 if self.app.size.width >= 110 else 16
        cut = name if len(name) <= width else f"{name[: width - 1]}…"
        style = "$text-success" if endpoint.is_in_service else "$text-warning"
        return Content.assemble(f"{cut:<{width}} ", (f"{status:<9}", style), (f" {age:>6}", "$text-muted"))

    def _show_details(self, text: str) -> None:
        self.query_one("#details-text", Static).update(Content(plain(text)))
        self.query_one("#details").scroll_home(animate=False)

    def _complain(self, error: SmrtError) -> None:
        self._tell(f"{_sentences(error)}\nf5 asks again.", trouble=True)

    def _tell(self, text: str, *, trouble: bool = False) -> None:
        told = self.query_one("#told", Static)
        told.set_class(trouble, "-trouble")
        told.update(Content(plain(text)))


def _count_text(listing: EndpointListing, shown: int) -> str:
    count = len(listing.endpoints)
    if not count:
        return f"There is no endpoint in {listing.region}. Another region or AWS profile may have some."
    told = f"{shown:,} of {count:,} in {listing.region}" if shown != count else f"{count:,} in {listing.region}"
    return told if listing.is_whole else f"{told}, and there are more: type a part of the name and press f5"


def _sentences(error: SmrtError) -> str:
    return f"{error.message}\n→ {error.hint}" if error.hint else error.message
