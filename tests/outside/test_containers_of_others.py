"""Containers that nobody here wrote, behind the door and under the contract: LitServe, and mlflow's `models serve`."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from smrt_tui.local.contract import Probe, check_contract
from smrt_tui.local.endpoints import single
from smrt_tui.local.upstream import upstream_container
from tests.local.running import running
from tests.outside.boto import boto
from tests.outside.venvs_of_others import needs, program

needs_litserve = needs("containers", "litserve")
needs_mlflow = needs("containers", "mlflow")
pytestmark = pytest.mark.outside

OTHERS = Path(__file__).parent / "others"
WORDS = b'{"inputs": "one two three four five six"}'
ROWS = b'{"inputs": [[3.0]]}'
READY_S = 180


@contextmanager
def container(port: int, folder: Path, *command: str) -> Iterator[str]:
    """The address of a program that answers `/ping`, while the block runs."""
    bin_folder = program("containers", "python").parent
    environment = {"PATH": f"{bin_folder}:{os.environ['PATH']}", "HOME": str(folder)}
    process = subprocess.Popen(command, cwd=folder, env=environment, start_new_session=True, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_until_it_answers(url, process)
        yield url
    finally:
        os.killpg(process.pid, 15)
        process.wait(20)


def _wait_until_it_answers(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + READY_S
    while time.monotonic() < deadline:
        assert process.poll() is None, "the container ended before it was ready"
        try:
            with urlopen(f"{url}/ping", timeout=2) as answer:
                assert answer.status == 200
                return
        except (URLError, TimeoutError, ConnectionError):
            time.sleep(0.2)
    raise AssertionError("the container never answered /ping")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def litserve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port, python = free_port(), str(program("containers", "python"))
    with container(port, tmp_path_factory.mktemp("lit"), python, str(OTHERS / "lit.py"), str(port)) as url:
        yield url


@pytest.fixture(scope="module")
def mlflow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder, port = tmp_path_factory.mktemp("mlflow"), free_port()
    python = str(program("containers", "python"))
    subprocess.run([python, str(OTHERS / "mlflow_model.py"), "model"], cwd=folder, capture_output=True, check=True)
    serve = (str(program("containers", "mlflow")), "models", "serve", "-m", "model", "--env-manager", "local")
    with container(port, folder, *serve, "-h", "127.0.0.1", "-p", str(port)) as url:
        yield url


async def verdicts(url: str, body: bytes) -> dict[str, str]:
    return {check.name: check.verdict for check in (await check_contract(url, Probe(body))).checks}


KEPT = ("connect", "ping", "http", "invocations", "response size", "streaming", "headers", "request size")


@needs_litserve
async def test_litserve_keeps_the_contract(litserve: str) -> None:
    assert await verdicts(litserve, WORDS) == dict.fromkeys(KEPT, "pass")


@needs_mlflow
async def test_mlflow_keeps_the_contract_but_does_not_stream(mlflow: str) -> None:
    assert await verdicts(mlflow, ROWS) == dict.fromkeys(KEPT, "pass") | {"streaming": "warn"}


@contextmanager
def behind_the_door(url: str) -> Iterator[tuple[Any, Any]]:
    """boto3's runtime and S3 clients, the container being the endpoint `own`."""
    endpoint = single("own", upstream_container("own", url, allow_remote=False))
    with running({"own": endpoint}) as server:
        runtime, s3 = boto(server), boto(server, "s3")
        try:
            yield runtime, s3
        finally:
            runtime.close()
            s3.close()


def output_of(runtime: Any, s3: Any, body: bytes) -> bytes:
    """What an async invocation leaves."""
    answer = runtime.invoke_endpoint_async(EndpointName="own", Body=body, ContentType="application/json")
    bucket, _, key = answer["OutputLocation"].removeprefix("s3://").partition("/")
    s3.get_waiter("object_exists").wait(Bucket=bucket, Key=key, WaiterConfig={"Delay": 0.1, "MaxAttempts": 200})
    with s3.get_object(Bucket=bucket, Key=key)["Body"] as stored:
        content: bytes = stored.read()
        return content


def whole(runtime: Any, body: bytes) -> bytes:
    answer = runtime.invoke_endpoint(EndpointName="own", Body=body, ContentType="application/json")
    with answer["Body"] as content:
        read: bytes = content.read()
        return read


def parts(runtime: Any, body: bytes) -> list[bytes]:
    given = {"EndpointName": "own", "Body": body, "ContentType": "application/json"}
    answer = runtime.invoke_endpoint_with_response_stream(**given)
    return [event["PayloadPart"]["Bytes"] for event in answer["Body"]]


@needs_litserve
def test_litserve_is_invoked_in_all_three_ways_a_part_each_flush(litserve: str) -> None:
    lines = [b'{"word": "%s"}\n' % word for word in (b"one", b"two", b"three", b"four", b"five", b"six")]
    with behind_the_door(litserve) as (runtime, s3):
        assert whole(runtime, WORDS) == b"".join(lines)
        assert parts(runtime, WORDS) == lines
        assert output_of(runtime, s3, WORDS) == b"".join(lines)


@needs_mlflow
def test_mlflow_is_invoked_in_all_three_ways(mlflow: str) -> None:
    with behind_the_door(mlflow) as (runtime, s3):
        assert whole(runtime, ROWS).startswith(b'{"predictions": [')
        assert b"".join(parts(runtime, ROWS)) == whole(runtime, ROWS)
        assert output_of(runtime, s3, ROWS) == whole(runtime, ROWS)


@needs_mlflow
def test_what_mlflow_refuses_is_a_model_error_with_its_status_and_message(mlflow: str) -> None:
    with behind_the_door(mlflow) as (runtime, _), pytest.raises(runtime.exceptions.ModelError) as caught:
        runtime.invoke_endpoint(EndpointName="own", Body=b"1,2", ContentType="text/plain")
    response = caught.value.response
    assert response["OriginalStatusCode"] == 415
    assert "only supports the following content types" in response["OriginalMessage"]
