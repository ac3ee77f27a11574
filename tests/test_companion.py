"""The local endpoint as a child: it comes up, it is reused, and it never outlives its parent."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from smrt_tui.companion import Companion, read_announcement
from smrt_tui.core.errors import SmrtError
from smrt_tui.core.target import StaticCredentials

LINE = (
    "export AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME=http://127.0.0.1:4 AWS_ENDPOINT_URL_S3=http://127.0.0.1:4 "
    "AWS_REGION=us-east-1 AWS_ACCESS_KEY_ID=AKIDLOCAL AWS_SECRET_ACCESS_KEY='s e/cret'"
)


def a_child(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code)


def announcing(code: str = "pass") -> tuple[str, ...]:
    """A child that comes up, does something, and stays until its standard input ends."""
    return a_child(f"import os, sys; print({LINE!r}, flush=True); {code}; sys.stdin.read()")


def telling(expression: str) -> tuple[str, ...]:
    """A child whose log is what the expression says there."""
    return announcing(f"print({expression}, file=sys.stderr, flush=True)")


async def first_words(companion: Companion) -> str:
    """The first line of the child's log, once it is there."""
    async with asyncio.timeout(10):
        while not companion.log:
            await asyncio.sleep(0.01)
    return companion.log[0]


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] != "Z"


def test_the_announcement_is_read() -> None:
    address = read_announcement(LINE)
    assert address.endpoint_url == "http://127.0.0.1:4"
    assert address.credentials == StaticCredentials("AKIDLOCAL", "s e/cret")


def test_a_secret_is_not_in_what_is_printed() -> None:
    assert "s e/cret" not in repr(read_announcement(LINE))


def test_another_line_is_refused() -> None:
    with pytest.raises(SmrtError, match="AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME"):
        read_announcement("export NOTHING=1")


async def test_a_child_that_fails_is_told_with_its_last_words() -> None:
    companion = Companion({}, a_child("import sys; print('no port is free', file=sys.stderr); sys.exit(1)"))
    with pytest.raises(SmrtError, match="no port is free"):
        await companion.address()
    await companion.close()


async def test_one_child_serves_every_asker_and_ends_on_close() -> None:
    companion = Companion({}, announcing())
    first, second = await asyncio.gather(companion.address(), companion.address())
    assert first is second
    await companion.close()
    await companion.close()


async def test_a_child_that_died_is_replaced() -> None:
    companion = Companion({}, telling("os.getpid()"))
    first = await companion.address()
    os.kill(int(await first_words(companion)), signal.SIGKILL)
    async with asyncio.timeout(10):
        while await companion.address() is first:
            await asyncio.sleep(0.01)
    await companion.close()


async def test_the_persons_aws_settings_do_not_reach_the_child() -> None:
    companion = Companion({"AWS_PROFILE": "prod", "PATH": os.environ["PATH"]}, telling("'AWS_PROFILE' in os.environ"))
    await companion.address()
    assert await first_words(companion) == "False"
    await companion.close()


def test_the_local_endpoint_dies_with_a_killed_parent() -> None:
    parent_code = (
        "import asyncio, os, sys\n"
        "from smrt_tui.companion import Companion\n"
        "async def main():\n"
        "    companion = Companion(dict(os.environ))\n"
        "    await companion.address()\n"
        "    print(companion._process.pid, flush=True)\n"
        "    await asyncio.sleep(60)\n"
        "asyncio.run(main())\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", parent_code], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    with parent.stdout:
        child = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    deadline = time.monotonic() + 10
    while is_alive(child) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not is_alive(child)
