from __future__ import annotations

import pytest

from smrt_tui.client.faults import ClientTrouble
from smrt_tui.client.outgoing import outgoing_request, refuse_unsendable
from smrt_tui.core.profile import ClientOptions
from smrt_tui.core.request import Headers, WireRequest
from smrt_tui.core.service import packaged_service
from tests.client.calls import a_draft


def a_request(*headers: tuple[str, str], body: bytes = b"{}") -> WireRequest:
    return WireRequest("POST", "http://h/", headers, body)


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (("X-A", "two\nlines"), "header-illegal"),
        (("X-A", "two\r\nX-B: injected"), "header-illegal"),
        (("X-A", "caf\u00e9"), "header-illegal"),
        (("X-A", "nul\x00"), "header-illegal"),
        (("X-A", "\x1b[31m"), "header-illegal"),
        (("X-A", " a"), "header-illegal"),
        (("X-A", "a\t"), "header-illegal"),
        (("X A", "a"), "header-name-illegal"),
        (("X-A:", "a"), "header-name-illegal"),
        (("", "a"), "header-name-illegal"),
        (("X-\u00c9", "a"), "header-name-illegal"),
        (("Transfer-Encoding", "chunked"), "header-framing"),
        (("content-length", "3"), "header-framing"),
        (("Content-Length", "2 "), "header-illegal"),
    ],
)
def test_what_http_cannot_carry_is_refused_by_name(header: tuple[str, str], code: str) -> None:
    with pytest.raises(ClientTrouble) as refused:
        refuse_unsendable(a_request(header))
    assert refused.value.code == code


@pytest.mark.parametrize("name", ["Host", "Content-Length"])
def test_a_header_that_may_be_there_once_is_refused_twice(name: str) -> None:
    with pytest.raises(ClientTrouble) as refused:
        refuse_unsendable(a_request((name, "2"), (name.lower(), "2")))
    assert refused.value.code == "header-framing"


@pytest.mark.parametrize(
    "headers",
    [
        (("X-A", ""),),
        (("X-A", "a b\tc"), ("x-a", "again")),
        (("X-Custom!#$", "~"),),
        (("Content-Length", "2"), ("Host", "other:80")),
        (("X-Amzn-SageMaker-Custom-Attributes", "x" * 5000),),
    ],
)
def test_everything_else_goes_out_however_odd(headers: Headers) -> None:
    refuse_unsendable(a_request(*headers))


@pytest.mark.parametrize(
    ("given", "sent"),
    [((), ("me/1",)), ((("user-agent", "curl/8"),), ("curl/8 me/1",))],
)
def test_an_addition_to_the_user_agent_follows_what_was_given(given: Headers, sent: tuple[str, ...]) -> None:
    draft = a_draft(headers=given)
    request = outgoing_request(
        packaged_service().operation("sync"), draft, "http://h", ClientOptions(user_agent_extra="me/1")
    )
    assert tuple(value for name, value in request.headers if name.lower() == "user-agent") == sent
