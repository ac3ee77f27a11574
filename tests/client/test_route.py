from __future__ import annotations

import socket

import pytest
from msgspec import convert
from msgspec.structs import replace

from smrt_tui.client.dial import Proxy, TlsOptions, parse_proxy
from smrt_tui.client.faults import ClientTrouble
from smrt_tui.client.route import Route, route_to
from smrt_tui.core.events import Connected, TransportFault
from smrt_tui.core.profile import ClientOptions
from tests.client.calls import a_draft, a_target, body_of, fault_codes, only, story_of
from tests.client.raw_server import Conversation, Script, answers, ok, serving

AWS = "https://runtime.sagemaker.us-east-1.amazonaws.com/endpoints/ep/invocations"


def proxy_of(url: str, environ: dict[str, str], **options: object) -> str | None:
    proxy = route_to(url, convert(options, ClientOptions), environ).proxy
    return None if proxy is None else f"{proxy.host}:{proxy.port}"


@pytest.mark.parametrize(
    ("environ", "proxy"),
    [
        ({}, None),
        ({"HTTPS_PROXY": "http://p:1"}, "p:1"),
        ({"https_proxy": "http://low:1", "HTTPS_PROXY": "http://up:2"}, "low:1"),
        ({"HTTP_PROXY": "http://p:1", "http_proxy": "http://p:1"}, None),
        ({"ALL_PROXY": "p:3"}, "p:3"),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "*"}, None),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "amazonaws.com"}, None),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "x, .us-east-1.amazonaws.com"}, None),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "aws.com,runtime"}, "p:1"),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "amazonaws.com:8443"}, "p:1"),
        ({"HTTPS_PROXY": "http://p:1", "no_proxy": ""}, "p:1"),
    ],
)
def test_the_environments_proxy_follows_curls_rules(environ: dict[str, str], proxy: str | None) -> None:
    assert proxy_of(AWS, environ) == proxy


@pytest.mark.parametrize("host", ["127.0.0.1:8890", "localhost:1", "[::1]:1"])
def test_this_machine_is_never_reached_through_the_environments_proxy(host: str) -> None:
    environ = {"http_proxy": "http://p:1", "ALL_PROXY": "http://p:1"}
    assert proxy_of(f"http://{host}/", environ) is None
    assert proxy_of(f"http://{host}/", environ, proxy="http://own:2") == "own:2"


def test_the_profile_wins_over_the_environment() -> None:
    environ = {"HTTPS_PROXY": "http://p:1", "AWS_CA_BUNDLE": "/environment.pem"}
    options = ClientOptions(proxy="http://own:2", ca_bundle="/profile.pem", verify=False)
    assert route_to(AWS, options, environ) == Route(Proxy("own", 2, None), TlsOptions(False, "/profile.pem"))
    assert route_to(AWS, ClientOptions(), environ).tls == TlsOptions(True, "/environment.pem")


def test_user_and_password_of_a_proxy_become_its_authorization() -> None:
    assert parse_proxy("http://me:p%40ss@proxy:3128") == Proxy("proxy", 3128, "Basic bWU6cEBzcw==")


@pytest.mark.parametrize("url", ["socks5://p:1", "https://p:1", "http://", "http://p:notaport", "http://u:secret@:1"])
def test_other_proxies_are_refused_without_telling_a_password(url: str) -> None:
    with pytest.raises(ClientTrouble) as refused:
        parse_proxy(url)
    assert (refused.value.code, "secret" in refused.value.message) == ("proxy-unsupported", False)


async def test_an_http_target_is_asked_for_in_absolute_form() -> None:
    async with serving(answers(ok(b"{}"))) as proxy:
        target = a_target(9, proxy=f"http://me:pw@127.0.0.1:{proxy.port}")
        events = await story_of(a_draft(), target)
    head = proxy.requests[0].partition(b"\r\n\r\n")[0].split(b"\r\n")
    assert head == [
        b"POST http://127.0.0.1:9/endpoints/ep/invocations HTTP/1.1",
        b"Host: 127.0.0.1:9",
        b"Accept-Encoding: identity",
        b"Proxy-Authorization: Basic bWU6cHc=",
        b"Content-Length: 2",
    ]
    assert body_of(events) == b"{}"
    assert only(Connected, events)[0].peer == f"127.0.0.1:{proxy.port}"
    assert "bWU6cHc=" not in repr(events)


def connect_answer(raw: bytes) -> Script:
    async def script(conversation: Conversation) -> None:
        await conversation.head()
        await conversation.send(raw)

    return script


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "proxy-auth"),
        (b"HTTP/1.1 403 Forbidden\r\n\r\n", "proxy-refused"),
        (b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n", "proxy-refused"),
        (b"SSH-2.0\r\n", "proxy-failed"),
        (b"", "proxy-failed"),
    ],
)
async def test_an_https_target_is_tunnelled_to_and_a_refusal_is_named(raw: bytes, code: str) -> None:
    async with serving(connect_answer(raw)) as proxy:
        target = a_target(9443, scheme="https", proxy=f"http://me:pw@127.0.0.1:{proxy.port}")
        events = await story_of(a_draft(), target)
    assert fault_codes(events) == [code]
    assert proxy.requests == [
        b"CONNECT localhost:9443 HTTP/1.1\r\nHost: localhost:9443\r\nProxy-Authorization: Basic bWU6cHc=\r\n\r\n"
    ]


async def test_a_proxy_that_wants_a_password_for_plain_http_is_named() -> None:
    async with serving(answers(ok(b"", status=b"407 Proxy Authentication Required"))) as proxy:
        events = await story_of(a_draft(), a_target(9, proxy=f"http://127.0.0.1:{proxy.port}"))
    assert fault_codes(events) == ["proxy-auth"]


async def test_a_proxy_that_is_not_there_is_named() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        events = await story_of(a_draft(), replace(a_target(9, proxy=f"http://127.0.0.1:{port}")))
    (fault,) = only(TransportFault, events)
    assert (fault.code, f"127.0.0.1:{port}" in fault.message) == ("proxy-unreachable", True)
