"""Every dialect of the chat model, cut in every way: the streamed text is the sync answer of the same seed.

In the app (its run, with its recorder and decoder) and on the command line.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from smrt_tui.cli.invoke import run_invoke
from smrt_tui.cli.options import InvokeOptions
from smrt_tui.client.call import RunningCall
from smrt_tui.client.invoke import RuntimeClient
from smrt_tui.core.catalogue import ProfileEntry
from smrt_tui.core.decode.decoder import Decoder, decode_whole
from smrt_tui.core.draft import Draft, ResolvedDraft
from smrt_tui.core.recorder import Verdict
from smrt_tui.core.service import Mode
from smrt_tui.core.target import StaticCredentials, Target
from smrt_tui.local.containers.dialects import DIALECTS
from smrt_tui.local.containers.dialects.base import MODEL_NAME
from smrt_tui.local.parts import POLICIES
from smrt_tui.local.starters import starter_endpoints
from smrt_tui.ui.run import Run
from tests.cli.stage import PlayedCall, PlayedWorkbench, a_catalogue, a_profile, a_stage
from tests.local.running import CREDENTIALS, Running, running

MESSAGES = [{"role": "user", "content": "Tell me about the sea — and a café."}]
SAMPLING = {"max_new_tokens": 24, "do_sample": True, "seed": 7}
INPUTS = {"inputs": "The harbour in the evening", "parameters": SAMPLING}
PROMPT = {"prompt": "Tell me about the sea.", "max_tokens": 24, "max_gen_len": 24, "seed": 7}
QUESTIONS: dict[str, dict[str, Any]] = {
    "openai": {"messages": MESSAGES, "max_tokens": 24, "seed": 7},
    "nim": {"model": MODEL_NAME, "messages": MESSAGES, "max_tokens": 24, "seed": 7},
    "tgi": INPUTS,
    "tgi-old": INPUTS,
    "lmi": INPUTS,
    "lmi-rolling": INPUTS,
    "lmi-sse": INPUTS,
    "lmi-legacy": {"inputs": [INPUTS["inputs"]], "parameters": SAMPLING},
    "lmi-3p": PROMPT,
    "responses": {"input": "Tell me about the sea.", "max_output_tokens": 24, "seed": 7},
    "jumpstart-llama": {"inputs": [MESSAGES], "parameters": SAMPLING},
    "text": PROMPT,
    "bentoml": PROMPT,
    "litserve": PROMPT,
}
BY_THE_OPERATION = {"text", "bentoml", "litserve", "lmi-3p", "jumpstart-llama"}
"""Dialects that are not asked for a stream in the body."""
WITHOUT_COMMENTS = {"text", "bentoml", "jumpstart-llama"}
"""Plain text, and one JSON document in pieces: a comment within them would be a part of them."""


def test_every_dialect_is_asked() -> None:
    assert set(QUESTIONS) == set(DIALECTS)


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with running(starter_endpoints((), allow_remote=False)) as it:
        yield it


def called(server: Running, client: RuntimeClient, mode: Mode, dialect: str, policy: str = "per-flush") -> RunningCall:
    question = dict(QUESTIONS[dialect])
    if dialect not in BY_THE_OPERATION:
        question["stream"] = mode == "stream"
    members = (
        ("ContentType", "application/json"),
        ("CustomAttributes", f"dialect={dialect}; accept_eula=true; pace=0; parts={policy}"),
    )
    target = Target(
        region="us-east-1",
        endpoint_url=server.url,
        credentials=StaticCredentials(CREDENTIALS.access_key, CREDENTIALS.secret_key),
    )
    return client.invoke(ResolvedDraft(mode, "chat", members, (), json.dumps(question).encode()), target)


async def in_the_app(call: RunningCall, mode: Mode) -> tuple[Run, Decoder]:
    run = Run(1, ProfileEntry("p", "", "", None), Draft(mode, "chat"), lambda: 0.0)
    async for batch in call.batches():
        run.take_in(batch)
    assert run.decoder is not None
    return run, run.decoder


async def on_the_command_line(call: RunningCall, folder: Path, *, is_terminal: bool) -> bytes:
    stage = a_stage(folder, is_terminal=is_terminal)
    workbench = PlayedWorkbench(a_catalogue(("p", a_profile(mode="stream"))))
    workbench.call = PlayedCall([list(batch) async for batch in call.batches()])
    assert await run_invoke(InvokeOptions(profile="p"), stage.environment, workbench) == 0
    return stage.stdout.getvalue()


@pytest.mark.parametrize("policy", [policy.name for policy in POLICIES])
@pytest.mark.parametrize("dialect", QUESTIONS)
async def test_the_streamed_text_is_the_sync_answer(server: Running, dialect: str, policy: str, tmp_path: Path) -> None:
    if dialect in WITHOUT_COMMENTS and policy == "keep-alive":
        pytest.skip("what is no sequence of lines or events has no comments")
    client = RuntimeClient({})
    _, whole = await in_the_app(called(server, client, "sync", dialect), "sync")
    run, streamed = await in_the_app(called(server, client, "stream", dialect, policy), "stream")
    assert run.recorder.verdict is Verdict.COMPLETE
    assert whole.text.strip()
    assert streamed.text == whole.text
    told = await on_the_command_line(called(server, client, "stream", dialect, policy), tmp_path, is_terminal=False)
    assert decode_whole(told).text == whole.text
    await client.close()
