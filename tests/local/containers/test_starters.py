"""The table of containers: complete, cheap to make, trained once."""

from __future__ import annotations

import asyncio
import threading
import time

from smrt_tui.local.containers import starters
from smrt_tui.local.containers.dialects import DIALECTS
from smrt_tui.local.containers.trained import Trained
from tests.local.containers.asking import json_of

NAMES = {
    "chat",
    "chat-completions",
    "chat-openai-jsonl",
    *(f"chat-{dialect}" for dialect in DIALECTS if dialect != "openai"),
    "echo",
    "tabular",
    "hf-pipeline",
    "deepar",
    "triton",
    "embeddings",
    "image",
    "speech",
    "image-labels",
    "audio-levels",
    "session",
    "firehose",
}


def test_every_container_has_its_endpoint_name() -> None:
    assert set(starters()) == NAMES
    assert all(container.name == name for name, container in starters().items())


def test_making_them_trains_nothing() -> None:
    started = time.perf_counter()
    starters()
    assert time.perf_counter() - started < 0.02


async def test_every_container_answers_a_ping() -> None:
    assert [name for name, container in starters().items() if not await container.ping()] == []


async def test_chat_is_openai_and_the_others_are_what_they_are_called() -> None:
    containers = starters()
    question = {"messages": [{"role": "user", "content": "Hi"}], "max_tokens": 2}
    pace = ("X-Amzn-SageMaker-Custom-Attributes", "pace=0")
    assert (await json_of(containers["chat"], question, pace))["object"] == "chat.completion"
    assert (await json_of(containers["chat-openai-jsonl"], question, pace))["model"] == "lmi"
    assert (await json_of(containers["chat-tgi"], question, pace))["system_fingerprint"] == "3.3.6-native"


async def test_a_model_is_trained_once_in_a_thread_of_its_own() -> None:
    threads: list[int] = []

    def train() -> str:
        threads.append(threading.get_ident())
        return "model"

    model = Trained(train)
    assert await asyncio.gather(*(model.get() for _ in range(5))) == ["model"] * 5
    assert len(threads) == 1
    assert threads[0] != threading.get_ident()
