"""The wire pane: the request as it left, the answer as it came, and what was signed."""

from __future__ import annotations

from smrt_tui.core.events import AttemptEnded, TrailersArrived
from smrt_tui.core.recorder import Recorder
from smrt_tui.ui.panes.headers import WirePane
from smrt_tui.ui.panes.messages import CopyRequested
from smrt_tui.ui.panes.wire_text import wire_text
from tests.ui.panes.calls import deltas, ended, opening, parts, recorded
from tests.ui.panes.host import Host, shown
from tests.ui.until import eventually


def told(recorder: Recorder) -> str:
    return "".join(text for text, _ in wire_text(recorder))


def test_headers_keep_their_order_case_and_marks() -> None:
    recorder, _ = recorded([*opening(), *parts(deltas(["hi"])), ended(1.0)])
    lines = told(recorder).splitlines()
    at = lines.index("  POST /endpoints/llama/invocations-response-stream HTTP/1.1")
    assert lines[at + 1 : at + 5] == [
        "◆ Host: runtime.sagemaker.us-east-1.amazonaws.com",
        "◆ Content-Type: application/json",
        "◆ X-Amzn-SageMaker-Custom-Attributes: accept_eula=true",
        "◆ X-Amz-Date: 20261122T101112Z",
    ]
    assert "  x-amzn-RequestId: 5f1c5a7e-2b1d-4c59-9c3e-0123456789ab" in lines


def test_what_the_transport_added_is_marked() -> None:
    recorder, _ = recorded(opening())
    started = recorder.started
    assert started is not None
    meant = started.request.with_headers((("Content-Type", "application/json"),))
    recorder.add([type(started)(0.0, started.operation, meant)])
    assert "+ Content-Length: 54" in told(recorder).splitlines()


def test_every_attempt_is_told() -> None:
    recorder = Recorder()
    recorder.add([*opening(), AttemptEnded(0.5, 1, "503 ServiceUnavailable", 0.2), *opening()[1:], ended(2.0)])
    text = told(recorder)
    assert text.count("request as sent · attempt") == 2
    assert "503 ServiceUnavailable; tried again after 200 ms" in text


def test_connection_trailers_and_signature_are_told() -> None:
    recorder, _ = recorded([*opening(), TrailersArrived(1.0, (("X-Sum", "1"),)), ended(1.0)])
    text = told(recorder)
    for words in ("3.90.1.2:443", "TLSv1.3, TLS_AES_128_GCM_SHA256", "X-Sum: 1", "canonical request", "string to sign"):
        assert words in text


async def test_the_lines_that_show_stay_while_more_is_learnt() -> None:
    pane = WirePane()
    async with Host(pane).run_test(size=(60, 10)) as pilot:
        recorder, _ = recorded(opening())
        pane.show(recorder)
        pane.focus()
        await eventually(lambda: pane.has_focus and len(pane.text))
        await pilot.press("j", "j", "j")
        top = shown(pane)[0]
        recorder.add([*parts([b"x"]), ended(1.0)])
        pane.finish()
        await eventually(lambda: b"1 payload part" in pane.text.raw)
        assert shown(pane)[0] == top


async def test_everything_can_be_copied_and_searched() -> None:
    pane = WirePane()
    app = Host(pane)
    async with app.run_test(size=(60, 10)) as pilot:
        recorder, _ = recorded([*opening(), ended(1.0)])
        pane.show(recorder)
        pane.focus()
        await eventually(lambda: pane.has_focus and len(pane.text))
        await pilot.press("y")
        await eventually(lambda: CopyRequested(told(recorder).rstrip("\n")) in app.heard)
        assert pane.search("x-amz") > 2
