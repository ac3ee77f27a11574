"""Calls of JSON 1.1 services: signed for the right service, retried where that helps, every failure named."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smrt_tui.client.faults import ClientTrouble
from smrt_tui.client.json_service import ATTEMPTS, JsonCaller, ServiceRefusal
from smrt_tui.core.profile import CredentialsSpec
from tests.client.account_calls import Service, always, answered, in_turn, refused


async def trouble_of(caller: JsonCaller) -> ClientTrouble:
    with pytest.raises(ClientTrouble) as raised:
        await caller.call("sagemaker", "ListEndpoints", {})
    assert raised.value.hint
    return raised.value


async def test_a_call_is_one_signed_post() -> None:
    service = Service(always(lambda: answered({"Endpoints": []})))
    assert await service.caller().call("sagemaker", "ListEndpoints", {"MaxResults": 1}) == {"Endpoints": []}
    (request,) = service.requests
    assert (request.method, str(request.url)) == ("POST", "https://api.sagemaker.us-east-1.amazonaws.com/")
    assert request.headers["x-amz-target"] == "SageMaker.ListEndpoints"
    assert request.headers["content-type"] == "application/x-amz-json-1.1"
    assert "ASIAEXAMPLE/20260304/us-east-1/sagemaker/aws4_request" in request.headers["authorization"]
    assert request.headers["x-amz-security-token"] == "token"
    assert json.loads(request.content) == {"MaxResults": 1}


async def test_logs_are_asked_at_their_own_address() -> None:
    service = Service(always(lambda: answered({})))
    await service.caller().call("logs", "FilterLogEvents", {})
    (request,) = service.requests
    assert str(request.url) == "https://logs.us-east-1.amazonaws.com/"
    assert request.headers["x-amz-target"] == "Logs_20140328.FilterLogEvents"
    assert "/us-east-1/logs/aws4_request" in request.headers["authorization"]


@pytest.mark.parametrize("passing", [refused("ThrottlingException"), refused("InternalFailure", status=500)])
async def test_what_passes_is_asked_again(passing: httpx.Response) -> None:
    service = Service(in_turn(passing, answered({"good": 1})))
    assert await service.caller().call("sagemaker", "ListEndpoints", {}) == {"good": 1}
    assert len(service.waited) == 1


async def test_throttling_without_end_is_told_as_such() -> None:
    service = Service(always(lambda: refused("ThrottlingException", "Rate exceeded")))
    named = await trouble_of(service.caller())
    assert (named.code, named.message) == ("throttled", "SageMaker is being asked too often: Rate exceeded")
    assert len(service.asked) == ATTEMPTS


@pytest.mark.parametrize(
    ("code", "trouble"),
    [
        ("AccessDeniedException", "right-missing"),
        ("ExpiredTokenException", "credentials-expired"),
        ("UnrecognizedClientException", "credentials-refused"),
        ("InvalidSignatureException", "credentials-refused"),
        ("ValidationException", "service-refused"),
    ],
)
async def test_a_refusal_is_asked_once_and_named(code: str, trouble: str) -> None:
    service = Service(always(lambda: refused(code)))
    named = await trouble_of(service.caller())
    assert (named.code, len(service.asked)) == (trouble, 1)
    assert isinstance(named, ServiceRefusal) is (trouble == "service-refused")


async def test_a_missing_right_is_named_as_policies_write_it() -> None:
    service = Service(always(lambda: refused("AccessDeniedException", "User: x is not authorized")))
    named = await trouble_of(service.caller())
    assert named.message.startswith("sagemaker:ListEndpoints is not allowed to these credentials: User: x")
    assert "sagemaker:ListEndpoints" in named.hint


async def test_without_credentials_nothing_is_asked(tmp_path: Path) -> None:
    service = Service(always(lambda: answered({})))
    named = await trouble_of(service.caller(credentials=CredentialsSpec(env=True)))
    assert (named.code, service.asked) == ("credentials-missing", [])


async def test_a_log_in_that_is_over_says_how_to_log_in(tmp_path: Path) -> None:
    config = tmp_path / "config"
    config.write_text(
        "[profile dev]\nsso_session = team\nsso_account_id = 1\nsso_role_name = r\nregion = us-east-1\n"
        "[sso-session team]\nsso_start_url = https://team.example/start\nsso_region = us-east-1\n"
    )
    environ = {
        "AWS_CONFIG_FILE": str(config),
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "none"),
        "HOME": str(tmp_path),
    }
    service = Service(always(lambda: answered({})))
    named = await trouble_of(service.caller(environ=environ, credentials=CredentialsSpec(profile="dev")))
    assert (named.code, service.asked) == ("sso-login", [])
    assert "aws sso login --profile dev" in named.hint


async def test_without_a_region_nothing_is_asked(tmp_path: Path) -> None:
    environ = {"AWS_CONFIG_FILE": str(tmp_path / "none"), "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "none")}
    service = Service(always(lambda: answered({})))
    named = await trouble_of(service.caller(region=None, environ=environ))
    assert (named.code, service.asked) == ("region-missing", [])


async def test_no_connection_is_tried_again_and_then_told() -> None:
    def refuse() -> httpx.Response:
        raise httpx.ConnectError("All connection attempts failed")

    service = Service(always(refuse))
    named = await trouble_of(service.caller())
    assert "api.sagemaker.us-east-1.amazonaws.com" in named.message
    assert len(service.asked) == ATTEMPTS


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"null", b'"x"', b"[" * 100_000, b"\xff\xfe", b"1" * 9_999])
async def test_an_answer_that_is_no_object_is_told_as_unreadable(body: bytes) -> None:
    service = Service(always(lambda: httpx.Response(200, content=body)))
    assert (await trouble_of(service.caller())).code == "answer-unreadable"


@settings(max_examples=25, deadline=None)
@given(st.integers(300, 599), st.binary(max_size=60) | st.sampled_from([b'{"__type": 1}', b'{"message": {}}', b"null"]))
async def test_any_refusal_is_a_named_trouble(status: int, body: bytes) -> None:
    service = Service(always(lambda: httpx.Response(status, content=body)))
    assert (await trouble_of(service.caller())).message
