"""Client against local endpoint: signatures refused for a wrong secret, and for a request changed on its way."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from smrt_tui.client.invoke import RuntimeClient
from smrt_tui.core.canonical import LinePair, first_difference, refused_signature
from smrt_tui.core.diagnose import StreamFacts, diagnose
from smrt_tui.core.diagnose.evidence import of_call
from smrt_tui.core.draft import ResolvedDraft
from smrt_tui.core.recorder import Recorder
from smrt_tui.core.target import StaticCredentials, Target
from smrt_tui.local.endpoints import single
from smrt_tui.ui.panes.fault_panel import fault_texts
from smrt_tui.ui.panes.wire_text import wire_text
from tests.client.raw_server import Conversation, serving
from tests.local.running import CREDENTIALS, Running, Scripted, running

DRAFT = ResolvedDraft("sync", "echo", (("ContentType", "application/json"), ("CustomAttributes", "a=b")), (), b"{}")


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with running({"echo": single("echo", Scripted())}) as it:
        yield it


async def invoked(url: str, secret: str) -> Recorder:
    target = Target(region="us-east-1", endpoint_url=url, credentials=StaticCredentials(CREDENTIALS.access_key, secret))
    recorder = Recorder()
    client = RuntimeClient({}, now=lambda: datetime.now(UTC))
    try:
        recorder.add([event async for event in client.invoke(DRAFT, target)])
    finally:
        await client.close()
    return recorder


def finding(recorder: Recorder) -> tuple[str, str]:
    (found,) = diagnose(of_call(recorder, DRAFT, StreamFacts()))
    return found.id, found.message


async def test_with_a_wrong_secret_both_sides_signed_the_same(server: Running) -> None:
    recorder = await invoked(server.url, "another-secret")
    compared = refused_signature(recorder.attempt.signed, recorder.service_fault)
    assert [one.name for one in compared] == ["canonical request", "string to sign"]
    assert first_difference(compared) == "both sides signed the same text, so the secret key differs"
    assert finding(recorder)[1].startswith("The server signed the very same text with another key")


async def test_a_header_that_was_changed_on_its_way_is_the_first_difference(server: Running) -> None:
    async def meddle(conversation: Conversation) -> None:
        request = await conversation.request()
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(request.replace(b"Content-Type: application/json", b"Content-Type: application/jsox"))
        await writer.drain()
        await conversation.send(await reader.readuntil(b"\r\n\r\n"))
        await conversation.send(await reader.read(65_536))
        writer.close()

    async with serving(meddle) as between:
        recorder = await invoked(f"http://127.0.0.1:{between.port}", CREDENTIALS.secret_key)
    canonical, to_sign = refused_signature(recorder.attempt.signed, recorder.service_fault)
    assert canonical.first_difference is not None
    pair = canonical.lines[canonical.first_difference]
    assert pair == LinePair("content-type:application/json", "content-type:application/jsox")
    assert pair.differs_at == len("content-type:application/jso")
    assert to_sign.first_difference == 3  # the hash of the canonical request
    assert finding(recorder)[1].startswith("The request that reached the server is not the one that was signed")


async def test_the_panel_says_where_the_sides_part_and_the_wire_view_shows_it(server: Running) -> None:
    recorder = await invoked(server.url, "another-secret")
    said = [text for text, _ in fault_texts(recorder)]
    assert "→ both sides signed the same text, so the secret key differs" in said
    assert not any("Canonical String" in text for text in said)
    told = "".join(text for text, _ in wire_text(recorder))
    assert "signature refused: what was signed, here and by the server" in told
    assert "canonical request, the same on both sides" in told
    assert "another-secret" not in told
