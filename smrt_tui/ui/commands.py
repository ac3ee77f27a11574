"""What each action of the table does: a method of the same name, by way of the session or of one dialog.

Dialogs are imported when they are asked for, so that the first frame does not wait for them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smrt_tui.ui.errands import preview, save_answer
from smrt_tui.ui.profile_commands import ProfileCommands
from smrt_tui.ui.request_commands import RequestCommands
from smrt_tui.ui.widgets.answer import Answer
from smrt_tui.ui.widgets.profile_tree import ProfileTree

if TYPE_CHECKING:
    from textual.widget import Widget

    from smrt_tui.core.finding import Finding
    from smrt_tui.core.job import JobRecord


class Commands(ProfileCommands, RequestCommands):
    """The verbs of the main screen."""

    def run(self, action_id: str) -> None:
        """Do what the table calls by that id."""
        getattr(self, action_id.replace("-", "_"))()

    # -- the call

    def send(self) -> None:
        """Fire the draft."""
        self._screen.session.send()

    def cancel(self) -> None:
        """Stop the running call."""
        self._screen.session.cancel()

    def switch_mode(self) -> None:
        """On to the next of sync, async, stream."""
        self._screen.session.desk.switch_mode()

    def set_aside(self) -> None:
        """Let the job go on in the background."""
        self._screen.session.jobs.set_aside()

    def jobs(self) -> None:
        """List the async jobs; the chosen one is shown."""
        from smrt_tui.ui.jobs import JobsScreen

        session = self._screen.session

        def chosen(job: JobRecord | None) -> None:
            if job is not None:
                session.open_job(job)

        self._screen.app.push_screen(JobsScreen(session.jobs, session.workbench.now), chosen)

    def ask_consent(self, host: str, job: JobRecord | None) -> None:
        """Ask before signed headers go to a stranger; then go on with the send, or with looking for the job."""
        from smrt_tui.ui.dialogs import Question

        def answered(is_agreed: bool | None) -> None:
            if is_agreed and job is not None:
                self._screen.session.open_job(job, consented=True)
            elif is_agreed:
                self._screen.session.send(consented=True)

        question = Question(
            title="Not AWS",
            text=f"This profile sends AWS-signed headers to {host}, which is neither AWS nor this machine. Whoever"
            " runs it can see the request and the access key's id, and can replay the request for some minutes.",
            agree="Send",
        )
        self._screen.app.push_screen(question, answered)

    def preview_request(self) -> None:
        """Show the request without sending it."""
        self._screen.run_worker(self._preview(), exclusive=True, group="preview")

    async def _preview(self) -> None:
        from smrt_tui.ui.dialogs import Reading

        text = await preview(self._screen.session, self._screen.hear)
        if text is not None:
            await self._screen.app.push_screen(Reading("The request as it would go out", text))

    def save_answer(self) -> None:
        """Write the answer's bytes to a file."""
        self._screen.run_worker(save_answer(self._screen.session, self._screen.hear), group="save")

    # -- the request

    def edit_outside(self) -> None:
        """Hand the payload to the person's own editor."""
        from smrt_tui.ui.external import edit_payload

        edit_payload(self._screen, self._environ)

    def format_payload(self) -> None:
        """Indent the JSON."""
        self._screen.session.desk.format_payload()

    def next_payload(self) -> None:
        """On to the profile's next payload."""
        self._screen.session.next_payload()

    def reset_draft(self) -> None:
        """Back to the saved text."""
        self._screen.session.reset()

    def apply_fix(self) -> None:
        """Repair the worst that can be repaired."""
        self._screen.session.fix_worst()

    def show_findings(self) -> None:
        """List what was found; enter applies a repair."""
        from smrt_tui.ui.dialogs import FindingList

        def chosen(finding: Finding | None) -> None:
            if finding is not None:
                self._screen.session.desk.fix(finding)

        self._screen.app.push_screen(FindingList(self._screen.session.findings), chosen)

    # -- the view

    def next_view(self) -> None:
        """On to the next of Response, Timing, Wire."""
        self._screen.query_one(Answer).next_view()

    def find(self) -> None:
        """Open the search row."""
        self._screen.run_worker(self._screen.query_one(Answer).find(), group="find")

    def maximise(self) -> None:
        """The focused pane on the whole screen, and back."""
        screen = self._screen
        if screen.maximized is not None:
            screen.minimize()
        else:
            screen.maximize(self._pane_of(screen.focused), container=False)

    def _pane_of(self, widget: Widget | None) -> Widget:
        """The bordered pane that a widget lives in; the response when there is none."""
        around = widget.ancestors_with_self if widget is not None else []
        panes = self._screen.query("Composer, Frame").results()
        return next((pane for pane in panes if pane in around), self._screen.query_one("#response-frame"))

    def toggle_sidebar(self) -> None:
        """Show or hide the profiles; shown, they have the focus."""
        screen = self._screen
        is_shown = bool(screen.query_one("#sidebar").region)
        screen.set_class(is_shown, "-sidebar-closed")
        screen.set_class(not is_shown, "-sidebar-open")
        if is_shown:
            screen.focus_request()
        else:
            screen.query(ProfileTree).focus()

    def reload_profiles(self) -> None:
        """Read the files again."""
        self._screen.run_worker(self._screen.session.reload(), exclusive=True, group="profiles")

    def open_profile(self, profile_id: str) -> None:
        """Open a profile; an overlaid sidebar makes room again."""
        self._screen.run_worker(self._screen.session.select(profile_id), exclusive=True, group="profiles")
        if self._screen.has_class("-narrow"):
            self.leave_profiles()

    def leave_profiles(self) -> None:
        """Back to the request; an overlaid sidebar goes away."""
        screen = self._screen
        if screen.session.is_live and not screen.has_class("-sidebar-open"):
            screen.session.cancel()
            return
        screen.remove_class("-sidebar-open")
        screen.focus_request()

    # -- the app

    def jump(self) -> None:
        """Letters on everything that can have the focus."""
        from smrt_tui.ui.jump import JumpOverlay, places

        def chosen(widget: Widget | None) -> None:
            if widget is not None:
                self._screen.set_focus(widget)

        self._screen.app.push_screen(JumpOverlay(places(self._screen)), chosen)

    def help(self) -> None:
        """Explain the focused widget and list the keys."""
        from smrt_tui.ui.help import HelpScreen, explain

        self._screen.app.push_screen(HelpScreen(explain(self._screen.focused), self._screen.keymap))
