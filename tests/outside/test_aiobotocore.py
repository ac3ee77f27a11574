"""aiobotocore as the judge, in a virtual environment of its own: it pins another botocore than this project."""

from __future__ import annotations

import base64
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from smrt_tui.local.faults import FAULTS
from smrt_tui.local.parts import POLICIES
from tests.local.running import CREDENTIALS, Scripted, endpoints_of, running
from tests.outside.outcomes import FLUSHES, expected, outcome
from tests.outside.venvs_of_others import needs, program

pytestmark = [pytest.mark.outside, needs("aiobotocore", "python")]


def case(mode: str, attributes: str, **more: Any) -> dict[str, Any]:
    return {"mode": mode, "endpoint": "echo", "attributes": attributes, **more}


def fault_case(mode: str, fault: str) -> dict[str, Any]:
    amount = "@20ms" if fault.startswith("slow") else ""
    return case(mode, f"fault={fault}{amount}", **({"deadline": 0.5} if fault == "stall" else {}))


ROWS = [(mode, row.name) for mode in ("sync", "stream") for row in FAULTS if mode in row.modes]
CASES = [fault_case(mode, fault) for mode, fault in ROWS]
PART_CASES = [case("stream", f"parts={row.name}") for row in POLICIES]


@pytest.fixture(scope="module")
def seen() -> list[tuple[str, list[bytes]]]:
    """What was raised and what came, of every case, in one run."""
    with running(endpoints_of(echo=Scripted(FLUSHES))) as server:
        environment = {
            "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME": server.url,
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": CREDENTIALS.access_key,
            "AWS_SECRET_ACCESS_KEY": CREDENTIALS.secret_key,
        }
        done = subprocess.run(
            [program("aiobotocore", "python"), Path(__file__).parent / "aio.py"],
            input=json.dumps([*CASES, *PART_CASES, case("async", "")]),
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )
    return [(one["error"], [base64.b64decode(part) for part in one["parts"]]) for one in json.loads(done.stdout)]


@pytest.mark.parametrize(("index", "mode", "fault"), [(i, *row) for i, row in enumerate(ROWS)])
def test_every_fault_is_what_it_calls_it(
    seen: list[tuple[str, list[bytes]]], index: int, mode: str, fault: str
) -> None:
    error, parts = seen[index]
    assert outcome(error, parts, is_reset=fault == "reset") == expected(mode, fault, "aiobotocore")


def test_every_part_policy_is_a_sound_stream(seen: list[tuple[str, list[bytes]]]) -> None:
    for error, parts in seen[len(CASES) : -1]:
        assert error == ""
        assert b"".join(parts).replace(b":\n\n", b"").removeprefix(b"\xef\xbb\xbf") == b"".join(FLUSHES)


def test_an_async_invocation_is_accepted(seen: list[tuple[str, list[bytes]]]) -> None:
    error, [location] = seen[-1]
    assert (error, location.split(b"/")[:5]) == ("", [b"s3:", b"", b"smrt-local", b"echo", b"output"])
