"""What is written down of containers: requests, answers, refusals and breaks, bounded, and of no other group."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from smrt_tui.local.container import ContainerRequest
from smrt_tui.local.container_log import GROUP, MOST_LINES, ContainerLogs, LoggedContainer
from tests.local.running import Scripted

NOW = datetime(2026, 3, 1, tzinfo=UTC)
REQUEST = ContainerRequest("/invocations", (("Content-Type", "text/csv"),), b"1,2")


class Raising:
    """A container that breaks."""

    name = "raising"

    async def invoke(self, request: ContainerRequest) -> None:
        raise RuntimeError("out of memory")

    async def ping(self) -> bool:
        return True


async def written(container: Scripted, request: ContainerRequest = REQUEST) -> list[str]:
    """The lines of one invocation, without how long it took."""
    lines: list[str] = []
    await LoggedContainer(container, lines.append).invoke(request)
    head, _, tail = lines[1].partition(" in ")
    return [lines[0], head + tail.partition(" ms")[2]]


async def test_request_and_answer_are_a_line_each() -> None:
    assert await written(Scripted(body=b"0.5")) == [
        "POST /invocations text/csv 3 bytes",
        "200 application/json 3 bytes",
    ]


async def test_a_refusal_is_told_with_its_words() -> None:
    lines = await written(Scripted(body=b"bad \xff row", status=415))
    assert lines[1] == "415 application/json 9 bytes: bad \ufffd row"


async def test_lines_carry_the_inference_id() -> None:
    request = ContainerRequest("/invocations", (("X-Amzn-SageMaker-Inference-Id", "a-1"),), b"")
    lines = await written(Scripted(flushes=(b"x",)), request)
    assert lines == ["[a-1] POST /invocations no content type 0 bytes", "[a-1] 200 application/json as a stream"]


async def test_what_a_container_raises_is_told_and_passed_on() -> None:
    lines: list[str] = []
    with pytest.raises(RuntimeError):
        await LoggedContainer(Raising(), lines.append).invoke(REQUEST)  # type: ignore[arg-type]
    assert lines[1] == "RuntimeError: out of memory"


def test_the_log_is_bounded_and_only_of_known_endpoints() -> None:
    logs = ContainerLogs(["echo"], lambda: NOW)
    for number in range(MOST_LINES + 5):
        logs.write("echo", "AllTraffic", f"line\n{number}")
        logs.write("other", "AllTraffic", "lost")
    lines = logs.group(f"{GROUP}echo")
    assert lines is not None
    assert (len(lines), lines[0].message, lines[0].stream) == (MOST_LINES, "line 5", "AllTraffic/i-local")
    assert (logs.group(f"{GROUP}other"), logs.group("echo")) == (None, None)
