"""The AWS CLI as the judge, in a virtual environment of its own: each release pins one botocore."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from smrt_tui.local.faults import FAULTS
from tests.local.running import CREDENTIALS, Running, Scripted, endpoints_of, running
from tests.outside.outcomes import FLUSHES, NO_CODE, expected, outcome
from tests.outside.venvs_of_others import needs, program

pytestmark = [pytest.mark.outside, needs("awscli", "aws")]


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with running(endpoints_of(echo=Scripted(FLUSHES))) as it:
        yield it


def aws(server: Running, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {
        "HOME": str(folder),
        "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME": server.url,
        "AWS_ENDPOINT_URL_S3": server.url,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_MAX_ATTEMPTS": "1",
        "AWS_ACCESS_KEY_ID": CREDENTIALS.access_key,
        "AWS_SECRET_ACCESS_KEY": CREDENTIALS.secret_key,
    }
    command = [str(program("awscli", "aws")), *arguments]
    return subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, timeout=60, check=False)


def error_of(done: subprocess.CompletedProcess[str]) -> str:
    """The code that it printed; empty when it went well."""
    if done.returncode == 0:
        return ""
    code = re.search(r"An error occurred \((\w+)\)", done.stderr)
    return code[1] if code else NO_CODE


@pytest.mark.parametrize("fault", [row.name for row in FAULTS if "sync" in row.modes])
def test_every_fault_of_a_sync_answer_is_what_it_calls_it(server: Running, tmp_path: Path, fault: str) -> None:
    attributes = f"fault={fault}{'@20ms' if fault.startswith('slow') else ''}"
    options = ("--endpoint-name", "echo", "--body", "{}", "--custom-attributes", attributes, "out")
    done = aws(server, tmp_path, "sagemaker-runtime", "invoke-endpoint", *options)
    error = error_of(done)
    parts = () if error else ((tmp_path / "out").read_bytes(),)
    assert outcome(error, parts) == expected("sync", fault, "AWS CLI")


def test_an_async_invocation_and_its_objects(server: Running, tmp_path: Path) -> None:
    (tmp_path / "in.json").write_bytes(b"{}" * 5_000_000)  # over 8 MB it is uploaded in parts
    assert error_of(aws(server, tmp_path, "s3", "cp", "in.json", "s3://b/in.json")) == ""
    options = ("--endpoint-name", "echo", "--input-location", "s3://b/in.json")
    done = aws(server, tmp_path, "sagemaker-runtime", "invoke-endpoint-async", *options)
    location = json.loads(done.stdout)["OutputLocation"]
    bucket, _, key = location.removeprefix("s3://").partition("/")
    assert error_of(aws(server, tmp_path, "s3api", "wait", "object-exists", "--bucket", bucket, "--key", key)) == ""
    assert error_of(aws(server, tmp_path, "s3", "cp", location, "out")) == ""
    assert (tmp_path / "out").read_bytes() == b"".join(FLUSHES)
