"""Every dialect of the chat model, cut in every way: the streamed text is the sync answer of the same seed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from smrt_tui.client.invoke import RuntimeClient
from smrt_tui.core.decode.decoder import Decoder
from smrt_tui.core.draft import ResolvedDraft
from smrt_tui.core.recorder import Recorder, Verdict
from smrt_tui.core.service import Mode
from smrt_tui.core.target import StaticCredentials, Target
from smrt_tui.local.parts import POLICIES
from smrt_tui.local.starters import starter_endpoints
from tests.local.running import CREDENTIALS, Running, running

MESSAGES = [{"role": "user", "content": "Tell me about the sea — and a café."}]
INPUTS = {"inputs": "The harbour in the evening", "parameters": {"max_new_tokens": 24, "do_sample": True, "seed": 7}}
QUESTIONS: dict[str, dict[str, Any]] = {
    "openai": {"messages": MESSAGES, "max_tokens": 24, "seed": 7},
    "tgi": INPUTS,
    "tgi-old": INPUTS,
    "lmi": INPUTS,
    "lmi-rolling": INPUTS,
    "lmi-sse": INPUTS,
    "responses": {"input": "Tell me about the sea.", "max_output_tokens": 24, "seed": 7},
    "text": {"prompt": "Tell me about the sea.", "max_tokens": 24, "seed": 7},
}
ASKS_IN_THE_BODY = {"openai", "tgi", "tgi-old", "lmi", "lmi-rolling", "lmi-sse", "responses"}


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with running(starter_endpoints((), allow_remote=False)) as it:
        yield it


async def answer(server: Running, mode: Mode, dialect: str, policy: str = "per-flush") -> tuple[Recorder, Decoder]:
    question = dict(QUESTIONS[dialect])
    if dialect in ASKS_IN_THE_BODY:
        question["stream"] = mode == "stream"
    members = (
        ("ContentType", "application/json"),
        ("CustomAttributes", f"dialect={dialect}; pace=0; parts={policy}"),
    )
    target = Target(
        region="us-east-1",
        endpoint_url=server.url,
        credentials=StaticCredentials(CREDENTIALS.access_key, CREDENTIALS.secret_key),
    )
    client, recorder = RuntimeClient({}), Recorder()
    draft = ResolvedDraft(mode, "chat", members, (), json.dumps(question).encode())
    async for batch in client.invoke(draft, target).batches():
        recorder.add(batch)
    await client.close()
    decoder = Decoder()
    for number, payload in enumerate(recorder.parts.payloads()):
        decoder.push(payload, number, recorder.parts.times[number])
    decoder.close()
    return recorder, decoder


@pytest.mark.parametrize("policy", [policy.name for policy in POLICIES])
@pytest.mark.parametrize("dialect", QUESTIONS)
async def test_the_streamed_text_is_the_sync_answer(server: Running, dialect: str, policy: str) -> None:
    if (dialect, policy) == ("text", "keep-alive"):
        pytest.skip("plain text has no comments: a keep-alive in it is text")
    _, whole = await answer(server, "sync", dialect)
    recorder, streamed = await answer(server, "stream", dialect, policy)
    assert recorder.verdict is Verdict.COMPLETE
    assert whole.text.strip()
    assert streamed.text == whole.text
