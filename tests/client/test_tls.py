from __future__ import annotations

import ssl
from pathlib import Path

import pytest

from smrt_tui.client.invoke import RuntimeClient
from smrt_tui.core.events import Connected, Ended, Event, Phase, PhaseMarked, TransportFault
from tests.client.calls import ANONYMOUS, a_client, a_draft, a_target, body_of, fault_codes, only, story, story_of
from tests.client.certificates import Authority, make_authority
from tests.client.raw_server import Conversation, answers, ok, serving


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def sound(authority: Authority) -> ssl.SSLContext:
    return authority.server("sound", "localhost")


async def tls_story(server: ssl.SSLContext, environ: dict[str, str] | None = None, **options: object) -> list[Event]:
    async with serving(answers(ok(b"{}")), tls=server) as running:
        return await story_of(
            a_draft(), a_target(running.port, scheme="https", credentials=ANONYMOUS, **options), environ
        )


async def test_tls_is_a_phase_and_tells_version_and_cipher(authority: Authority, sound: ssl.SSLContext) -> None:
    events = await tls_story(sound, ca_bundle=str(authority.bundle))
    marks = [event.phase for event in only(PhaseMarked, events)]
    assert marks[2:6] == [Phase.RESOLVE, Phase.CONNECT, Phase.TLS, Phase.SEND_HEAD]
    (connected,) = only(Connected, events)
    assert connected.tls_version in ("TLSv1.2", "TLSv1.3")
    assert connected.tls_cipher is not None
    assert body_of(events) == b"{}"


async def test_a_tls_connection_is_kept_too(authority: Authority, sound: ssl.SSLContext) -> None:
    async with serving(answers(ok(b"1"), ok(b"2")), tls=sound) as server, a_client() as client:
        target = a_target(server.port, scheme="https", ca_bundle=str(authority.bundle))
        events = [event for _ in range(2) for event in await story(client.invoke(a_draft(), target))]
    assert [event.is_reused for event in only(Connected, events)] == [False, True]
    assert body_of(events) == b"12"


async def test_only_http_1_1_is_offered(authority: Authority, sound: ssl.SSLContext) -> None:
    sound.set_alpn_protocols(["h2", "http/1.1"])
    assert body_of(await tls_story(sound, ca_bundle=str(authority.bundle))) == b"{}"


async def test_the_environment_may_name_the_bundle(authority: Authority, sound: ssl.SSLContext) -> None:
    assert body_of(await tls_story(sound, {"AWS_CA_BUNDLE": str(authority.bundle)})) == b"{}"


async def test_an_unknown_authority_is_named(sound: ssl.SSLContext) -> None:
    events = await tls_story(sound)
    assert fault_codes(events) == ["tls-unknown-ca"]
    assert only(Connected, events) == []


async def test_verification_can_be_turned_off(sound: ssl.SSLContext) -> None:
    assert body_of(await tls_story(sound, verify=False)) == b"{}"


async def test_a_certificate_for_another_name_is_named(authority: Authority) -> None:
    events = await tls_story(authority.server("other", "elsewhere.example"), ca_bundle=str(authority.bundle))
    assert fault_codes(events) == ["tls-name-mismatch"]
    assert "localhost" in only(TransportFault, events)[0].message


async def test_an_expired_certificate_is_named(authority: Authority) -> None:
    events = await tls_story(authority.server("expired", "localhost", days=-1), ca_bundle=str(authority.bundle))
    assert fault_codes(events) == ["tls-expired"]


async def test_a_large_body_goes_out_whole_through_tls(authority: Authority, sound: ssl.SSLContext) -> None:
    body = bytes(range(256)) * 20_000
    async with serving(answers(ok(b"1"), ok(b"2")), tls=sound) as server, a_client() as client:
        target = a_target(server.port, scheme="https", ca_bundle=str(authority.bundle))
        for _ in range(2):
            assert only(Ended, await story(client.invoke(a_draft(body=body), target)))[0].outcome == "complete"
    assert [request.endswith(body) for request in server.requests] == [True, True]


async def test_a_plain_port_that_waits_for_http_is_a_connect_timeout() -> None:
    async with serving(answers(ok(b"{}"))) as server:
        events = await story_of(a_draft(), a_target(server.port, scheme="https", verify=False, connect_timeout=0.3))
    assert (fault_codes(events), only(PhaseMarked, events)[-1].phase) == (["connect-timeout"], Phase.TLS)


async def test_a_plain_port_that_answers_in_http_does_not_speak_tls() -> None:
    async def script(conversation: Conversation) -> None:
        await conversation.reader.read(1)
        await conversation.send(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    async with serving(script) as server:
        events = await story_of(a_draft(), a_target(server.port, scheme="https", verify=False))
    assert fault_codes(events) == ["tls-not-spoken"]


async def test_plain_http_on_a_tls_port_is_named(sound: ssl.SSLContext) -> None:
    async with serving(answers(ok(b"{}")), tls=sound) as server:
        events = await story_of(a_draft(), a_target(server.port))
    assert fault_codes(events)[0] in ("not-http", "no-answer", "connection-reset")


@pytest.mark.parametrize("content", [None, "no certificate in here"], ids=["missing", "not PEM"])
async def test_a_bundle_that_is_none_is_named(content: str | None, tmp_path: Path) -> None:
    bundle = tmp_path / "bundle.pem"
    if content is not None:
        bundle.write_text(content)
    async with serving(answers()) as server:
        events = await story_of(a_draft(), a_target(server.port, scheme="https", ca_bundle=str(bundle)))
    assert fault_codes(events) == ["ca-bundle"]
    assert str(bundle) in only(TransportFault, events)[0].message


async def test_plain_http_needs_no_bundle(tmp_path: Path) -> None:
    """A context takes 30 ms to make, and a local endpoint has no use for one."""
    client = RuntimeClient({})
    async with serving(answers(ok(b"{}"))) as server:
        target = a_target(server.port, ca_bundle=str(tmp_path / "missing.pem"))
        assert body_of(await story(client.invoke(a_draft(), target))) == b"{}"
        await client.close()


async def test_a_call_can_be_cancelled_while_tls_shakes_hands() -> None:
    async def silent(conversation: Conversation) -> None:
        while await conversation.reader.read(65536):
            pass

    async with serving(silent) as server, a_client() as client:
        call = client.invoke(a_draft(), a_target(server.port, scheme="https", verify=False))
        events: list[Event] = []
        async for event in call:
            events.append(event)
            if isinstance(event, PhaseMarked) and event.phase is Phase.TLS:
                call.cancel()
    assert [event.outcome for event in only(Ended, events)] == ["cancelled"]
    assert fault_codes(events) == []
