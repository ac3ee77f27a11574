"""moto's server, a stand-in for AWS that nobody here wrote, judges the client: sync, async and its S3."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from importlib.util import find_spec

import pytest

from smrt_tui.client.invoke import RuntimeClient
from smrt_tui.core.draft import ResolvedDraft
from smrt_tui.core.events import JobState
from smrt_tui.core.profile import AsyncOptions
from smrt_tui.core.recorder import Recorder, Verdict
from smrt_tui.core.request import header
from smrt_tui.core.service import Mode
from smrt_tui.core.target import StaticCredentials, Target

pytestmark = [
    pytest.mark.outside,
    pytest.mark.skipif(find_spec("moto") is None, reason="moto is not installed: pip install 'moto[s3,server]'"),
]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def moto() -> Iterator[str]:
    """The address of a moto server in a process of its own."""
    port = free_port()
    command = shutil.which("moto_server", path=f"{sys.prefix}/bin") or "moto_server"
    server = subprocess.Popen([command, "-p", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until_up(url)
        yield url
    finally:
        server.terminate()
        server.wait(10)


def wait_until_up(url: str) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            with urllib.request.urlopen(f"{url}/moto-api/", timeout=2):
                return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def queue(moto: str, kind: str, results: list[dict[str, object]]) -> None:
    """Tell moto what its next answers are."""
    body = json.dumps({"results": results}).encode()
    request = urllib.request.Request(
        f"{moto}/moto-api/static/sagemaker/{kind}", body, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=5) as answer:
        assert answer.status == 201


async def fired(moto: str, mode: Mode, members: tuple[tuple[str, str], ...], body: bytes) -> Recorder:
    target = Target(
        region="us-east-1",
        endpoint_url=moto,
        s3_endpoint_url=moto,
        credentials=StaticCredentials("AKIDEXAMPLE", "secret", source="test"),
        async_options=AsyncOptions(poll=0.05, give_up=10),
    )
    client = RuntimeClient({})
    recorder = Recorder()
    async for batch in client.invoke(ResolvedDraft(mode, "an-endpoint", members, (), body), target).batches():
        recorder.add(batch)
    await client.close()
    return recorder


async def test_a_sync_invocation_is_answered(moto: str) -> None:
    answer: dict[str, object] = {
        "Body": "1.5,2.5",
        "ContentType": "text/csv",
        "InvokedProductionVariant": "blue",
        "CustomAttributes": "t=1",
    }
    queue(moto, "endpoint-results", [answer])
    recorder = await fired(moto, "sync", (("ContentType", "text/csv"),), b"1,2")
    assert recorder.verdict is Verdict.COMPLETE
    assert bytes(recorder.parts.body) == b"1.5,2.5"
    assert recorder.head is not None
    assert header(recorder.head.headers, "x-Amzn-Invoked-Production-Variant") == "blue"


async def test_an_async_invocation_is_followed_to_its_output(moto: str) -> None:
    queue(moto, "async-endpoint-results", [{"data": '{"label": "setosa"}'}])
    recorder = await fired(moto, "async", (("InputLocation", "s3://bucket/in-1"),), b"")
    assert recorder.verdict is Verdict.COMPLETE
    assert json.loads(recorder.parts.body) == {"label": "setosa"}
    assert recorder.jobs[-1].state is JobState.COMPLETED


async def test_a_failure_object_is_told_as_a_failure(moto: str) -> None:
    queue(moto, "async-endpoint-results", [{"is_failure": True, "data": "the model broke"}])
    recorder = await fired(moto, "async", (("InputLocation", "s3://bucket/in-2"),), b"")
    assert recorder.verdict is Verdict.ANSWERED_WITH_ERROR
    assert bytes(recorder.parts.body) == b"the model broke"
    states = [job.state for job in recorder.jobs]
    assert states[0] is JobState.ACCEPTED
    assert states[-1] is JobState.FAILED
