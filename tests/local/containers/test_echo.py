"""The echo container: exactly what arrived, in three forms."""

from __future__ import annotations

import json

from smrt_tui.local.container import ContainerResponse
from smrt_tui.local.containers.echo import EchoContainer
from tests.local.containers.asking import PACE_0, STREAM, a_request, ask, flushes, json_of, stream_of


async def test_echo_shows_what_arrived() -> None:
    headers = (("Content-Type", "text/plain"), ("X-A", "1"), ("x-a", "2"))
    assert await json_of(EchoContainer(), "hé".encode(), *headers) == {
        "method": "POST",
        "path": "/invocations",
        "headers": [["Content-Type", "text/plain"], ["X-A", "1"], ["x-a", "2"]],
        "size": 3,
        "body": {"text": "hé"},
    }


async def test_bytes_that_are_no_text_come_as_base64() -> None:
    assert (await json_of(EchoContainer(), b"\xff\x00"))["body"] == {"base64": "/wA="}


async def test_the_path_of_a_multi_model_endpoint_is_shown() -> None:
    response = await EchoContainer().invoke(a_request(b"", path="/models/a.tar.gz/invoke"))
    assert isinstance(response.body, bytes)
    assert json.loads(response.body)["path"] == "/models/a.tar.gz/invoke"


async def test_plain_text_looks_like_http() -> None:
    response = await ask(EchoContainer(), b"\xffbody", ("Accept", "text/plain"))
    assert response == ContainerResponse(
        200,
        (("Content-Type", "text/plain; charset=utf-8"),),
        b"POST /invocations\nAccept: text/plain\n\n\xffbody",
    )


async def test_octet_stream_gives_the_bare_body_with_its_own_type() -> None:
    response = await ask(EchoContainer(), b"PNG", ("Accept", "application/octet-stream"), ("Content-Type", "image/png"))
    assert response == ContainerResponse(200, (("Content-Type", "image/png"),), b"PNG")


async def test_an_accept_that_it_cannot_serve_is_a_406() -> None:
    response = await ask(EchoContainer(), b"", ("Accept", "image/png"))
    assert (response.status, response.body) == (
        406,
        b"Accept image/png is not one of application/json, text/plain, application/octet-stream",
    )


async def test_a_stream_is_the_same_answer_line_by_line() -> None:
    whole = await ask(EchoContainer(), b"{}", STREAM, PACE_0)
    lines = await flushes(whole)
    assert len(lines) > 10
    assert json.loads(await stream_of(EchoContainer(), b"{}", PACE_0))["headers"] == [list(STREAM), list(PACE_0)]


async def test_custom_attributes_come_back_in_their_header() -> None:
    response = await ask(EchoContainer(), b"", ("x-amzn-sagemaker-custom-attributes", "trace=1"))
    assert ("X-Amzn-SageMaker-Custom-Attributes", "trace=1") in response.headers


async def test_echo_is_always_ready() -> None:
    assert await EchoContainer().ping()
