from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path

from smrt_tui.core.events import Connected
from tests.client.calls import a_draft, a_target, body_of, only, story_of
from tests.client.certificates import make_authority
from tests.client.raw_server import Conversation, answers, ok, serving


async def test_tls_runs_through_a_proxys_tunnel(tmp_path: Path) -> None:
    authority = make_authority(tmp_path)

    async with serving(answers(ok(b"{}")), tls=authority.server("sound", "localhost")) as server:

        async def relay(conversation: Conversation) -> None:
            await conversation.head()
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            await conversation.send(b"HTTP/1.1 200 Connection established\r\n\r\n")
            await asyncio.gather(copy(conversation.reader, writer), copy(reader, conversation.writer))

        async with serving(relay) as proxy:
            target = a_target(
                server.port,
                scheme="https",
                proxy=f"http://127.0.0.1:{proxy.port}",
                ca_bundle=str(authority.bundle),
            )
            events = await story_of(a_draft(), target)
    assert body_of(events) == b"{}"
    (connected,) = only(Connected, events)
    assert (connected.peer, connected.tls_version) == (f"127.0.0.1:{proxy.port}", "TLSv1.3")
    assert proxy.requests == [b"CONNECT localhost:%d HTTP/1.1\r\nHost: localhost:%d\r\n\r\n" % ((server.port,) * 2)]


async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()
