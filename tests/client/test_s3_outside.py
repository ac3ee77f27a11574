"""The object store and the following of jobs, judged by moto's S3 server."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, asynccontextmanager
from urllib.request import Request, urlopen

import pytest

from smrt_tui.client.credentials import CredentialResolver
from smrt_tui.client.jobs import Job, Watch, follow
from smrt_tui.client.placing import place
from smrt_tui.client.s3 import ObjectName, ObjectStore
from smrt_tui.client.transport import WireTransport
from smrt_tui.core.draft import ResolvedDraft
from smrt_tui.core.events import HeadArrived, JobMoved, JobState, PartArrived, TransportFault
from smrt_tui.core.profile import AsyncOptions
from smrt_tui.core.request import header
from smrt_tui.core.target import StaticCredentials, Target

pytestmark = [
    pytest.mark.outside,
    # moto's own, of the libraries that it is made of
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


@pytest.fixture(scope="module")
def moto_url() -> Iterator[str]:
    """A moto server with one bucket."""
    server_module = pytest.importorskip("moto.server", reason="moto's server is not installed")
    server = server_module.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    with urlopen(Request(f"{url}/bucket", method="PUT")):
        pass
    yield url
    server.stop()


@asynccontextmanager
async def a_store(url: str) -> AsyncIterator[ObjectStore]:
    transport = WireTransport()
    target = Target(region="us-east-1", s3_endpoint_url=url, credentials=StaticCredentials("AKIA", "secret"))
    try:
        yield ObjectStore(target, {}, CredentialResolver({}), lambda _: transport)
    finally:
        await transport.aclose()


def still_watch() -> Watch:
    """A watch that stands still but for its sleeps."""
    seconds = [0.0]

    async def sleep(duration: float) -> None:
        seconds[0] += duration

    return Watch(lambda: 0.0, lambda _: seconds[0], sleep)


@pytest.mark.parametrize("key", ["plain", "a b/€", "a/../b", "a+b&c=d?e"])
async def test_moto_keeps_what_was_put(moto_url: str, key: str) -> None:
    async with a_store(moto_url) as store:
        name = ObjectName("bucket", key)
        await store.put(name, b"1,2", "text/csv")
        async with aclosing(follow(Job("i", str(name)), store, AsyncOptions(), still_watch())) as events:
            told = [event async for event in events]
    assert [event.payload for event in told if isinstance(event, PartArrived)] == [b"1,2"]
    head = next(event for event in told if isinstance(event, HeadArrived))
    assert header(head.headers, "Content-Type") == "text/csv"


async def test_moto_says_not_yet_and_then_gives_the_upload(moto_url: str) -> None:
    async with a_store(moto_url) as store:
        draft = ResolvedDraft("async", "e", (("ContentType", "text/csv"),), (), b"3,4")
        placed, _ = await place(draft, AsyncOptions(input="s3://bucket/in"), store, still_watch())
        job = Job("i", dict(placed.members)["InputLocation"] + "-not-there")
        async with aclosing(follow(job, store, AsyncOptions(poll=2, give_up=3), still_watch())) as events:
            told = [event async for event in events]
    assert [event.state for event in told if isinstance(event, JobMoved)] == [
        JobState.WAITING,
        JobState.WAITING,
        JobState.GAVE_UP,
    ]


async def test_moto_knows_no_such_bucket(moto_url: str) -> None:
    job = Job("i", "s3://no-bucket/k")
    async with a_store(moto_url) as store, aclosing(follow(job, store, AsyncOptions(), still_watch())) as events:
        told = [event async for event in events]
    fault = told[-1]
    assert isinstance(fault, TransportFault)
    assert (fault.code, "NoSuchBucket" in fault.message) == ("s3-failed", True)
