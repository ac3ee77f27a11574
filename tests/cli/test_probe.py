"""`smrt-tui probe`: the table on stdout, the outcomes on stderr as they come, and a grid that stays small."""

from __future__ import annotations

from pathlib import Path

import pytest

from smrt_tui.cli.arguments import parse
from smrt_tui.cli.diagnostics import ExitCode, Refusal
from smrt_tui.cli.options import InvokeOptions, ProbeOptions
from smrt_tui.cli.probe import run_probe
from tests.cli.stage import PlayedCall, PlayedWorkbench, Stage, a_catalogue, a_profile, a_stage, a_story, head, part


async def probed(folder: Path, options: ProbeOptions) -> tuple[int, Stage, PlayedWorkbench]:
    stage = a_stage(folder)
    workbench = PlayedWorkbench(a_catalogue(("p", a_profile())))
    workbench.call = PlayedCall(a_story(head(200, ("Content-Type", "text/csv")), part(0, b"1,2")))
    return await run_probe(options, stage.environment, workbench), stage, workbench


async def test_every_pair_is_a_row(tmp_path: Path) -> None:
    options = ProbeOptions(InvokeOptions("p"), ("text/csv", ""), ("application/json",))
    code, stage, workbench = await probed(tmp_path, options)
    assert code == ExitCode.COMPLETE
    assert stage.stdout.getvalue().decode() == (
        "Endpoint `e`: 2 of 2 pairs were answered.\n\n"
        "| ContentType | Accept | status | answer | type | bytes | seconds |\n"
        "| --- | --- | --- | --- | --- | --- | --- |\n"
        "| text/csv | application/json | 200 | ok | text/csv | 3 | 1.000 |\n"
        "| (none) | application/json | 200 | ok | text/csv | 3 | 1.000 |\n"
    )
    assert [dict(draft.members) for _, draft in workbench.fired] == [
        {"ContentType": "text/csv", "Accept": "application/json"},
        {"Accept": "application/json"},
    ]
    assert "1/2 text/csv · application/json · 200 · ok · text/csv · 3 · 1.000" in stage.told


async def test_without_lists_the_profile_s_types_and_the_usual_ones_are_tried(tmp_path: Path) -> None:
    _, _, workbench = await probed(tmp_path, ProbeOptions(InvokeOptions("p")))
    tried = [(dict(d.members).get("ContentType"), dict(d.members).get("Accept")) for _, d in workbench.fired]
    assert tried[0] == ("application/json", None)
    assert len(set(tried)) == len(tried) == 9


async def test_a_grid_that_is_too_large_is_refused_before_anything_is_fired(tmp_path: Path) -> None:
    types = tuple(f"a/{number}" for number in range(31))
    with pytest.raises(Refusal) as refused:
        await probed(tmp_path, ProbeOptions(InvokeOptions("p"), types, ("*/*",)))
    assert refused.value.message == "31 pairs are more than a probe fires (30)"


def test_the_command_line_takes_lists() -> None:
    argv = ["probe", "p", "--content-type", "text/csv", "--content-type", "", "--accept", "*/*", "--set", "a=1"]
    request = InvokeOptions("p", variables=(("a", 1),))
    assert parse(argv) == ProbeOptions(request, ("text/csv", ""), ("*/*",))
