"""The one screen: maps what people do to calls of the session, and what the session tells to the widgets.

It holds no request and no answer, and does nothing itself: what people do goes to `ui.commands` and the session.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.events import DescendantFocus, Key
from textual.message import Message
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from smrt_tui.ui import commands
from smrt_tui.ui.actions import ACTION, bindings, keys_of, shown_key
from smrt_tui.ui.commands import view
from smrt_tui.ui.ground import Ground
from smrt_tui.ui.widgets.action_bar import ActionBar
from smrt_tui.ui.widgets.answer import Answer
from smrt_tui.ui.widgets.composer import Composer
from smrt_tui.ui.widgets.jobs_chip import JobsChip
from smrt_tui.ui.widgets.lint_strip import LintStrip
from smrt_tui.ui.widgets.payload_page import PayloadPage
from smrt_tui.ui.widgets.payload_picker import PayloadPicker
from smrt_tui.ui.widgets.segments import Segments
from smrt_tui.ui.widgets.send_control import SendControl
from smrt_tui.ui.widgets.top_bar import ProfileTitle

if TYPE_CHECKING:
    from smrt_tui.core.service import Mode
    from smrt_tui.ui.news import News
    from smrt_tui.ui.panes.messages import CopyRequested
    from smrt_tui.ui.ports import Workbench
    from smrt_tui.ui.session import Session
    from smrt_tui.ui.showing import Showing
    from smrt_tui.ui.widgets.profile_tree import ProfileTree

MODES_SHOWN: tuple[Mode, ...] = ("sync", "async", "stream")
"""`core.service.MODES`, for whose import the first frame has no time."""


class Told(Message):
    """Posted by the session, with one piece of news in it."""

    def __init__(self, news: News) -> None:
        super().__init__()
        self.news = news

    def can_replace(self, message: Message) -> bool:
        """`RunMoved` says only that there is more; one of them in the queue is enough."""
        from smrt_tui.ui.news import RunMoved

        return isinstance(message, Told) and isinstance(self.news, RunMoved) and self.news == message.news


class MainScreen(Screen[None]):
    """Profiles, composer, answer."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(of_app=False)]

    AUTO_FOCUS = ""
    """Nothing by itself: to restyle for the focus would delay the first frame, so `_begin` does it after that."""

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
        self._workbench = workbench
        self._clock = clock
        self.environ = environ
        """Names the person's editor."""
        self.keymap = keymap
        """The checked overrides of the table's keys."""
        self._first_profile = first_profile
        self._early: list[News] | None = []
        """What was told before the first profile was open; None from then on."""

    @cached_property
    def session(self) -> Session:
        """The sitting. Made when it is first asked for: the first frame has no time for what it imports."""
        from smrt_tui.ui.session import Session

        return Session(self._workbench, self.hear, self._clock)

    @cached_property
    def showing(self) -> Showing:
        """What shows the session's news."""
        from smrt_tui.ui.showing import Showing

        return Showing(self)

    def compose(self) -> ComposeResult:
        """Everything but what is made when it is first looked at."""
        yield Static("smrt-tui needs 44 columns and 14 rows.\nMake the terminal larger.", id="too-small", markup=False)
        yield Ground(id="sidebar")
        with Ground(id="work"):
            with Horizontal(id="top-bar"):
                yield ProfileTitle()
                yield JobsChip()
                yield Segments([(mode, mode) for mode in MODES_SHOWN], widget_id="modes")
                yield SendControl(shown_key(keys_of(ACTION["send"], self.keymap)[0]))
            yield Composer()
            yield LintStrip(self.keymap, widget_id="lint")
            yield Answer(self.keymap)
        yield ActionBar(self.keymap)

    def on_mount(self) -> None:
        """Read the profiles once the first frame is on the screen."""
        self.query_one("#sidebar").border_title = "Profiles"
        self.call_after_refresh(self._start)

    def on_resize(self) -> None:
        """All three views at once where there is room."""
        self.query_one(Answer).is_spread = self.size.width >= 160 and self.size.height >= 32

    async def on_unmount(self) -> None:
        """Keep the draft and let go of the world."""
        await self.session.close()

    def _start(self) -> None:
        self.run_worker(self._begin(), group="begin")  # beside the screen's messages: its painting waits for those

    async def _begin(self) -> None:
        """Everything up to the first profile, piece by piece: a piece is painted before the next is shown, since all of
        them at once would hold the event loop for as long as they take together.
        """
        self.focus_request()
        await asyncio.to_thread(_load_session)
        ready = asyncio.Event()
        self.session.profiles.when_ready(ready.set)
        self.session.begin(self._first_profile)
        await self._show_profiles(ready)
        while self._early:
            await self.showing.show_in_steps(self._early.pop(0), self._painted)
        self._early = None

    async def _show_profiles(self, ready: asyncio.Event) -> None:
        from smrt_tui.ui.widgets.profile_bar import ProfileBar
        from smrt_tui.ui.widgets.profile_tree import ProfileTree

        for widget in (ProfileBar(), ProfileTree()):
            await self._mount_beside(widget)
            await self._painted()
        if self.has_class("-sidebar-open"):
            self.query_one(ProfileTree).focus()
        await ready.wait()

    async def _mount_beside(self, widget: Widget) -> None:
        """Put it into the sidebar. Its styles are one piece of work, its layout the next; others get a turn between."""
        with self.app.batch_update():
            await self.query_one("#sidebar").mount(widget)
            await asyncio.sleep(0)

    async def _painted(self) -> None:
        """Wait until what was changed is on the screen."""
        painted = asyncio.Event()
        self.call_after_refresh(painted.set)
        await painted.wait()

    def hear(self, news: News) -> None:
        """Take one piece of news, to be shown in its turn."""
        if self._early is None:
            self.post_message(Told(news))
        else:
            self._early.append(news)

    def focus_request(self) -> None:
        """Put the focus where the request is written."""
        if self.has_class("-problems"):
            self.query_one("ProblemsView").focus()
        else:
            self.query_one(PayloadPage).take_focus()

    async def on_told(self, event: Told) -> None:
        """Show it."""
        event.stop()
        await self.showing.show(event.news)

    # -- what people do

    def action_do(self, action_id: str) -> None:
        """Run one action of the table."""
        commands.do(self, action_id)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Cancel is there only while a call runs, so that esc and ctrl+c mean what they mean elsewhere otherwise."""
        if action == "do" and len(parameters) == 1:
            return self.can_do(str(parameters[0]))
        return super().check_action(action, parameters)

    def can_do(self, action_id: str) -> bool:
        """Whether an action of the table means anything now."""
        if action_id not in ("cancel", "set-aside"):
            return True
        has_session = "session" in self.__dict__
        return has_session and (
            self.session.calls.is_live if action_id == "cancel" else self.session.calls.is_waiting_job
        )

    def on_profile_tree_chosen(self, event: ProfileTree.Chosen) -> None:
        """Open it."""
        view.open_profile(self, event.profile_id)

    def on_key(self, event: Key) -> None:
        """Esc closes an overlaid sidebar, whatever has the focus."""
        if event.key == "escape" and self.has_class("-narrow") and self.has_class("-sidebar-open"):
            event.stop()
            view.leave_profiles(self)

    def on_profile_tree_left(self) -> None:
        """Back to the request; while a call runs, esc has that to end first."""
        view.leave_profiles(self)

    def on_composer_edited(self, event: Composer.Edited) -> None:
        """Take the draft over."""
        self.remove_class("-answer-first")
        self.session.desk.edit(event.draft)

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """Who goes back to the request wants to see it."""
        if (
            "session" in self.__dict__
            and not self.session.calls.is_live
            and self.query_one(Composer) in event.widget.ancestors
        ):
            self.remove_class("-answer-first")

    def on_payload_picker_chosen(self, event: PayloadPicker.Chosen) -> None:
        """Put that payload in."""
        self.session.opened.choose_payload(event.name)

    def on_segments_chosen(self, event: Segments.Chosen) -> None:
        """Switch the mode."""
        if event.segments.id == "modes":
            mode = next(mode for mode in MODES_SHOWN if mode == event.value)
            commands.once_ready(self, lambda: self.session.desk.switch_mode(mode))

    def on_send_control_pressed(self) -> None:
        """Send, or cancel."""
        self.action_do("cancel" if self.session.calls.is_live else "send")

    def on_copy_requested(self, event: CopyRequested) -> None:
        """Put it on the clipboard, by way of the terminal."""
        from smrt_tui.ui.errands import keep_copy

        self.app.copy_to_clipboard(event.text)
        self.run_worker(keep_copy(self.session, event.text, self.hear), group="copy")


def _load_session() -> None:
    """Import what comes right after the first frame, off the event loop."""
    from smrt_tui.ui import session, showing  # noqa: F401  imported for good: the properties above find them there
    from smrt_tui.ui.widgets import profile_bar, profile_tree  # noqa: F401
