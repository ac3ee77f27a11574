"""The object store's own promises; how AWS's client sees it is told in `tests/outside`."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from smrt_tui.local.object_store import (
    MAX_STORE,
    ObjectName,
    ObjectStore,
    StoredObject,
    StoreFull,
    parse_s3_uri,
)
from smrt_tui.local.objects import ObjectDoor
from smrt_tui.local.sigv4 import Credentials
from smrt_tui.local.wire import Answer, RawRequest
from tests.local.running import CREDENTIALS
from tests.local.signing import sign

URL = "http://127.0.0.1:1/bucket/key"
NAME = ObjectName("bucket", "key")


def a_door(store: ObjectStore | None = None) -> ObjectDoor:
    return ObjectDoor(store or ObjectStore(), CREDENTIALS, lambda: datetime.now(UTC), forbids_missing=False)


def code(answer: Answer) -> str:
    match = re.search(rb"<Code>(\w+)</Code>", answer.body)
    return f"{answer.status} {match[1].decode() if match else ''}"


def s3(method: str, body: bytes = b"", url: str = URL) -> RawRequest:
    return sign(body, url=url, method=method, service="s3")


def in_signed_chunks() -> RawRequest:
    """How the JavaScript SDK uploads a stream of unknown length."""
    headers = ((b"X-Amz-Content-Sha256", b"STREAMING-UNSIGNED-PAYLOAD-TRAILER"),)
    return RawRequest("PUT", b"/bucket/key", b"", headers, b"", 0)


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (replace(s3("GET"), headers=()), "403 AccessDenied"),
        (sign(b"", url=URL, method="GET", service="s3", keys=Credentials("X", "y")), "403 InvalidAccessKeyId"),
        (sign(b"", url=URL, method="GET", service="s3", region="eu-west-1"), "400 AuthorizationHeaderMalformed"),
        (sign(b"", url=URL, method="GET", service="sagemaker"), "400 AuthorizationHeaderMalformed"),
        (replace(s3("PUT", b"a"), body=b"b"), "400 XAmzContentSHA256Mismatch"),
        (replace(s3("GET"), path=b"/bucket/other"), "403 SignatureDoesNotMatch"),
        (replace(s3("PUT"), is_oversize=True), "400 EntityTooLarge"),
        (in_signed_chunks(), "501 NotImplemented"),
        (s3("GET", url="http://127.0.0.1:1/bucket"), "501 NotImplemented"),
        (s3("GET"), "404 NoSuchKey"),
    ],
)
def test_what_is_refused_has_s3_s_own_code(request_: RawRequest, expected: str) -> None:
    assert code(a_door().answer(request_)) == expected


def test_a_key_in_an_error_is_escaped() -> None:
    answer = a_door().answer(s3("GET", url="http://127.0.0.1:1/b/%3Cx%3E%26"))
    assert b"<Key>&lt;x&gt;&amp;</Key>" in answer.body


def test_a_full_store_takes_no_more_but_may_be_overwritten() -> None:
    store = ObjectStore()
    big = StoredObject(bytes(MAX_STORE), "a/b", datetime.now(UTC))
    store.put(NAME, big)
    with pytest.raises(StoreFull):
        store.put(ObjectName("bucket", "other"), replace(big, body=b"x"))
    assert code(a_door(store).answer(s3("PUT", b"x", url=f"{URL}2"))) == "503 SlowDown"
    store.put(NAME, replace(big, body=b"x"))
    assert store.get(NAME) == replace(big, body=b"x")


@pytest.mark.parametrize(
    ("uri", "name"),
    [
        ("s3://b/k/e/y", ObjectName("b", "k/e/y")),
        ("s3://b/", None),
        ("s3:///k", None),
        ("https://b/k", None),
        ("b/k", None),
    ],
)
def test_an_s3_uri_names_one_object(uri: str, name: ObjectName | None) -> None:
    assert parse_s3_uri(uri) == name
