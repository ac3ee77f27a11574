"""The verifier against botocore's signer, and against every way a signature can be wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from smrt_tui.local.sigv4 import Credentials, Flaw, SignatureFault, made_up_credentials, verify
from smrt_tui.local.wire import RawRequest
from tests.local.running import CREDENTIALS
from tests.local.signing import URL, sign

KEYS = CREDENTIALS


def check(request: RawRequest, keys: Credentials = KEYS, service: str = "sagemaker", skew_s: float = 0) -> Flaw | None:
    fault = verify(request, keys, "us-east-1", service, datetime.now(UTC) + timedelta(seconds=skew_s))
    return fault.flaw if fault else None


def with_header(request: RawRequest, name: str, change: Callable[[str], str]) -> RawRequest:
    pairs = tuple(
        (key, change(value.decode()).encode() if key.decode().lower() == name.lower() else value)
        for key, value in request.headers
    )
    return replace(request, headers=pairs)


def without_header(request: RawRequest, name: str) -> RawRequest:
    return replace(request, headers=tuple(pair for pair in request.headers if pair[0].decode().lower() != name.lower()))


def test_the_published_example_verifies() -> None:
    """`get-vanilla` of the AWS Signature Version 4 test suite."""
    scope = "AKIDEXAMPLE/20150830/us-east-1/service/aws4_request"
    signature = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"
    authorization = f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host;x-amz-date, Signature={signature}"
    request = RawRequest(
        "GET",
        b"/",
        b"",
        (
            (b"Host", b"example.amazonaws.com"),
            (b"X-Amz-Date", b"20150830T123600Z"),
            (b"Authorization", authorization.encode()),
        ),
        b"",
        0,
    )
    keys = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
    assert verify(request, keys, "us-east-1", "service", datetime(2015, 8, 30, 12, 36, tzinfo=UTC)) is None


@pytest.mark.parametrize(
    "url",
    [
        URL,
        "http://127.0.0.1:8890/endpoints/a%2Fb/invocations",
        "http://127.0.0.1:8890/endpoints/a%20b~c/invocations",
        "http://127.0.0.1:8890/a/b/../c//d/./e/",
        "http://127.0.0.1:8890/?b=2&a=1&a=0&empty=&x-id=PutObject&sp=a%20b",
        "http://127.0.0.1:8890/..",
    ],
)
def test_botocore_and_the_verifier_agree_on_paths_and_queries(url: str) -> None:
    assert check(sign(url=url)) is None


def test_s3_paths_are_signed_as_they_are() -> None:
    request = sign(url="http://127.0.0.1:8890/bucket/a%20b/../c//d", service="s3", method="PUT")
    assert check(request, service="s3") is None


@given(st.binary(max_size=300), st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=60))
def test_any_body_and_any_header_value_verify(body: bytes, value: str) -> None:
    headers = {"X-Amzn-SageMaker-Custom-Attributes": value, "Content-Type": "text/csv;  charset=utf-8"}
    assert check(sign(body, headers=headers)) is None


def test_unsigned_extra_headers_do_no_harm() -> None:
    request = sign()
    extra = ((b"Accept-Encoding", b"identity"), (b"amz-sdk-request", b"attempt=1; max=3"))
    assert check(replace(request, headers=request.headers + extra)) is None


def test_a_session_token_belongs_to_its_key() -> None:
    keys = replace(KEYS, session_token="FwoG/with+signs==")
    assert check(sign(keys=keys), keys) is None
    assert check(sign(), keys) is Flaw.BAD_TOKEN
    assert check(sign(keys=keys)) is Flaw.BAD_TOKEN


@pytest.mark.parametrize(
    ("request_", "flaw"),
    [
        (without_header(sign(), "Authorization"), Flaw.MISSING),
        (with_header(sign(), "Authorization", lambda _: "Bearer abc"), Flaw.INCOMPLETE),
        (with_header(sign(), "Authorization", lambda v: v.replace(", Signature=", ", Sig=")), Flaw.INCOMPLETE),
        (with_header(sign(), "Authorization", lambda v: v.replace("host;", "")), Flaw.INCOMPLETE),
        (with_header(sign(), "Authorization", lambda v: v.replace("/aws4_request", "")), Flaw.INCOMPLETE),
        (without_header(sign(), "X-Amz-Date"), Flaw.INCOMPLETE),
        (sign(keys=Credentials("OTHERKEY", "a-secret")), Flaw.UNKNOWN_KEY),
        (sign(region="eu-west-1"), Flaw.WRONG_SCOPE),
        (sign(service="sagemaker-runtime"), Flaw.WRONG_SCOPE),
        (sign(keys=replace(KEYS, secret_key="another-secret")), Flaw.MISMATCH),
        (replace(sign(b'{"a":1}'), body=b'{"a": 1}'), Flaw.MISMATCH),
        (replace(sign(), path=b"/endpoints/other/invocations"), Flaw.MISMATCH),
        (replace(sign(), query=b"a=1"), Flaw.MISMATCH),
        (with_header(sign(), "Host", lambda _: "127.0.0.1:1"), Flaw.MISMATCH),
        (with_header(sign(headers={"X-A": "b"}), "X-A", lambda _: "c"), Flaw.MISMATCH),
        (with_header(sign(headers={"X-Amz-Content-Sha256": "0" * 64}), "X-A", str), Flaw.PAYLOAD_HASH),
    ],
)
def test_every_flaw_has_its_own_name(request_: RawRequest, flaw: Flaw) -> None:
    assert check(request_) is flaw


@pytest.mark.parametrize(("skew_s", "flaw"), [(-310, Flaw.SKEWED), (-290, None), (290, None), (310, Flaw.SKEWED)])
def test_five_minutes_of_skew_are_allowed(skew_s: float, flaw: Flaw | None) -> None:
    assert check(sign(), skew_s=skew_s) is flaw


def test_a_skewed_clock_is_told_with_both_times() -> None:
    request = with_header(sign(), "X-Amz-Date", lambda _: "20261122T120000Z")
    request = with_header(request, "Authorization", lambda v: v.replace(f"/{datetime.now(UTC):%Y%m%d}/", "/20261122/"))
    now = datetime(2026, 11, 22, 12, 10, tzinfo=UTC)
    assert verify(request, KEYS, "us-east-1", "sagemaker", now) == SignatureFault(
        Flaw.SKEWED,
        "Signature expired: 20261122T120000Z is now earlier than 20261122T120500Z (20261122T121000Z - 5 min.)",
    )


def test_a_mismatch_shows_what_was_computed_but_no_secret() -> None:
    keys = replace(KEYS, session_token="a-session-token")
    request = replace(sign(keys=keys), body=b"other")
    fault = verify(request, keys, "us-east-1", "sagemaker", datetime.now(UTC))
    assert fault is not None
    assert (
        "The Canonical String for this request should have been\n'POST\n/endpoints/chat/invocations\n" in fault.message
    )
    assert "The String-to-Sign should have been\n'AWS4-HMAC-SHA256\n" in fault.message
    assert "x-amz-security-token:(masked)" in fault.message
    assert "a-session-token" not in fault.message
    assert KEYS.secret_key not in fault.message


def test_made_up_credentials_differ_and_hide_their_secret() -> None:
    one, other = made_up_credentials(), made_up_credentials()
    assert one != other
    assert one.secret_key not in repr(one)
