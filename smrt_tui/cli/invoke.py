"""`smrt-tui invoke`: one invocation without a screen. The answer to stdout, the story to stderr, an exit code."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import BinaryIO, Protocol

from msgspec.structs import replace

from smrt_tui.cli.answer import AnswerWriter, EventLines, RawAnswer, ReadableAnswer, SpokenAnswer
from smrt_tui.cli.composing import chosen_entry, composed_draft, stdin_body, unused_settings
from smrt_tui.cli.diagnostics import ExitCode, Narrator, Refusal
from smrt_tui.cli.event_lines import finding_line, refused_line
from smrt_tui.cli.following import Following
from smrt_tui.cli.narration import left_job, sending_line
from smrt_tui.cli.options import InvokeOptions
from smrt_tui.cli.printing import print_text
from smrt_tui.cli.strangers import refuse_strange_endpoint, refuse_strange_store
from smrt_tui.core.catalogue import Catalogue, ProfileEntry
from smrt_tui.core.draft import Draft, ResolvedDraft
from smrt_tui.core.events import Call
from smrt_tui.core.finding import Finding, Severity
from smrt_tui.core.lint import lint_resolved
from smrt_tui.core.plain import plain
from smrt_tui.core.profile import Profile
from smrt_tui.core.service import packaged_service
from smrt_tui.environment import Environment


class Jobs(Protocol):
    """How writing jobs down goes; `smrt_tui.jobs.Jobs` tells."""

    @property
    def trouble(self) -> str:
        """Why the last step of an async job could not be written down; empty when it was."""
        ...


class Workbench(Protocol):
    """What invoking needs done outside itself; `smrt_tui.workbench.Workbench` does it."""

    async def load_catalogue(self) -> Catalogue:
        """Every profile there is."""
        ...

    async def resolve(self, entry: ProfileEntry, draft: Draft) -> ResolvedDraft | tuple[Finding, ...]:
        """The draft with templates filled and files read, or what is missing."""
        ...

    async def fire(self, entry: ProfileEntry, draft: ResolvedDraft) -> Call:
        """Start one invocation. Raises `SmrtError` when there is nothing to send to."""
        ...

    async def preview(self, entry: ProfileEntry, draft: ResolvedDraft) -> str:
        """The signed request as it would go out, secrets masked."""
        ...

    @property
    def jobs(self) -> Jobs:
        """The async jobs."""
        ...


async def run_invoke(options: InvokeOptions, environment: Environment, workbench: Workbench) -> int:
    """Carry out one `invoke`; the exit code.

    Raises `SmrtError` when there is nothing to send to, and `BrokenPipeError` once nobody reads stdout any more (the
    call is cancelled first). Cancelling the task cancels the call, keeps what arrived, and gives 130.
    """
    narrator = Narrator(environment)
    try:
        return await _invoke(options, environment, workbench, narrator)
    except Refusal as refusal:
        if options.events:
            found = [finding_line(finding, 0.0) for finding in refusal.findings]
            EventLines(environment.stdout).write([*found, refused_line(refusal.code)])
        return narrator.refuse(refusal)


async def _invoke(
    options: InvokeOptions, environment: Environment, workbench: Workbench, narrator: Narrator
) -> ExitCode:
    entry, profile = chosen_entry(options, await workbench.load_catalogue())
    draft = composed_draft(options, profile, environment)
    resolved = await resolved_draft(options, environment, workbench, entry, draft)
    findings = (*unused_settings(options, draft), *_lint(profile, resolved))
    if options.dry_run:
        narrator.findings(findings)
        print_text(environment, await workbench.preview(entry, resolved))
        return ExitCode.COMPLETE
    if options.endpoint_url is None:
        refuse_strange_endpoint(entry)
    if draft.mode == "async":
        refuse_strange_store(entry)
    with _writers(options, environment, profile, resolved) as writers:
        narrator.say(sending_line(entry, resolved))
        following = Following(resolved, profile.stream, writers, narrator, no_wait=options.no_wait)
        code = await following.to_the_end(await workbench.fire(entry, resolved), findings)
    if following.accepted is not None:
        for line in left_job(following.accepted, is_local=entry.is_local):
            narrator.say(line)
        if not options.events:
            print_text(environment, f"{plain(following.accepted.output_location)}\n")
    if resolved.mode == "async" and workbench.jobs.trouble:
        narrator.say(f"the job could not be written down: {workbench.jobs.trouble}; `smrt-tui jobs` will not show it")
    return code


async def resolved_draft(
    options: InvokeOptions, environment: Environment, workbench: Workbench, entry: ProfileEntry, draft: Draft
) -> ResolvedDraft:
    """The draft with templates filled and its body read. Raises `Refusal` with what is missing."""
    body = stdin_body(options, environment)
    resolved = await workbench.resolve(entry, draft)
    if not isinstance(resolved, ResolvedDraft):
        raise Refusal(ExitCode.CANNOT_SEND, f"the request of {entry.id} cannot be made", findings=resolved)
    return resolved if body is None else replace(resolved, body=body)


def _lint(profile: Profile, resolved: ResolvedDraft) -> tuple[Finding, ...]:
    """What is wrong with the request; none when the profile sends what is wrong on purpose.

    Raises `Refusal` when the profile blocks what breaks the service's rules.
    """
    if profile.client.param_validation == "off":
        return ()
    findings = lint_resolved(resolved, profile, packaged_service())
    if profile.client.param_validation == "block" and any(f.severity == Severity.ERROR for f in findings):
        message = "the request breaks the service's rules, and the profile says `param_validation: block`"
        raise Refusal(ExitCode.CANNOT_SEND, message, findings=findings)
    return findings


@contextlib.contextmanager
def _writers(
    options: InvokeOptions, environment: Environment, profile: Profile, draft: ResolvedDraft
) -> Iterator[list[AnswerWriter]]:
    """Where the answer goes. Raises `Refusal` when the output file cannot be opened."""
    with contextlib.ExitStack() as stack:
        writers: list[AnswerWriter] = []
        head = environment.stdout if options.include and not options.events else None
        if options.output is not None:
            try:
                file = (environment.working_folder / options.output).open("wb")
            except OSError as error:
                message = f"{options.output} cannot be written: {error.strerror or error}"
                raise Refusal(ExitCode.USAGE, message) from error
            stack.callback(_close, file)
            writers.append(RawAnswer(file, head))
        if options.events:
            writers.append(EventLines(environment.stdout))
        elif options.output is None and not environment.stdout_is_terminal:
            writers.append(RawAnswer(environment.stdout, head))
        elif options.output is None and draft.mode == "stream":
            writers.append(SpokenAnswer(environment.stdout, profile.stream, head))
        elif options.output is None:
            writers.append(ReadableAnswer(environment.stdout, head))
        yield writers


def _close(file: BinaryIO) -> None:
    with contextlib.suppress(OSError):  # every write was flushed, and its failure told
        file.close()
