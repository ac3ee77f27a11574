"""boto3 and our own S3 client read and write the same objects on the local endpoint."""

from __future__ import annotations

import io
import json
import random
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from boto3.s3.transfer import TransferConfig
from botocore.exceptions import ClientError

from smrt_tui.client.credentials import CredentialResolver
from smrt_tui.client.invoke import RuntimeClient
from smrt_tui.client.jobs import Job
from smrt_tui.client.s3 import ObjectName, ObjectStore
from smrt_tui.client.transport import WireTransport
from smrt_tui.core.profile import AsyncOptions
from smrt_tui.core.recorder import Recorder, Verdict
from smrt_tui.core.request import header
from smrt_tui.core.target import StaticCredentials, Target
from tests.local.running import CREDENTIALS, Running, Scripted, endpoints_of, running
from tests.outside.boto import boto

pytestmark = pytest.mark.outside

KEY = "in put/a+b ~ü%.csv"
"""With everything in it that two signers could write differently."""


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with running(endpoints_of(plain=Scripted(body=b'{"ok": true}'))) as it:
        yield it


@pytest.fixture(scope="module")
def s3(server: Running) -> Iterator[Any]:
    it = boto(server, "s3")
    yield it
    it.close()


@pytest.fixture
def target(server: Running) -> Target:
    keys = StaticCredentials(CREDENTIALS.access_key, CREDENTIALS.secret_key)
    return Target(
        region="us-east-1",
        endpoint_url=server.url,
        s3_endpoint_url=server.url,
        credentials=keys,
        async_options=AsyncOptions(poll=0.05, give_up=20),
    )


@pytest.fixture
async def ours(target: Target) -> AsyncIterator[ObjectStore]:
    transport = WireTransport()
    yield ObjectStore(target, {}, CredentialResolver({}), lambda _: transport)
    await transport.aclose()


async def test_what_we_write_boto3_reads(s3: Any, ours: ObjectStore) -> None:
    content = bytes(range(256)) * 4096
    await ours.put(ObjectName("bucket", KEY), content, "text/csv")
    found = s3.get_object(Bucket="bucket", Key=KEY)
    with found["Body"] as body:
        assert (body.read(), found["ContentType"]) == (content, "text/csv")


async def test_what_boto3_writes_we_read(s3: Any, ours: ObjectStore) -> None:
    s3.put_object(Bucket="bucket", Key=f"{KEY}2", Body=b"5.1,3.5", ContentType="text/csv; charset=utf-8")
    async with ours.open("GET", ObjectName("bucket", f"{KEY}2")) as response:
        body = b"".join([chunk async for chunk in response.aiter_raw()])
    assert (body, response.headers["Content-Type"]) == (b"5.1,3.5", "text/csv; charset=utf-8")


async def test_a_job_that_boto3_placed_is_looked_at_by_us(server: Running, s3: Any, target: Target) -> None:
    s3.put_object(Bucket="bucket", Key="in.json", Body=b"{}", ContentType="application/json")
    runtime = boto(server)
    placed = runtime.invoke_endpoint_async(EndpointName="plain", InputLocation="s3://bucket/in.json")
    runtime.close()
    client, recorder = RuntimeClient({}), Recorder()
    job = Job(placed["InferenceId"], placed["OutputLocation"], placed["FailureLocation"])
    async for batch in client.look_again(job, target).batches():
        recorder.add(batch)
    await client.close()
    assert (recorder.verdict, json.loads(recorder.parts.body)) == (Verdict.COMPLETE, {"ok": True})
    assert recorder.head is not None
    assert header(recorder.head.headers, "Content-Type") == "application/json"


PART = 5 * 1024 * 1024
IN_PARTS = TransferConfig(multipart_threshold=PART, multipart_chunksize=PART)


def test_boto3_uploads_and_downloads_a_large_object_in_parts(s3: Any) -> None:
    content = random.Random(1).randbytes(2 * PART + 12_345)
    types = {"ContentType": "image/x", "Metadata": {"who": "me"}}
    s3.upload_fileobj(io.BytesIO(content), "bucket", "large", ExtraArgs=types, Config=IN_PARTS)
    head, back = s3.head_object(Bucket="bucket", Key="large"), io.BytesIO()
    s3.download_fileobj("bucket", "large", back, Config=IN_PARTS)
    assert (head["ContentLength"], head["ContentType"], head["Metadata"]) == (len(content), "image/x", {"who": "me"})
    assert head["ETag"].endswith('-3"')
    assert back.getvalue() == content


async def test_what_boto3_uploads_in_parts_we_read(s3: Any, ours: ObjectStore) -> None:
    content = bytes(2 * PART)
    s3.upload_fileobj(io.BytesIO(content), "bucket", KEY, Config=IN_PARTS)
    async with ours.open("GET", ObjectName("bucket", KEY)) as response:
        assert b"".join([chunk async for chunk in response.aiter_raw()]) == content


@pytest.mark.parametrize(
    ("asked", "place", "body"),
    [
        ("bytes=0-3", "bytes 0-3/10", b"0123"),
        ("bytes=4-", "bytes 4-9/10", b"456789"),
        ("bytes=-3", "bytes 7-9/10", b"789"),
        ("bytes=8-99", "bytes 8-9/10", b"89"),
    ],
)
def test_a_range_of_an_object_is_answered_206(s3: Any, asked: str, place: str, body: bytes) -> None:
    s3.put_object(Bucket="bucket", Key="digits", Body=b"0123456789")
    found = s3.get_object(Bucket="bucket", Key="digits", Range=asked)
    with found["Body"] as stream:
        assert (found["ResponseMetadata"]["HTTPStatusCode"], found["ContentRange"], stream.read()) == (206, place, body)


def test_a_range_behind_the_end_and_a_condition_that_fails_are_refused(s3: Any) -> None:
    s3.put_object(Bucket="bucket", Key="short", Body=b"ab")
    for condition, code in (({"Range": "bytes=2-"}, "InvalidRange"), ({"IfMatch": '"x"'}, "PreconditionFailed")):
        with pytest.raises(ClientError) as caught:
            s3.get_object(Bucket="bucket", Key="short", **condition)
        assert caught.value.response["Error"]["Code"] == code


def test_an_upload_that_was_dropped_takes_no_parts(s3: Any) -> None:
    upload = {"Bucket": "bucket", "Key": "dropped"}
    upload["UploadId"] = s3.create_multipart_upload(**upload)["UploadId"]
    s3.upload_part(**upload, PartNumber=1, Body=b"x")
    s3.abort_multipart_upload(**upload)
    with pytest.raises(s3.exceptions.NoSuchUpload):
        s3.upload_part(**upload, PartNumber=2, Body=b"y")
    with pytest.raises(s3.exceptions.NoSuchKey):
        s3.get_object(Bucket="bucket", Key="dropped")
