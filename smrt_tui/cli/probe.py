"""`smrt-tui probe`: one payload under a grid of ContentType × Accept pairs. Table to stdout, each outcome to stderr.

An answer with an error is an outcome like any other; only what keeps the grid from being fired is a failure.
"""

from __future__ import annotations

import asyncio

from smrt_tui.cli.composing import chosen_entry, composed_draft
from smrt_tui.cli.diagnostics import ExitCode, Narrator, Refusal
from smrt_tui.cli.invoke import Workbench, resolved_draft
from smrt_tui.cli.options import ProbeOptions
from smrt_tui.cli.printing import print_text
from smrt_tui.core.draft import Draft, ResolvedDraft
from smrt_tui.core.events import Call
from smrt_tui.core.plain import plain
from smrt_tui.core.probe import MOST_PAIRS, Outcome, Pair, as_markdown, default_choice, pairs_of
from smrt_tui.environment import Environment
from smrt_tui.probing import probe


async def run_probe(options: ProbeOptions, environment: Environment, workbench: Workbench) -> int:
    """Fire the grid; the exit code. A cancelled probe prints what it found so far, and gives 130.

    Raises `SmrtError` when there is no such profile, or the request cannot be made.
    """
    narrator = Narrator(environment)
    entry, profile = chosen_entry(options.request, await workbench.load_catalogue())
    draft = composed_draft(options.request, profile, environment)
    resolved = await resolved_draft(options.request, environment, workbench, entry, draft)
    pairs = _grid(options, draft)
    found: dict[int, Outcome] = {}

    def tell(place: int, outcome: Outcome) -> None:
        found[place] = outcome
        narrator.say(f"{len(found)}/{len(pairs)} {' · '.join(filter(None, outcome.cells))}")

    async def fire(one: ResolvedDraft) -> Call:
        return await workbench.fire(entry, one)

    code = ExitCode.COMPLETE
    try:
        await probe(fire, resolved, pairs, tell)
    except asyncio.CancelledError:
        code = ExitCode.CANCELLED
    print_text(environment, plain(as_markdown([found[place] for place in sorted(found)], resolved.endpoint)))
    return code


def _grid(options: ProbeOptions, draft: Draft) -> tuple[Pair, ...]:
    content_types, accepts = default_choice(draft)
    pairs = pairs_of(options.content_types or content_types, options.accepts or accepts)
    if len(pairs) > MOST_PAIRS:
        hint = "each is a call; name fewer content types or Accepts"
        raise Refusal(ExitCode.USAGE, f"{len(pairs)} pairs are more than a probe fires ({MOST_PAIRS})", hint)
    return pairs
