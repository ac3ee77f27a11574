"""The one screen: maps what people do to calls of the session, and what the session tells to the widgets.

It holds no request, no answer and no timer but the one that shows that time passes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Static

from smrt_tui.core.service import MODES
from smrt_tui.ui.actions import ACTION, bindings, keys_of, shown_key
from smrt_tui.ui.commands import Commands
from smrt_tui.ui.news import (
    CatalogueLoaded,
    ConsentNeeded,
    DraftChanged,
    EntryOpened,
    Linted,
    News,
    RunEnded,
    RunMoved,
    RunStarted,
    Said,
    ServiceRead,
)
from smrt_tui.ui.session import Session
from smrt_tui.ui.widgets.action_bar import ActionBar
from smrt_tui.ui.widgets.answer import Answer
from smrt_tui.ui.widgets.composer import Composer
from smrt_tui.ui.widgets.lint_strip import LintStrip
from smrt_tui.ui.widgets.payload_editor import PayloadEditor
from smrt_tui.ui.widgets.payload_picker import PayloadPicker
from smrt_tui.ui.widgets.problems_view import ProblemsView
from smrt_tui.ui.widgets.profile_tree import ProfileTree
from smrt_tui.ui.widgets.segments import Segments
from smrt_tui.ui.widgets.send_control import SendControl
from smrt_tui.ui.widgets.top_bar import ProfileTitle

if TYPE_CHECKING:
    from smrt_tui.ui.ports import Workbench

TICK_S = 0.1


class Told(Message):
    """Posted by the session, with one piece of news in it."""

    def __init__(self, news: News) -> None:
        super().__init__()
        self.news = news

    def can_replace(self, message: Message) -> bool:
        """`RunMoved` says only that there is more; one of them in the queue is enough."""
        return isinstance(message, Told) and isinstance(self.news, RunMoved) and self.news == message.news


class MainScreen(Screen[None]):
    """Profiles, composer, answer."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(of_app=False)]

    AUTO_FOCUS = "PayloadEditor"

    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012  as Textual declares it
        (0, "-cramped"),
        (44, "-narrow"),
        (100, "-normal"),
        (160, "-wide"),
    ]
    VERTICAL_BREAKPOINTS = [  # noqa: RUF012  as Textual declares it
        (0, "-flat"),
        (14, "-short"),
        (32, "-medium"),
        (46, "-tall"),
    ]

    def __init__(
        self,
        workbench: Workbench,
        *,
        first_profile: str | None,
        keymap: Mapping[str, str],
        clock: Callable[[], float],
        environ: Mapping[str, str],
    ) -> None:
        super().__init__()
        self.session = Session(workbench, self.hear, clock)
        self.commands = Commands(self, environ)
        self.keymap = keymap
        """The checked overrides of the table's keys."""
        self._first_profile = first_profile

    def compose(self) -> ComposeResult:
        """Everything but what is made when it is first looked at."""
        yield Static("smrt-tui needs 44 columns and 14 rows.\nMake the terminal larger.", id="too-small", markup=False)
        with Horizontal(id="stage"):
            with Vertical(id="sidebar"):
                yield ProfileTree()
            with Vertical(id="work"):
                with Horizontal(id="top-bar"):
                    yield ProfileTitle()
                    yield Segments([(mode, mode) for mode in MODES], widget_id="modes")
                    yield SendControl(shown_key(keys_of(ACTION["send"], self.keymap)[0]))
                yield Composer()
                yield ProblemsView()
                yield LintStrip(self.keymap)
                yield Answer()
        yield ActionBar(self.keymap)

    def on_mount(self) -> None:
        """Read the profiles once the first frame is on the screen."""
        self.query_one("#sidebar").border_title = "Profiles"
        self._ticker = self.set_interval(TICK_S, self._tick, pause=True)
        self.call_after_refresh(self._begin)

    def on_resize(self) -> None:
        """All three views at once where there is room."""
        self.query_one(Answer).is_spread = self.size.width >= 160 and self.size.height >= 32

    async def on_unmount(self) -> None:
        """Keep the draft and let go of the world."""
        await self.session.close()

    def _begin(self) -> None:
        self.session.begin(self._first_profile)

    def hear(self, news: News) -> None:
        """Take one piece of news, to be shown in its turn."""
        self.post_message(Told(news))

    def focus_request(self) -> None:
        """Put the focus where the request is written."""
        self.query_one(ProblemsView if self.has_class("-problems") else PayloadEditor).focus()

    def _tick(self) -> None:
        run = self.session.run
        if run is not None and run.is_live:
            self.query_one(SendControl).elapsed_s = run.elapsed_s
            self.query_one(Answer).tick(run.elapsed_s)

    # -- what the session tells

    async def on_told(self, event: Told) -> None:
        """Show it."""
        event.stop()
        match event.news:
            case CatalogueLoaded(catalogue):
                self.query_one(ProfileTree).show(catalogue)
                if not catalogue.entries:
                    self.add_class("-problems")
                    self.query_one(ProblemsView).show_nothing(catalogue)
            case EntryOpened():
                await self._show_entry(event.news)
            case DraftChanged(draft):
                self.query_one("#modes", Segments).value = draft.mode
                await self.query_one(Composer).show_draft(draft)
            case Linted(findings):
                self.query_one(LintStrip).findings = findings
            case RunStarted() | RunMoved() | RunEnded():
                self._show_run(event.news)
            case ServiceRead(service):
                await self.query_one(Composer).show_service(service)
            case ConsentNeeded(host):
                self.commands.ask_consent(host)
            case Said(message, tone):
                self.notify(message, severity=tone, markup=False, timeout=4)

    async def _show_entry(self, opened: EntryOpened) -> None:
        is_sound = opened.draft is not None
        self.set_class(not is_sound, "-problems")
        self.query_one(ProfileTree).mark(opened.entry.id)
        self.query_one(ProfileTitle).entry = opened.entry
        if opened.draft is None:
            self.query_one(ProblemsView).show(opened.entry)
        else:
            self.query_one("#modes", Segments).value = opened.draft.mode
            await self.query_one(Composer).show(opened.entry, opened.draft, opened.payload)

    def _show_run(self, news: RunStarted | RunMoved | RunEnded) -> None:
        answer = self.query_one(Answer)
        match news:
            case RunStarted(run):
                answer.show(run)
                self._ticker.resume()
            case RunMoved(run):
                answer.refresh_from(run)
            case RunEnded(run):
                self._ticker.pause()
                answer.finish(run)
        is_live = run.is_live and run is self.session.run
        self.set_class(is_live, "-running")
        self.query_one(ActionBar).is_live = is_live
        self.query_one(SendControl).elapsed_s = run.elapsed_s if is_live else None

    # -- what people do

    def action_do(self, action_id: str) -> None:
        """Run one action of the table."""
        self.commands.run(action_id)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Cancel is there only while a call runs, so that esc and ctrl+c mean what they mean elsewhere otherwise."""
        if action == "do" and parameters == ("cancel",):
            return self.session.is_live
        return super().check_action(action, parameters)

    def on_profile_tree_chosen(self, event: ProfileTree.Chosen) -> None:
        """Open it."""
        self.commands.open_profile(event.profile_id)

    def on_profile_tree_left(self) -> None:
        """Back to the request; while a call runs, esc has that to end first."""
        self.commands.leave_profiles()

    def on_composer_edited(self, event: Composer.Edited) -> None:
        """Take the draft over."""
        self.session.desk.edit(event.draft)

    def on_payload_picker_chosen(self, event: PayloadPicker.Chosen) -> None:
        """Put that payload in."""
        self.session.choose_payload(event.name)

    def on_segments_chosen(self, event: Segments.Chosen) -> None:
        """Switch the mode."""
        if event.segments.id == "modes":
            self.session.desk.switch_mode(next(mode for mode in MODES if mode == event.value))

    def on_send_control_pressed(self) -> None:
        """Send, or cancel."""
        self.commands.run("cancel" if self.session.is_live else "send")

    def on_profile_title_pressed(self) -> None:
        """Show where the other profiles are."""
        self.commands.run("toggle-sidebar")
