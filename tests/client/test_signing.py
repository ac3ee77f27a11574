from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import botocore.auth
import pytest
from botocore.awsrequest import AWSRequest

from smrt_tui.client.credentials import Credentials
from smrt_tui.client.faults import ClientTrouble
from smrt_tui.client.signing import SigningFacts, sign
from smrt_tui.core.draft import ResolvedDraft
from smrt_tui.core.redact import MASK
from smrt_tui.core.request import Headers, WireRequest, build_request, header
from smrt_tui.core.service import MODES, Mode, packaged_service

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
KEYS = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", source="env")
SESSION_KEYS = Credentials("ASIAEXAMPLE", "secret/+=", "token/with+signs==", "sso", NOW + timedelta(hours=1))
URL = "https://runtime.sagemaker.us-east-1.amazonaws.com/endpoints/e/invocations"


def a_request(headers: Headers = (), body: bytes = b"{}", url: str = URL, method: str = "POST") -> WireRequest:
    return WireRequest(method, url, headers, body)


def botocore_headers(
    monkeypatch: pytest.MonkeyPatch, request: WireRequest, credentials: Credentials, service: str = "sagemaker"
) -> list[tuple[str, str]]:
    """What `add_auth` itself makes of the request, its clock stopped."""
    from botocore.credentials import ReadOnlyCredentials

    monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda: NOW.replace(tzinfo=None))
    subject = AWSRequest(method=request.method, url=request.url, data=request.body)
    for name, value in request.headers:
        subject.headers[name] = value
    keys = ReadOnlyCredentials(credentials.access_key, credentials.secret_key, credentials.session_token)
    signer = botocore.auth.S3SigV4Auth if service == "s3" else botocore.auth.SigV4Auth
    signer(keys, service, "us-east-1").add_auth(subject)
    return list(subject.headers.items())


def every_member(mode: Mode) -> WireRequest:
    operation = packaged_service().operation(mode)
    members = tuple((member.name, f"v-{member.name}") for member in operation.header_members)
    draft = ResolvedDraft(mode, "my-endpoint", members, (("X-Trace", "1"),), b'{"a": 1}')
    return build_request(operation, draft, "https://runtime.sagemaker.us-east-1.amazonaws.com")


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("credentials", [KEYS, SESSION_KEYS], ids=["long-lived", "temporary"])
def test_every_member_is_signed_as_botocore_signs_it(
    monkeypatch: pytest.MonkeyPatch, mode: Mode, credentials: Credentials
) -> None:
    request = every_member(mode)
    signed = sign(request, credentials, "us-east-1", now=NOW)
    assert list(signed.request.headers) == botocore_headers(monkeypatch, request, credentials)


TRAPS: dict[str, WireRequest] = {
    "empty body": a_request(body=b""),
    "body of every byte": a_request(body=bytes(range(256))),
    "blanks inside, around and none": a_request((("X-A", "  a   b\tc  "), ("X-B", ""))),
    "repeated header": a_request((("X-A", "2"), ("x-a", "1"), ("X-A", "2"))),
    "mixed case": a_request((("aCCept", "text/csv"),)),
    "non-ASCII value": a_request((("X-A", "grüße"),)),
    "headers that are never signed": a_request((("User-Agent", "u"), ("Expect", "100-continue"), ("TE", "trailers"))),
    "content-length and accept-encoding": a_request((("Content-Length", "2"), ("Accept-Encoding", "identity"))),
    "host of its own": a_request((("Host", "runtime.sagemaker.us-east-1.amazonaws.com"),), url="http://127.0.0.1:9/x"),
    "loopback port": a_request(url="http://127.0.0.1:35269/endpoints/e/invocations"),
    "default port": a_request(url="https://example.com:443/x"),
    "upper-case host": a_request(url="http://LOCALHOST:8080/x"),
    "IPv6": a_request(url="http://[::1]:8080/x"),
    "escapes in the path": a_request(url="https://example.com/endpoints/a%2Fb%20~+=:@;'()!*/x"),
    "dots in the path": a_request(url="https://example.com/a/../b/./c"),
    "query": a_request(url="https://example.com/x?b=2&a=%201&a=0&c"),
    "stale signature": a_request((("Authorization", "old"), ("X-Amz-Date", "19700101T000000Z"))),
    "another GET": a_request(method="GET", body=b""),
}


@pytest.mark.parametrize("request_", TRAPS.values(), ids=TRAPS.keys())
def test_traps_are_signed_as_botocore_signs_them(monkeypatch: pytest.MonkeyPatch, request_: WireRequest) -> None:
    signed = sign(request_, SESSION_KEYS, "us-east-1", now=NOW)
    assert list(signed.request.headers) == botocore_headers(monkeypatch, request_, SESSION_KEYS)


@pytest.mark.parametrize("path", ["/bucket/a%20b/../c", "/bucket/%E2%82%AC", "/bucket//x"])
def test_s3_is_signed_as_botocore_signs_it(monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    request = a_request((("Content-Type", "text/csv"),), b"1,2", f"https://s3.us-east-1.amazonaws.com{path}", "PUT")
    signed = sign(request, SESSION_KEYS, "us-east-1", service="s3", now=NOW)
    assert list(signed.request.headers) == botocore_headers(monkeypatch, request, SESSION_KEYS, "s3")


def test_another_body_has_another_signature() -> None:
    ours = sign(a_request(body=b'{"a": 1}'), KEYS, "us-east-1", now=NOW).request
    other = sign(a_request(body=b'{"a":1}'), KEYS, "us-east-1", now=NOW).request
    assert header(ours.headers, "Authorization") != header(other.headers, "Authorization")


def test_an_anonymous_request_goes_out_untouched() -> None:
    request = a_request((("Authorization", "Bearer mine"),))
    signed = sign(request, None, "us-east-1", now=NOW)
    assert (signed.request, signed.facts) == (request, SigningFacts("anonymous"))


def test_any_time_zone_is_signed_in_utc() -> None:
    tokyo = NOW.astimezone(timezone(timedelta(hours=9)))
    assert sign(a_request(), KEYS, "us-east-1", now=tokyo) == sign(a_request(), KEYS, "us-east-1", now=NOW)


def test_the_facts_tell_what_was_signed() -> None:
    facts = sign(a_request((("X-A", "1"),), b""), SESSION_KEYS, "us-east-1", now=NOW).facts
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert facts.canonical_request.split("\n") == [
        "POST",
        "/endpoints/e/invocations",
        "",
        "host:runtime.sagemaker.us-east-1.amazonaws.com",
        "x-a:1",
        "x-amz-date:20260304T050607Z",
        f"x-amz-security-token:{MASK}",
        "",
        "host;x-a;x-amz-date;x-amz-security-token",
        empty,
    ]
    assert facts.string_to_sign.split("\n")[:3] == [
        "AWS4-HMAC-SHA256",
        "20260304T050607Z",
        "20260304/us-east-1/sagemaker/aws4_request",
    ]
    event = facts.as_event(0.5)
    assert (event.at, event.credential_source, event.access_key_id) == (0.5, "sso", "ASIAEXAMPLE")
    assert event.scope == "20260304/us-east-1/sagemaker/aws4_request"
    assert event.signed_headers == ("host", "x-a", "x-amz-date", "x-amz-security-token")
    assert (event.payload_sha256, event.has_session_token) == (empty, True)
    assert event.expires_at == "2026-03-04T06:06:07+00:00"


@pytest.mark.parametrize("token", ["token/with+signs==", "tok  en with   blanks"])
def test_no_secret_can_be_printed(token: str) -> None:
    keys = Credentials("ASIAEXAMPLE", "very-secret", token)
    signed = sign(a_request(), keys, "us-east-1", now=NOW)
    signature = (header(signed.request.headers, "Authorization") or "").rpartition("=")[2]
    printed = f"{keys!r} {signed!r} {signed.facts!r} {signed.facts.as_event(0)!r}"
    for secret in ("very-secret", token, " ".join(token.split()), signature):
        assert secret not in printed


@pytest.mark.parametrize("value", ["a\nb", "a\r\nX-Evil: 1", "\ud800"])
def test_a_header_that_has_no_bytes_is_refused(value: str) -> None:
    with pytest.raises(ClientTrouble) as refusal:
        sign(a_request((("X-A", value),)), KEYS, "us-east-1", now=NOW)
    assert refusal.value.code == "header-illegal"
    assert "X-A" in refusal.value.message


def test_signing_logs_nothing(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("DEBUG"):
        sign(a_request(), SESSION_KEYS, "us-east-1", now=NOW)
    assert caplog.records == []
