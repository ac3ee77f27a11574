"""The commands about the call: fire it, stop it, see it beforehand, keep its answer, and list the async jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smrt_tui.ui import errands

if TYPE_CHECKING:
    from smrt_tui.core.job import JobRecord
    from smrt_tui.ui.screen import MainScreen


def send(screen: MainScreen) -> None:
    """Fire the draft."""
    screen.session.calls.send()


def cancel(screen: MainScreen) -> None:
    """Stop the running call."""
    screen.session.calls.cancel()


def switch_mode(screen: MainScreen) -> None:
    """On to the next of sync, async, stream."""
    screen.session.desk.switch_mode()


def set_aside(screen: MainScreen) -> None:
    """Let the job go on in the background."""
    screen.session.jobs.set_aside()


def jobs(screen: MainScreen) -> None:
    """List the async jobs; the chosen one is shown."""
    from smrt_tui.ui.jobs import JobsScreen

    session = screen.session

    def chosen(job: JobRecord | None) -> None:
        if job is not None:
            session.calls.open_job(job)

    screen.app.push_screen(JobsScreen(session.jobs, session.workbench.now), chosen)


async def container_log(screen: MainScreen) -> None:
    """Read the container's log around the latest call."""
    from smrt_tui.core.log_of_call import moment_of
    from smrt_tui.ui.log_screen import LogScreen

    run = screen.session.run
    moment = None if run is None else moment_of(run.recorder, run.draft.endpoint)
    if run is None or moment is None:
        screen.notify("Nothing was sent yet whose log could be read", severity="warning")
        return
    entry, accounts = run.entry, screen.session.workbench.accounts
    await screen.app.push_screen(LogScreen(moment, lambda query: accounts.log(entry, query)))


async def preview_request(screen: MainScreen) -> None:
    """Show the request without sending it."""
    from smrt_tui.ui.dialogs import Reading

    text = await errands.preview(screen.session, screen.hear)
    if text is not None:
        await screen.app.push_screen(Reading("The request as it would go out", text))


async def save_answer(screen: MainScreen) -> None:
    """Write the answer's body, text or parts to a file."""
    from smrt_tui.ui.save_screen import SaveScreen

    run = screen.session.run
    what = "body" if run is None else await screen.app.push_screen_wait(SaveScreen(run.recorder))
    if what is not None:
        await errands.save_answer(screen.session, what, screen.hear)


def ask_consent(screen: MainScreen, host: str, job: JobRecord | None) -> None:
    """Ask before signed headers go to a stranger; then go on with the send, or with looking for the job."""
    from smrt_tui.ui.dialogs import Question

    def answered(is_agreed: bool | None) -> None:
        if is_agreed and job is not None:
            screen.session.calls.open_job(job, consented=True)
        elif is_agreed:
            screen.session.calls.send(consented=True)

    question = Question(
        title="Not AWS",
        text=f"This profile sends AWS-signed headers to {host}, which is neither AWS nor this machine. Whoever"
        " runs it can see the request and the access key's id, and can replay the request for some minutes.",
        agree="Send",
    )
    screen.app.push_screen(question, answered)
