"""tinyproxy, a forward proxy that nobody here wrote, stands between the client and the local endpoint.

It passes signed requests on, tunnels TLS (certificates by openssl), and refuses in its own words.
"""

from __future__ import annotations

import asyncio
import shutil
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest
from msgspec.structs import replace

from smrt_tui.core.events import Connected, Ended, PartArrived
from smrt_tui.core.service import Mode
from smrt_tui.core.target import StaticCredentials, Target
from tests.client.calls import NOW, a_client, a_draft, a_target, body_of, fault_codes, only, story_of
from tests.client.certificates import Authority, make_authority
from tests.client.raw_server import Conversation, serving
from tests.client.test_tunnel import copy
from tests.local.running import CREDENTIALS, Running, Scripted, endpoints_of, running

pytestmark = [
    pytest.mark.outside,
    pytest.mark.skipif(
        shutil.which("tinyproxy") is None, reason="tinyproxy is not installed: apt install tinyproxy-bin"
    ),
]

FLUSHES = (b"one ", b"two ", b"three")
KEYS = StaticCredentials(CREDENTIALS.access_key, CREDENTIALS.secret_key)


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with running(endpoints_of(ep=Scripted(FLUSHES), slow=Scripted(FLUSHES, is_silent=True)), now=lambda: NOW) as it:
        yield it


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("authority"))


@contextmanager
def tinyproxy(folder: Path, *settings: str) -> Iterator[str]:
    """The address of a running proxy."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    configuration = folder / "tinyproxy.conf"
    lines = [f"Port {port}", "Listen 127.0.0.1", "Allow 127.0.0.1", "Timeout 20", *settings, ""]
    configuration.write_text("\n".join(lines))
    command = ["tinyproxy", "-d", "-c", str(configuration)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until_up(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def wait_until_up(port: int) -> None:
    deadline = time.monotonic() + 10
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=2).close()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with tinyproxy(tmp_path_factory.mktemp("proxy")) as url:
        yield url


def target_of(port: int, proxy: str, scheme: str = "http", **options: object) -> Target:
    return a_target(port, scheme=scheme, credentials=KEYS, proxy=proxy, **options)


@asynccontextmanager
async def behind_tls(server: Running, authority: Authority) -> AsyncIterator[int]:
    """A port where the local endpoint is reached by TLS."""

    async def relay(conversation: Conversation) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        try:
            await asyncio.gather(copy(conversation.reader, writer), copy(reader, conversation.writer))
        finally:
            writer.close()
            await asyncio.shield(writer.wait_closed())

    async with serving(relay, tls=authority.server("proxied", "localhost")) as front:
        yield front.port


@pytest.mark.parametrize("mode", ["sync", "stream"])
async def test_a_signed_request_passes_a_proxy_and_is_accepted(server: Running, proxy: str, mode: Mode) -> None:
    events = await story_of(a_draft(mode), target_of(server.port, proxy))
    assert (fault_codes(events), body_of(events)) == ([], b"".join(FLUSHES))
    assert isinstance(events[-1], Ended)
    assert only(Connected, events)[0].peer == proxy.removeprefix("http://")


async def test_parts_come_through_a_proxy_while_the_stream_is_open(server: Running, proxy: str) -> None:
    draft = replace(a_draft("stream"), endpoint="slow")
    parts: list[bytes] = []
    async with a_client() as client:
        call = client.invoke(draft, target_of(server.port, proxy))
        async for event in call:
            if isinstance(event, PartArrived):
                parts.append(event.payload)
                if len(parts) == len(FLUSHES):
                    call.cancel()  # the container says nothing more, and never ends
    assert tuple(parts) == FLUSHES


@pytest.mark.parametrize("mode", ["sync", "stream"])
async def test_tls_is_tunnelled_and_the_signature_is_accepted_at_its_end(
    server: Running, proxy: str, authority: Authority, mode: Mode
) -> None:
    async with behind_tls(server, authority) as port:
        events = await story_of(a_draft(mode), target_of(port, proxy, "https", ca_bundle=str(authority.bundle)))
    assert (fault_codes(events), body_of(events)) == ([], b"".join(FLUSHES))
    (connected,) = only(Connected, events)
    assert (connected.peer, connected.tls_version) == (proxy.removeprefix("http://"), "TLSv1.3")


async def test_a_certificate_is_checked_through_the_tunnel_too(
    server: Running, proxy: str, authority: Authority
) -> None:
    async with behind_tls(server, authority) as port:
        events = await story_of(a_draft(), target_of(port, proxy, "https"))
    assert fault_codes(events) == ["tls-unknown-ca"]


async def test_a_tunnel_that_is_not_allowed_is_named(server: Running, authority: Authority, tmp_path: Path) -> None:
    async with behind_tls(server, authority) as port:
        with tinyproxy(tmp_path, "ConnectPort 443") as proxy:
            events = await story_of(a_draft(), target_of(port, proxy, "https", ca_bundle=str(authority.bundle)))
    assert fault_codes(events) == ["proxy-refused"]


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_a_password_is_given_and_its_lack_is_named(
    server: Running, authority: Authority, tmp_path: Path, scheme: str
) -> None:
    async with behind_tls(server, authority) as tls_port:
        port = tls_port if scheme == "https" else server.port
        options = {"ca_bundle": str(authority.bundle)} if scheme == "https" else {}
        with tinyproxy(tmp_path, "BasicAuth ann right") as proxy:
            given = await story_of(a_draft(), target_of(port, proxy.replace("//", "//ann:right@"), scheme, **options))
            lacking = await story_of(a_draft(), target_of(port, proxy, scheme, **options))
            wrong = await story_of(a_draft(), target_of(port, proxy.replace("//", "//ann:no@"), scheme, **options))
    assert fault_codes(given) == []
    assert "right" not in repr(given)
    assert fault_codes(lacking)[0] == "proxy-auth"
    # tinyproxy answers a wrong one with 401, which over plain http is no different from the server's own
    assert fault_codes(wrong)[0] == ("proxy-auth" if scheme == "https" else "401")


async def test_a_server_that_a_proxy_cannot_reach_is_told_in_the_proxys_words(proxy: str) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        port = nobody.getsockname()[1]
        plain = await story_of(a_draft(), target_of(port, proxy))
        tunnelled = await story_of(a_draft(), target_of(port, proxy, "https"))
    assert fault_codes(plain)[0] == "500"  # it may close with a reset, which is told as well
    assert b"tinyproxy" in body_of(plain)
    assert fault_codes(tunnelled) == ["proxy-refused"]
