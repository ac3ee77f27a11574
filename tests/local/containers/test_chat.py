"""The chat container: every dialect's stream is its whole answer, tokens are paced, nonsense never raises."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Callable
from typing import Any

import pytest

from smrt_tui.local.container import ContainerResponse
from smrt_tui.local.containers.chat import ChatContainer
from smrt_tui.local.containers.dialects import DIALECTS
from smrt_tui.local.containers.language.ngram import train_ngrams
from smrt_tui.local.containers.surroundings import Surroundings
from smrt_tui.local.containers.trained import Trained
from tests.local.containers.asking import STREAM, a_request, ask, fixed_surroundings, flushes, stream_of

ATTRIBUTES = "X-Amzn-SageMaker-Custom-Attributes"
MODEL = Trained(train_ngrams)
QUESTION = [{"role": "user", "content": "Tell me about the sea"}]
SSE_CHAT = {"messages": QUESTION, "stream": True, "max_tokens": 40, "seed": 11}
INPUTS = {"inputs": "The sea", "stream": True, "parameters": {"max_new_tokens": 40, "seed": 11, "do_sample": True}}


def a_chat(dialect: str, surroundings: Surroundings | None = None) -> ChatContainer:
    return ChatContainer("chat", dialect, MODEL, surroundings or fixed_surroundings())


def sse(body: bytes) -> list[Any]:
    """The JSON values of server-sent events, without the end marker."""
    events = [event.partition(b":")[2].strip() for event in body.split(b"\n\n") if event]
    return [json.loads(event) for event in events if event != b"[DONE]"]


def lines(body: bytes) -> list[Any]:
    """The JSON values of lines that are not empty."""
    return [json.loads(line) for line in body.split(b"\n") if line]


def deltas(chunks: list[Any]) -> str:
    return "".join(choice["delta"]["content"] for chunk in chunks for choice in chunk["choices"])


def texts(chunks: list[Any]) -> str:
    return "".join(choice["text"] for chunk in chunks for choice in chunk["choices"])


def tokens(events: list[Any]) -> str:
    return "".join(event["token"]["text"] for event in events if not event["token"].get("special"))


Reader = Callable[[bytes], str]

CASES: dict[str, tuple[str, dict[str, Any], Reader, Reader]] = {
    "openai chat": (
        "openai",
        SSE_CHAT,
        lambda body: deltas(sse(body)),
        lambda body: str(json.loads(body)["choices"][0]["message"]["content"]),
    ),
    "openai completions": (
        "openai",
        {"prompt": "The sea", "stream": True, "max_tokens": 40, "seed": 11},
        lambda body: texts(sse(body)),
        lambda body: str(json.loads(body)["choices"][0]["text"]),
    ),
    "nim": (
        "nim",
        {**SSE_CHAT, "model": "ngram"},
        lambda body: deltas(sse(body)),
        lambda body: str(json.loads(body)["choices"][0]["message"]["content"]),
    ),
    "tgi": (
        "tgi",
        INPUTS,
        lambda body: tokens(sse(body)),
        lambda body: str(json.loads(body)[0]["generated_text"]),
    ),
    "tgi-old": (
        "tgi-old",
        INPUTS,
        lambda body: tokens(sse(body)),
        lambda body: str(json.loads(body)[0]["generated_text"]),
    ),
    "tgi chat": (
        "tgi",
        SSE_CHAT,
        lambda body: deltas(sse(body)),
        lambda body: str(json.loads(body)["choices"][0]["message"]["content"]),
    ),
    "tgi completions": (
        "tgi",
        {"prompt": "The sea", "stream": True, "max_tokens": 40, "seed": 11},
        lambda body: texts(sse(body)),
        lambda body: str(json.loads(body)["choices"][0]["text"]),
    ),
    "lmi": (
        "lmi",
        INPUTS,
        lambda body: tokens(lines(body)),
        lambda body: str(json.loads(body)["generated_text"]),
    ),
    "lmi chat": (
        "lmi",
        SSE_CHAT,
        lambda body: deltas(lines(body)),
        lambda body: str(json.loads(body)["choices"][0]["message"]["content"]),
    ),
    "lmi-rolling": (
        "lmi-rolling",
        INPUTS,
        lambda body: tokens(lines(body)),
        lambda body: str(json.loads(body)["generated_text"]),
    ),
    "lmi-rolling chat": (
        "lmi-rolling",
        SSE_CHAT,
        lambda body: deltas(lines(body)),
        lambda body: str(json.loads(body)["choices"][0]["message"]["content"]),
    ),
    "lmi-sse": (
        "lmi-sse",
        INPUTS,
        lambda body: tokens(sse(body)),
        lambda body: str(json.loads(body)[0]["generated_text"]),
    ),
    "lmi-legacy": (
        "lmi-legacy",
        INPUTS,
        lambda body: "".join(line["outputs"][0] for line in lines(body)),
        lambda body: str(json.loads(body)[0]["generated_text"]),
    ),
    "lmi-3p": (
        "lmi-3p",
        {"prompt": "The sea", "max_gen_len": 40, "seed": 11},
        lambda body: "".join(line["body"]["generation"] for line in lines(body)),
        lambda body: str(json.loads(body)["body"]["generation"]),
    ),
    "responses": (
        "responses",
        {"input": QUESTION, "stream": True, "seed": 11, "max_output_tokens": 40},
        lambda body: "".join(event.get("delta", "") for event in sse(body)),
        lambda body: str(json.loads(body)["output"][0]["content"][0]["text"]),
    ),
    "jumpstart-llama": (
        "jumpstart-llama",
        {"inputs": [QUESTION], "parameters": {"max_new_tokens": 40, "seed": 11}},
        lambda body: str(json.loads(body)[0]["generation"]["content"]),
        lambda body: str(json.loads(body)[0]["generation"]["content"]),
    ),
    "text": ("text", SSE_CHAT, bytes.decode, bytes.decode),
    "bentoml": ("bentoml", SSE_CHAT, bytes.decode, bytes.decode),
    "litserve": (
        "litserve",
        SSE_CHAT,
        lambda body: "".join(line["token"]["text"] for line in lines(body)),
        lambda body: str(json.loads(body)["output"]["text"]),
    ),
}


def test_every_dialect_is_among_the_cases() -> None:
    assert {dialect for dialect, *_ in CASES.values()} == set(DIALECTS)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_a_stream_and_a_whole_answer_with_one_seed_are_the_same_text(case: str, seed: int) -> None:
    dialect, payload, of_stream, of_whole = CASES[case]
    asked = {**payload, "seed": seed}
    if "parameters" in payload:
        asked["parameters"] = {**payload["parameters"], "seed": seed}
    eula = (ATTRIBUTES, "accept_eula=true")
    streamed = of_stream(await stream_of(a_chat(dialect), asked, eula))
    whole = await ask(a_chat(dialect), {**asked, "stream": False}, eula)
    assert isinstance(whole.body, bytes)
    assert len(streamed) > 5
    assert streamed == of_whole(whole.body)


async def test_usage_counts_every_token_of_the_stream() -> None:
    asked = {**SSE_CHAT, "stream_options": {"include_usage": True}, "ignore_eos": True}
    events = sse(await stream_of(a_chat("openai"), asked))
    usage = events[-1]["usage"]
    assert usage["completion_tokens"] == len(events) - 2 == 40
    assert usage["total_tokens"] == usage["prompt_tokens"] + 40


async def test_the_endpoints_dialect_is_overridden_by_a_request() -> None:
    response = await ask(a_chat("openai"), {"inputs": "The sea", "stream": True}, (ATTRIBUTES, "dialect=tgi; a=b"))
    assert response.headers[0] == ("Content-Type", "text/event-stream")
    first = (await flushes(response))[0]
    assert isinstance(first, bytes) and first.startswith(b'data: {"index":1,"token":{"id":')


async def test_an_unknown_dialect_is_a_400_that_knows_the_nearest() -> None:
    response = await ask(a_chat("openai"), SSE_CHAT, (ATTRIBUTES, "dialect=tgy"))
    assert response.status == 400
    assert response.body == (
        f"There is no dialect named 'tgy'. Did you mean tgi? Known: {', '.join(DIALECTS)}.".encode()
    )


async def test_a_wrong_pace_is_a_400() -> None:
    assert (await ask(a_chat("openai"), SSE_CHAT, (ATTRIBUTES, "pace=fast"))).status == 400


async def test_a_refusal_has_the_dialects_form() -> None:
    assert await ask(a_chat("tgi"), {"inputs": ""}) == ContainerResponse(
        422,
        (("Content-Type", "application/json"),),
        b'{"error":"Input validation error: `inputs` cannot be empty","error_type":"validation"}',
    )


@pytest.mark.parametrize(("attribute", "kept"), [("fault=in-band", 3), ("fault=in-band@1", 1), ("fault=in-band@0", 0)])
async def test_an_in_band_fault_breaks_off_after_so_many_flushes(attribute: str, kept: int) -> None:
    broken = await flushes(await ask(a_chat("openai"), SSE_CHAT, (ATTRIBUTES, attribute)))
    sound = await flushes(await ask(a_chat("openai"), SSE_CHAT))
    assert broken[:kept] == sound[:kept]
    assert broken[kept:] == [
        b'data: {"error":{"message":"the model was asked to fail inside its stream","type":"InternalServerError",'
        b'"param":null,"code":500}}\n\n',
        b"data: [DONE]\n\n",
    ]


async def test_a_stream_that_ends_before_its_fault_stays_whole() -> None:
    assert await flushes(await ask(a_chat("openai"), SSE_CHAT, (ATTRIBUTES, "fault=in-band@999"))) == await flushes(
        await ask(a_chat("openai"), SSE_CHAT)
    )


async def test_a_reader_that_goes_away_ends_the_stream() -> None:
    for attributes in ("pace=0", "fault=in-band@5"):
        body = (await ask(a_chat("openai"), SSE_CHAT, (ATTRIBUTES, attributes))).body
        assert isinstance(body, AsyncGenerator)
        assert isinstance(await anext(body), bytes)
        await body.aclose()
        assert await anext(body, None) is None


async def test_other_faults_are_not_the_containers() -> None:
    assert await flushes(await ask(a_chat("openai"), SSE_CHAT, (ATTRIBUTES, "fault=stall@3"))) == await flushes(
        await ask(a_chat("openai"), SSE_CHAT)
    )


async def test_a_fault_with_a_wrong_number_is_a_400() -> None:
    assert (await ask(a_chat("openai"), SSE_CHAT, (ATTRIBUTES, "fault=in-band@x"))).status == 400


class _Clock:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.at = 0.0
        self.naps: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.naps.append(seconds)
        self.at += seconds


@pytest.mark.parametrize(
    ("attributes", "pace"), [((), 0.03), (((ATTRIBUTES, "pace=100ms"),), 0.1), (((ATTRIBUTES, "pace=0"),), 0.0)]
)
async def test_tokens_are_paced(attributes: tuple[tuple[str, str], ...], pace: float) -> None:
    clock = _Clock()
    surroundings = Surroundings(monotonic=lambda: clock.at, sleep=clock.sleep)
    await stream_of(a_chat("openai", surroundings), {**SSE_CHAT, "max_tokens": 5, "ignore_eos": True}, *attributes)
    assert clock.naps == pytest.approx([pace] * 5)


async def test_a_reader_that_is_late_does_not_slow_the_tokens_down() -> None:
    clock = _Clock()
    surroundings = Surroundings(monotonic=lambda: clock.at, sleep=clock.sleep)
    response = await ask(a_chat("text", surroundings), {"prompt": "a", "stream": True, "max_tokens": 4, "seed": 1})
    assert not isinstance(response.body, bytes)
    async for _ in response.body:
        clock.at += 0.05
    assert clock.naps[1:] == pytest.approx([0.0] * len(clock.naps[1:]))


async def test_without_a_seed_luck_decides() -> None:
    container = ChatContainer("chat", "text", MODEL)
    answers = {(await ask(container, {"prompt": "sea"}, (ATTRIBUTES, "pace=0"))).body for _ in range(8)}
    assert len(answers) > 1


async def test_ping_trains_the_model() -> None:
    assert await a_chat("openai").ping()


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe",
        b"null",
        b"[]",
        b"{}",
        b'{"messages": null}',
        b'{"messages": [{}]}',
        b'{"messages": [{"role": "user", "content": 3}], "inputs": {}, "prompt": [1], "input": [[]]}',
        b'{"inputs": "a", "prompt": "a", "parameters": [], "temperature": []}',
        b'{"inputs": "a", "prompt": "a", "max_tokens": 1e9, "parameters": {"max_new_tokens": "9"}}',
        b'{"inputs": "a\\ud83d", "prompt": "\\ud83d", "text": "\\ud83d", "input": "\\ud83d", "return_full_text": true}',
        b'{"seed": 99999999999999999999999999, "prompt": "a", "inputs": "a", "messages": [{"role": "user"}]}',
        b"[" * 100_000,
    ],
)
async def test_nonsense_is_answered_and_never_raises(dialect: str, body: bytes) -> None:
    request = a_request(body, ("Content-Type", "application/json"), STREAM, (ATTRIBUTES, "accept_eula=true"))
    response = await a_chat(dialect).invoke(request)
    assert response.status in (200, 400, 404, 415, 422, 424)
    if not isinstance(response.body, bytes):
        assert await flushes(response)
