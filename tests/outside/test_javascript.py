"""Both JavaScript SDKs as judges, where node and the packages of `package.json` are present."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from smrt_tui.local.faults import FAULTS
from smrt_tui.local.parts import POLICIES
from tests.local.running import CREDENTIALS, Scripted, endpoints_of, running
from tests.outside.outcomes import DOCUMENT, FLUSHES, document, expected, outcome

HERE = Path(__file__).parent
SCRIPTS = {"JavaScript SDK v3": "sdk_v3.mjs", "JavaScript SDK v2": "sdk_v2.cjs"}

needs_node = pytest.mark.skipif(
    shutil.which("node") is None or not (HERE / "node_modules").is_dir(),
    reason="node or its packages are missing: run `npm install --no-package-lock` in tests/outside",
)


def fault_case(mode: str, fault: str) -> dict[str, Any]:
    """One invocation with a fault. What ends only with the client's patience gets little of it."""
    amount = "@20ms" if fault.startswith("slow") else ""
    impatient = {"deadline": 500} if fault == "stall" else {}
    return {"mode": mode, "endpoint": "echo", "attributes": f"fault={fault}{amount}", **impatient}


FAULT_CASES = [fault_case(mode, row.name) for mode in ("sync", "stream") for row in FAULTS if mode in row.modes]
PART_CASES = [{"mode": "stream", "endpoint": "echo", "attributes": f"parts={row.name}"} for row in POLICIES]
OTHER_CASES: list[dict[str, Any]] = [
    {"mode": "async", "endpoint": "echo", "location": "s3://b/k"},
    {"mode": "async", "endpoint": "echo", "location": "s3://b/k", "emptied": True},
    {"mode": "sync", "endpoint": "nowhere"},
    {"mode": "stream", "endpoint": "failing"},
]


@pytest.fixture(scope="module", params=SCRIPTS)
def client(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(scope="module")
def seen(client: str) -> list[dict[str, Any]]:
    """What the SDK saw of every case, in one run of node."""
    endpoints = endpoints_of(echo=Scripted(FLUSHES), failing=Scripted(status=415, body=b"no"))
    with running(endpoints) as server:
        environment = {
            "PATH": os.environ["PATH"],
            "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME": server.url,
            "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": CREDENTIALS.access_key,
            "AWS_SECRET_ACCESS_KEY": CREDENTIALS.secret_key,
        }
        done = subprocess.run(
            ["node", str(HERE / SCRIPTS[client])],
            input=json.dumps(FAULT_CASES + PART_CASES + OTHER_CASES),
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )
    results: list[dict[str, Any]] = json.loads(done.stdout)
    return results


def parts_of(one: dict[str, Any]) -> tuple[bytes, ...]:
    return tuple(part.encode("latin-1") for part in one["parts"])


@needs_node
@pytest.mark.outside
def test_every_fault_is_what_the_sdk_calls_it(client: str, seen: list[dict[str, Any]]) -> None:
    found, wanted = {}, {}
    for case, one in zip(FAULT_CASES, seen, strict=False):
        fault = case["attributes"].removeprefix("fault=").partition("@")[0]
        if fault == "reset":  # whether its own clock or the socket speaks first is chance; that it fails is not
            assert one["error"]
            assert b"".join(FLUSHES).startswith(b"".join(parts_of(one)))
            continue
        cell = (case["mode"], fault)
        found[cell] = outcome(one["error"], parts_of(one))
        wanted[cell] = expected(case["mode"], fault, client)
    assert found == wanted


@needs_node
@pytest.mark.outside
def test_every_part_policy_is_a_sound_stream(seen: list[dict[str, Any]]) -> None:
    for one in seen[len(FAULT_CASES) : -len(OTHER_CASES)]:
        text = b"".join(parts_of(one)).replace(b":\n\n", b"").removeprefix(b"\xef\xbb\xbf")
        assert (one["error"], text) == ("", b"".join(FLUSHES))


@needs_node
@pytest.mark.outside
def test_async_invocations_are_accepted_with_one_input(client: str, seen: list[dict[str, Any]]) -> None:
    plain, emptied = seen[-len(OTHER_CASES) :][:2]
    if client == "JavaScript SDK v2":
        assert (plain["error"], plain["status"]) == ("ValidationError", 400)  # it always sends a body of {}
    else:
        assert plain["answer"]["InferenceId"]
    assert emptied["answer"]["OutputLocation"].startswith("s3://smrt-local/echo/output/")


@needs_node
@pytest.mark.outside
def test_errors_arrive_with_their_class_and_message(seen: list[dict[str, Any]]) -> None:
    nowhere, failing = seen[-2:]
    assert (nowhere["error"], nowhere["status"]) == ("ValidationError", 400)
    assert nowhere["message"] == "Endpoint nowhere of account 000000000000 not found."
    assert (failing["error"], failing["status"]) == ("ModelError", 424)
    assert failing["message"].startswith('Received client error (415) from primary with message "no".')


def test_the_document_says_what_the_tables_say() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document()
