"""Shows what the session tells: one piece of news at a time, each to the widgets that it concerns. Decides nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from smrt_tui.core.plain import plain
from smrt_tui.core.recorder import Verdict
from smrt_tui.ui.commands.call import ask_consent
from smrt_tui.ui.commands.request import ask_variables
from smrt_tui.ui.news import (
    CatalogueLoaded,
    ConsentNeeded,
    Diagnosed,
    DraftChanged,
    EntryOpened,
    FileTold,
    FillsTold,
    JobEnded,
    JobsChanged,
    Linted,
    News,
    RunEnded,
    RunMoved,
    RunStarted,
    Said,
    ServiceRead,
    TextKept,
    VariablesNeeded,
)
from smrt_tui.ui.passing_time import PassingTime
from smrt_tui.ui.widgets.action_bar import ActionBar
from smrt_tui.ui.widgets.answer import Answer
from smrt_tui.ui.widgets.composer import Composer
from smrt_tui.ui.widgets.jobs_chip import JobsChip
from smrt_tui.ui.widgets.lint_strip import LintStrip
from smrt_tui.ui.widgets.problems_view import ProblemsView
from smrt_tui.ui.widgets.profile_tree import ProfileTree
from smrt_tui.ui.widgets.segments import Segments
from smrt_tui.ui.widgets.send_control import SendControl
from smrt_tui.ui.widgets.top_bar import ProfileTitle

if TYPE_CHECKING:
    from smrt_tui.core.catalogue import Catalogue
    from smrt_tui.core.draft import Draft
    from smrt_tui.ui.news import Tone
    from smrt_tui.ui.run import Run
    from smrt_tui.ui.screen import MainScreen

TOAST_S = 4


class Showing:
    """From news to widgets."""

    def __init__(self, screen: MainScreen) -> None:
        self._screen = screen
        self._passing_time = PassingTime(screen)

    async def show(self, news: News) -> None:
        """Bring the screen up to date."""
        screen = self._screen
        match news:
            case CatalogueLoaded(catalogue, open_id):
                await self._show_catalogue(catalogue)
                screen.query_one(ProfileTree).mark(open_id)
            case VariablesNeeded(draft):
                screen.run_worker(ask_variables(screen, draft), group="do send")
            case ServiceRead(service):
                await screen.query_one(Composer).show_service(service)
                await screen.query_one(Answer).open()
            case EntryOpened():
                self._name_entry(news)
                await self._fill_in_entry(news)
            case DraftChanged(draft):
                await self._show_draft(draft)
            case Linted(findings):
                screen.query_one("#lint", LintStrip).findings = findings
            case FillsTold(fills):
                await screen.query_one(Composer).show_fills(fills)
            case FileTold():
                screen.query_one(Composer).show_file(news)
            case TextKept(text, kept):
                await screen.query_one(Composer).keep_text(text, kept)
            case RunStarted() | RunMoved() | RunEnded():
                self._show_run(news)
            case Diagnosed(run):
                await screen.query_one(Answer).show_findings(run)
            case JobsChanged(in_flight):
                screen.query_one(JobsChip).count = in_flight
            case JobEnded(run):
                self._toast_job(run)
            case ConsentNeeded(host, job):
                ask_consent(screen, host, job)
            case Said(message, tone):
                screen.notify(message, severity=tone, markup=False, timeout=TOAST_S)

    async def _show_catalogue(self, catalogue: Catalogue) -> None:
        self._screen.query_one(ProfileTree).show(catalogue)
        if not catalogue.entries:
            (await self._problems_view()).show_nothing(catalogue)

    async def show_in_steps(self, news: News, painted: Callable[[], Awaitable[None]]) -> None:
        """The same, with `painted` awaited after each step that takes a repaint of its own."""
        match news:
            case CatalogueLoaded():
                with self._screen.app.batch_update():
                    await self.show(news)
                    await self._screen.query_one(ProfileTree).draw_ahead()
            case EntryOpened():
                self._name_entry(news)
                await painted()
                await self._fill_in_entry(news)
            case _:
                await self.show(news)
        await painted()

    def _name_entry(self, opened: EntryOpened) -> None:
        screen = self._screen
        screen.query_one(ProfileTree).mark(opened.entry.id)
        screen.query_one(ProfileTitle).entry = opened.entry
        if opened.draft is not None:
            screen.query_one("#modes", Segments).value = opened.draft.mode
            screen.query_one(Composer).name_request(opened.entry, opened.payload)

    async def _fill_in_entry(self, opened: EntryOpened) -> None:
        screen = self._screen
        if opened.draft is None:
            (await self._problems_view()).show(opened.entry)
            return
        screen.remove_class("-problems")
        await screen.query_one(Composer).show_draft(opened.draft, is_other=True)
        if screen.focused is None or isinstance(screen.focused, ProblemsView):
            screen.focus_request()  # what had the focus before went away

    async def _show_draft(self, draft: Draft) -> None:
        self._screen.query_one("#modes", Segments).value = draft.mode
        await self._screen.query_one(Composer).show_draft(draft)

    async def _problems_view(self) -> ProblemsView:
        """The view that takes the composer's place, made when it is first needed."""
        screen = self._screen
        screen.add_class("-problems")
        if not screen.query(ProblemsView):
            await screen.query_one("#work").mount(ProblemsView(), after=screen.query_one(Composer))
        return screen.query_one(ProblemsView)

    def _show_run(self, news: RunStarted | RunMoved | RunEnded) -> None:
        screen = self._screen
        answer = screen.query_one(Answer)
        run = news.run
        match news:
            case RunStarted():
                if screen.has_class("-short"):  # it styles the whole screen anew, which only pays where room is short
                    screen.add_class("-answer-first")
                answer.show(run)
            case RunMoved():
                answer.refresh_from()
            case RunEnded():
                answer.finish(run)
        is_live = screen.session.calls.is_live  # a job that was set aside goes on, and holds nothing
        bar, send = screen.query_one(ActionBar), screen.query_one(SendControl)
        bar.is_live = is_live
        bar.is_waiting_job = send.is_waiting_job = screen.session.calls.is_waiting_job
        if is_live != (send.elapsed_s is not None):  # in between, the screen's ticks tell the seconds
            send.elapsed_s = run.elapsed_s if is_live else None
        self._passing_time.follow(run)

    def _toast_job(self, run: Run) -> None:
        verdict = run.recorder.verdict
        if verdict is Verdict.CANCELLED:
            return
        job = run.recorder.jobs[-1]
        tone: Tone = "information" if verdict is Verdict.COMPLETE else "error"
        name = plain(job.inference_id[:8] or job.output_location)
        text = f"{plain(run.entry.id)}: job {name} {job.state.value}\n{plain(job.detail)}"
        self._screen.notify(text, title="f8 lists the jobs", severity=tone, markup=False, timeout=TOAST_S * 2)
        self._screen.app.bell()  # a job takes minutes, and the person may be looking elsewhere
