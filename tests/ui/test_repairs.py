"""What findings offer to mend: each repair by one key, the next one with the next press, and none twice."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

import pytest

from smrt_tui.core.events import Ended, Event, TransportFault
from smrt_tui.core.finding import Finding, Fix, RaiseReadTimeout, RefreshCredentials, SetMember, Severity
from smrt_tui.ui.desk import Desk
from smrt_tui.ui.news import News, Said
from smrt_tui.ui.repairs import Repairs
from smrt_tui.ui.tasks import Tasks
from tests.ui.fakes import FakeCall, FakeWorkbench, a_profile, an_answer, an_entry
from tests.ui.sitting import at_the_terminal
from tests.ui.until import eventually


def a_finding(fix: Fix | None, where: str = "somewhere") -> Finding:
    return Finding("R00", Severity.ERROR, where, "it is so", fix=fix)


@dataclass
class Bench:
    workbench: FakeWorkbench
    desk: Desk
    repairs: Repairs
    news: list[News] = field(default_factory=list)

    @property
    def said(self) -> list[str]:
        return [news.message for news in self.news if isinstance(news, Said)]


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    news: list[News] = []
    workbench, tasks = FakeWorkbench(), Tasks()
    desk = Desk(workbench, news.append)
    entry = an_entry()
    assert entry.profile is not None
    from smrt_tui.core.draft import draft_of

    desk.put(entry, draft_of(entry.profile))
    yield Bench(workbench, desk, Repairs(workbench, desk, news.append, tasks), news)
    await desk.close()
    await tasks.close()


async def test_each_press_carries_out_the_next_repair(bench: Bench) -> None:
    findings = [a_finding(None), a_finding(SetMember("Accept", "*/*"), "Accept"), a_finding(SetMember("X", "1"), "X")]
    bench.repairs.apply_next(findings)
    bench.repairs.apply_next(findings)
    bench.repairs.apply_next(findings)
    assert bench.said == ["Fixed: Accept", "Fixed: X", "Everything that can be fixed by itself is; f5 sends"]
    assert bench.desk.draft is not None
    assert (bench.desk.draft.member("Accept"), bench.desk.draft.member("X")) == ("*/*", "1")


async def test_where_nothing_can_be_mended_that_is_said(bench: Bench) -> None:
    bench.repairs.apply_next([a_finding(None)])
    bench.repairs.apply_next([])
    assert bench.said == ["Nothing here can be fixed by itself", "Nothing to fix"]


async def test_a_longer_patience_goes_with_what_is_fired_next(bench: Bench) -> None:
    entry, other = an_entry(), an_entry("aws/other", a_profile())
    bench.repairs.apply_next([a_finding(RaiseReadTimeout(480))])
    patient = bench.repairs.patient(entry)
    assert patient.profile is not None and patient.profile.client.read_timeout == 480
    assert entry.profile is not None and entry.profile.client.read_timeout is None
    assert bench.repairs.patient(other) is other
    bench.repairs.apply_next([a_finding(RaiseReadTimeout(480))])
    assert len(bench.said) == 2 and "nothing" not in bench.said[0]


async def test_refreshing_forgets_the_credentials_once_for_each_refusal(bench: Bench) -> None:
    refused = a_finding(RefreshCredentials())
    bench.repairs.apply_next([refused])
    await eventually(lambda: bench.workbench.keyring.forgotten == 1)
    bench.repairs.apply_next([refused])
    assert bench.workbench.keyring.forgotten == 1
    bench.repairs.apply_next([a_finding(RefreshCredentials())])
    await eventually(lambda: bench.workbench.keyring.forgotten == 2)


def refused_call(fault: Event) -> FakeCall:
    begun: Sequence[Event] = an_answer()[:3]
    return FakeCall([(*begun, fault, Ended(3.0, "fault"))])


TIMED_OUT = TransportFault(2.0, "read-timeout", "nothing came", "raise it")


async def test_one_key_waits_longer_after_a_time_out() -> None:
    workbench = FakeWorkbench(make_call=lambda: refused_call(TIMED_OUT))
    async with at_the_terminal(workbench) as sitting:
        await sitting.send()
        await sitting.until(lambda: sitting.session.findings, "the diagnosis is there")
        assert sitting.session.findings[0].id == "R10"
        await sitting.press("f7")
        assert sitting.toasts()[-1].startswith("local/chat now waits up to 480 s")
        await sitting.send()
        assert sitting.session.run is not None and sitting.session.run.entry.profile is not None
        assert sitting.session.run.entry.profile.client.read_timeout == 480


async def test_a_click_on_the_strip_s_fix_is_the_same_as_its_key() -> None:
    workbench = FakeWorkbench(make_call=lambda: refused_call(TIMED_OUT))
    async with at_the_terminal(workbench) as sitting:
        await sitting.send()
        await sitting.until(lambda: sitting.sees("Answer LintStrip"), "the diagnosis is shown")
        strip = sitting.app.screen.query_one("Answer LintStrip")
        await sitting.pilot.click(strip, offset=(strip.size.width - 2, 0))
        await sitting.until(lambda: any("480 s" in toast for toast in sitting.toasts()), "the repair is told")
