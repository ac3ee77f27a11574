from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from hashlib import sha256
from urllib.parse import unquote

import botocore.auth
import httpx
import pytest
from botocore.awsrequest import AWSRequest
from botocore.credentials import ReadOnlyCredentials

from smrt_tui.client.credentials import CredentialResolver
from smrt_tui.client.faults import ClientTrouble
from smrt_tui.client.s3 import ObjectName, ObjectStore, Refusal, parse_location, read_refusal
from smrt_tui.client.transport import WireTransport
from smrt_tui.core.target import StaticCredentials, Target
from tests.client.tiny_s3 import Asked, Stored, TinyS3, tiny_s3

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
KEYS = StaticCredentials("ASIAEXAMPLE", "secret", "token")
NAME = ObjectName("bucket", "a/key")


@asynccontextmanager
async def a_store(
    url: str, environ: Mapping[str, str] | None = None, *, region: str | None = "us-east-1"
) -> AsyncIterator[ObjectStore]:
    """A store whose bucket is at that address, its connections closed at the end."""
    transport = WireTransport()
    environ = environ or {}
    target = Target(region=region, s3_endpoint_url=url, credentials=KEYS)
    try:
        yield ObjectStore(target, environ, CredentialResolver(environ), lambda _: transport, now=lambda: NOW)
    finally:
        await transport.aclose()


async def read(response: httpx.Response) -> bytes:
    assert isinstance(response.stream, httpx.AsyncByteStream)
    return b"".join([chunk async for chunk in response.stream])


async def trouble_of(store: ObjectStore, name: ObjectName = NAME) -> ClientTrouble:
    with pytest.raises(ClientTrouble) as raised:
        await store.put(name, b"x", None)
    assert raised.value.hint
    return raised.value


def signature(asked: Asked, url: str) -> str:
    """What botocore signs for a request that came, over the headers that the request says are signed."""
    names = asked.headers["authorization"].partition("SignedHeaders=")[2].partition(",")[0].split(";")
    subject = AWSRequest(method=asked.method, url=f"{url}{asked.path}", data=asked.body)
    for name in names:
        subject.headers[name] = asked.headers[name]
    subject.context["timestamp"] = asked.headers["x-amz-date"]
    signer = botocore.auth.S3SigV4Auth(ReadOnlyCredentials("ASIAEXAMPLE", "secret", "token"), "s3", "us-east-1")
    return str(signer.signature(signer.string_to_sign(subject, signer.canonical_request(subject)), subject))


@pytest.mark.parametrize("key", ["a/key", "with blank", "€/ü", "a/../b", "a//b", "q?x=1&y", "100%", "~+=:@;'()!*,$"])
async def test_an_object_is_written_and_read_under_its_very_key(key: str) -> None:
    name, body = ObjectName("bucket", key), bytes(range(256))
    async with tiny_s3() as s3, a_store(s3.url) as store:
        await store.put(name, body, "image/jpeg")
        async with store.open("GET", name) as response:
            assert (response.status_code, response.headers["content-type"]) == (200, "image/jpeg")
            assert await read(response) == body
        async with store.open("HEAD", name) as response:
            assert (response.headers["content-length"], await read(response)) == ("256", b"")
        assert [unquote(asked.path) for asked in s3.asked] == [f"/bucket/{key}"] * 3
        for asked in s3.asked:
            assert asked.headers["authorization"].endswith(f"Signature={signature(asked, s3.url)}")


async def test_the_body_hash_the_type_and_the_token_are_signed() -> None:
    async with tiny_s3() as s3, a_store(s3.url) as store:
        await store.put(NAME, b"1,2", "text/csv")
        headers = s3.asked[0].headers
        assert headers["x-amz-content-sha256"] == sha256(b"1,2").hexdigest()
        assert headers["x-amz-security-token"] == "token"
        assert "Credential=ASIAEXAMPLE/20260304/us-east-1/s3/aws4_request" in headers["authorization"]
        names = "content-type;host;x-amz-content-sha256;x-amz-date;x-amz-security-token"
        assert f"SignedHeaders={names}," in headers["authorization"]


async def test_an_object_without_a_type_is_put_without_one() -> None:
    async with tiny_s3() as s3, a_store(s3.url) as store:
        await store.put(NAME, b"", None)
        assert "content-type" not in s3.asked[0].headers


@pytest.mark.parametrize(
    ("location", "name"),
    [
        ("s3://b/k", ObjectName("b", "k")),
        ("s3://b/a/b//c", ObjectName("b", "a/b//c")),
        ("s3://b//k", ObjectName("b", "/k")),
    ],
)
def test_a_location_is_bucket_and_key(location: str, name: ObjectName) -> None:
    assert parse_location(location) == name
    assert str(name) == location


@pytest.mark.parametrize("location", ["", "s3://", "s3://bucket", "s3://bucket/", "s3:///key", "https://b.s3/k", "b/k"])
def test_a_location_that_is_none_is_refused(location: str) -> None:
    with pytest.raises(ClientTrouble) as raised:
        parse_location(location)
    assert raised.value.code == "location-malformed"


def refuse(s3: TinyS3, status: int, code: str, message: str, **headers: str) -> None:
    s3.refusal = (status, code, message)
    s3.refusal_headers = {name.replace("_", "-"): value for name, value in headers.items()}


async def test_what_s3_says_instead_is_read() -> None:
    async with tiny_s3() as s3, a_store(s3.url) as store:
        refuse(s3, 403, "AccessDenied", "no &lt;you&gt;", x_amz_bucket_region="eu-west-1")
        async with store.open("GET", NAME) as response:
            refusal = await read_refusal(response)
        assert refusal == Refusal(403, "AccessDenied", "no <you>", "eu-west-1")
        assert refusal.told == "403 AccessDenied: no <you>"


REFUSED_UPLOADS = [
    (403, "AccessDenied", "s3-denied", "S3 refused writing s3://bucket/a/key: 403 AccessDenied: why"),
    (503, "SlowDown", "s3-failed", "S3 failed writing s3://bucket/a/key: 503 SlowDown: why"),
    (301, "PermanentRedirect", "s3-region", "the bucket bucket is in eu-west-1"),
]


@pytest.mark.parametrize(("status", "s3_code", "code", "message"), REFUSED_UPLOADS)
async def test_a_refused_upload_is_a_named_trouble(status: int, s3_code: str, code: str, message: str) -> None:
    async with tiny_s3() as s3, a_store(s3.url) as store:
        refuse(s3, status, s3_code, "why", x_amz_bucket_region="eu-west-1")
        refused = await trouble_of(store)
    assert (refused.code, refused.message) == (code, message)


async def test_a_refusal_without_words_keeps_its_status() -> None:
    async with tiny_s3() as s3, a_store(s3.url) as store:
        refuse(s3, 500, "", "")
        assert (await trouble_of(store)).message == "S3 failed writing s3://bucket/a/key: 500"


async def test_an_s3_that_is_not_there_is_a_named_trouble() -> None:
    async with tiny_s3() as s3:
        url = s3.url
    async with a_store(url) as store:
        refused = await trouble_of(store)
    assert (refused.code, url.removeprefix("http://") in refused.message) == ("connect-refused", True)


async def test_a_missing_region_is_a_named_trouble() -> None:
    async with a_store("http://127.0.0.1:1", {"HOME": "/nonexistent"}, region=None) as store:
        assert (await trouble_of(store)).code == "region-missing"


async def test_a_cut_while_reading_is_a_named_trouble() -> None:
    async with tiny_s3() as s3, a_store(s3.url) as store:
        s3.objects["/bucket/a/key"] = Stored(b"0123456789", sent_bytes=4)
        with pytest.raises(ClientTrouble) as raised:
            async with store.open("GET", NAME) as response:
                await read(response)
        assert raised.value.code == "length-short"
