"""curl signs by itself (`--aws-sigv4`): one more signer that shares no code with the verifier."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator

import pytest

from smrt_tui.local import framing
from tests.local.running import CREDENTIALS, Running, Scripted, endpoints_of, running

pytestmark = [
    pytest.mark.outside,
    pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed"),
]


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with running(endpoints_of(echo=Scripted([b"one", b"two"]))) as it:
        yield it


def curl(server: Running, path: str, *options: str, secret: str = CREDENTIALS.secret_key) -> bytes:
    """The body of the answer to a signed POST."""
    signing = ("--aws-sigv4", "aws:amz:us-east-1:sagemaker", "--user", f"{CREDENTIALS.access_key}:{secret}")
    command = ["curl", "--silent", "--max-time", "20", *signing, "--data", "{}", *options, f"{server.url}{path}"]
    return subprocess.run(command, capture_output=True, check=True).stdout


def test_a_signature_by_curl_is_accepted(server: Running) -> None:
    assert curl(server, "/endpoints/echo/invocations") == b"onetwo"
    assert curl(server, "/endpoints/echo/invocations", "-H", "X-Amzn-SageMaker-Inference-Id: a  b") == b"onetwo"


def test_a_stream_arrives_unchunked(server: Running) -> None:
    frames = framing.payload_part(b"one") + framing.payload_part(b"two")
    assert curl(server, "/endpoints/echo/invocations-response-stream") == frames


def test_a_wrong_secret_is_refused(server: Running) -> None:
    answer = json.loads(curl(server, "/endpoints/echo/invocations", secret="wrong"))
    assert answer["message"].startswith("The request signature we calculated does not match")
