"""`smrt-tui invoke`: the answer's bytes on stdout, the story on stderr, the exit code by how it ended."""

from __future__ import annotations

import asyncio
import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from smrt_tui.cli.diagnostics import ExitCode
from smrt_tui.cli.invoke import run_invoke
from smrt_tui.cli.options import InvokeOptions
from smrt_tui.core.catalogue import Catalogue, ProfileEntry
from smrt_tui.core.events import (
    AttemptEnded,
    Event,
    FrameRejected,
    JobMoved,
    JobState,
    ServiceFault,
    TransportFault,
)
from smrt_tui.core.problem import Problem
from tests.cli.stage import PlayedCall, PlayedWorkbench, Stage, a_catalogue, a_profile, a_stage, a_story, head, part

LINES = (b'data: {"choices":[{"index":0,"delta":{"content":"Hel', b'lo\\n\\u001b[2J"}}]}\n\n', b"data: [DONE]\n\n")

MODEL_FAULT = ServiceFault(0.5, "ModelError", "", "it broke", 424, 500, "boom", "arn:logs")
STREAM_FAULT = ServiceFault(0.5, "ModelStreamError", "StreamBroken", "it broke", None, None, "", "")
REFUSED = TransportFault(0.5, "connect-refused", "nothing listens at there:80", "start it")
CUT = TransportFault(0.5, "chunk-cut", "the answer was cut", "send again")
ACCEPTED = JobMoved(0.03, JobState.ACCEPTED, "id", "s3://b/out", "s3://b/fail", "accepted")


async def invoked(
    folder: Path,
    story: list[list[Event]] | None = None,
    *,
    is_terminal: bool = False,
    stdin: bytes = b"",
    keys: dict[str, Any] | None = None,
    **options: Any,
) -> tuple[int, Stage, PlayedWorkbench]:
    """The exit code, what was written, and what was fired."""
    stage = a_stage(folder, stdin=stdin, is_terminal=is_terminal)
    workbench = PlayedWorkbench(a_catalogue(("p", a_profile(**(keys or {}))), ("broken", None)))
    if story is not None:
        workbench.call = PlayedCall(story)
    code = await run_invoke(InvokeOptions(**{"profile": "p", **options}), stage.environment, workbench)
    return code, stage, workbench


def lines_of(stage: Stage) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stage.stdout.getvalue().splitlines()]


async def test_a_pipe_gets_the_answers_bytes_and_nothing_else(tmp_path: Path) -> None:
    story = a_story(head(), *(part(number, payload) for number, payload in enumerate(LINES)))
    code, stage, _ = await invoked(tmp_path, story, mode="stream")
    assert (code, stage.stdout.getvalue()) == (0, b"".join(LINES))
    assert f"complete · 3 parts · {len(b''.join(LINES))} bytes · head 10.0 ms · first part 20.0 ms" in stage.told


async def test_a_terminal_gets_a_streams_text_with_nothing_in_it_that_acts(tmp_path: Path) -> None:
    story = a_story(head(), *(part(number, payload) for number, payload in enumerate(LINES)))
    _, stage, _ = await invoked(tmp_path, story, mode="stream", is_terminal=True)
    assert stage.stdout.getvalue().decode() == "Hello\n␛[2J\n"


async def test_a_terminal_gets_a_plain_answer_as_text_with_characters_cut_between_parts_whole(tmp_path: Path) -> None:
    raw = "naïve \x1b]0;x\x07 answer".encode()
    _, stage, _ = await invoked(tmp_path, a_story(head(), part(0, raw[:3]), part(1, raw[3:])), is_terminal=True)
    assert stage.stdout.getvalue().decode() == "naïve ␛]0;x␇ answer\n"


@pytest.mark.parametrize("mode", ["sync", "stream"])
async def test_a_terminal_never_gets_a_binary_answer(tmp_path: Path, mode: str) -> None:
    picture = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(64)
    _, stage, _ = await invoked(tmp_path, a_story(head(), part(0, picture)), mode=mode, is_terminal=True)
    assert stage.stdout.getvalue() == b""
    assert f"{len(picture)} bytes that are no text" in stage.told


async def test_a_stream_without_any_text_in_it_is_shown_whole(tmp_path: Path) -> None:
    story = a_story(head(400), part(0, b'{"ErrorCode":"X"}'), MODEL_FAULT, outcome="fault")
    _, stage, _ = await invoked(tmp_path, story, mode="stream", is_terminal=True)
    assert stage.stdout.getvalue() == b'{"ErrorCode":"X"}\n'


async def test_include_prints_the_head_first(tmp_path: Path) -> None:
    story = a_story(head(200, ("X-A", "1\x1b"), ("x-a", "2")), part(0, b"body"))
    _, stage, _ = await invoked(tmp_path, story, include=True)
    assert stage.stdout.getvalue().decode() == "HTTP/1.1 200 OK\nX-A: 1␛\nx-a: 2\n\nbody"


async def test_output_takes_the_bytes_and_leaves_stdout_empty(tmp_path: Path) -> None:
    _, stage, _ = await invoked(
        tmp_path, a_story(head(), part(0, b"\x00\xff")), output=Path("answer.bin"), is_terminal=True
    )
    assert (tmp_path / "answer.bin").read_bytes() == b"\x00\xff"
    assert stage.stdout.getvalue() == b""


async def test_an_output_that_cannot_be_opened_stops_before_anything_is_sent(tmp_path: Path) -> None:
    code, stage, workbench = await invoked(tmp_path, output=Path("no/such/folder/x"))
    assert (code, workbench.fired) == (ExitCode.USAGE, [])
    assert "cannot be written" in stage.told


@pytest.mark.parametrize(
    ("events", "outcome", "code"),
    [
        ((head(), part(0, b"x")), "complete", ExitCode.COMPLETE),
        ((head(424), MODEL_FAULT), "fault", ExitCode.ANSWERED_WITH_ERROR),
        ((head(), part(0, b"x"), STREAM_FAULT), "fault", ExitCode.BROKE),
        ((head(), part(0, b"x"), CUT), "fault", ExitCode.BROKE),
        ((REFUSED,), "fault", ExitCode.NO_CONNECTION),
    ],
    ids=["complete", "model error", "stream error", "cut", "refused"],
)
async def test_the_exit_code_says_how_it_ended(
    tmp_path: Path, events: tuple[Event, ...], outcome: str, code: ExitCode
) -> None:
    assert (await invoked(tmp_path, a_story(*events, outcome=outcome)))[0] == code


async def test_an_error_of_the_model_inside_a_200_is_no_success(tmp_path: Path) -> None:
    said = b'data: {"choices": [{"delta": {"content": "half"}}]}\n\ndata: {"error": {"message": "no memory"}}\n\n'
    code, stage, _ = await invoked(tmp_path, a_story(head(), part(0, said)), mode="stream")
    assert (code, stage.stdout.getvalue()) == (ExitCode.ANSWERED_WITH_ERROR, said)
    assert stage.told.splitlines()[-1].startswith("answered with an error · 1 part")


async def test_a_fault_is_told_with_all_that_is_known(tmp_path: Path) -> None:
    _, stage, _ = await invoked(tmp_path, a_story(head(424), MODEL_FAULT, outcome="fault"))
    assert "ModelError: it broke\n  the container answered 500: boom\n  log: arn:logs\n" in stage.told
    _, stage, _ = await invoked(tmp_path, a_story(REFUSED, outcome="fault"))
    assert "connect-refused: nothing listens at there:80\n  start it\n" in stage.told


async def test_what_happens_on_the_way_is_told(tmp_path: Path) -> None:
    rejected = FrameRejected(0.3, "message-crc", "the checksum differs", 1024, b"raw")
    retry = AttemptEnded(0.2, 1, "503", 0.25)
    _, stage, _ = await invoked(tmp_path, a_story(head(503), retry, head(), rejected, CUT, outcome="fault"))
    assert "attempt 1 failed: 503; the next one in 250.0 ms" in stage.told
    assert "broken frame at byte 1,024: the checksum differs" in stage.told


async def test_control_characters_never_reach_stderr(tmp_path: Path) -> None:
    fault = ServiceFault(0.5, "Bad\x1b[31m", "", "two\nlines\x07", 400, None, "", "")
    _, stage, _ = await invoked(tmp_path, a_story(head(400), fault, outcome="fault"))
    assert not set(stage.told) & {"\x1b", "\x07"}


async def test_cancelling_keeps_what_arrived_and_gives_130(tmp_path: Path) -> None:
    stage = a_stage(tmp_path)
    call = PlayedCall([*a_story(head(), part(0, b"so far"))[:-1], [], []])
    workbench = PlayedWorkbench(a_catalogue(("p", a_profile())), call)
    running = asyncio.ensure_future(run_invoke(InvokeOptions("p"), stage.environment, workbench))
    await call.waiting.wait()
    running.cancel()
    assert await running == ExitCode.CANCELLED
    assert stage.stdout.getvalue() == b"so far"
    assert "cancelled · 1 part" in stage.told


class ClosedPipe(BytesIO):
    """A stdout whose reader went away after the first write."""

    def write(self, data: Any, /) -> int:
        if self.getvalue():
            raise BrokenPipeError
        return super().write(data)


async def test_a_reader_that_goes_away_ends_the_call_quietly(tmp_path: Path) -> None:
    stage = a_stage(tmp_path, stdout=ClosedPipe())
    call = PlayedCall(a_story(head(), part(0, b"one"), part(1, b"two"), part(2, b"three")))
    workbench = PlayedWorkbench(a_catalogue(("p", a_profile())), call)
    with pytest.raises(BrokenPipeError):
        await run_invoke(InvokeOptions("p"), stage.environment, workbench)
    assert call.is_cancelled
    assert "BrokenPipe" not in stage.told


class FullDisk(BytesIO):
    """A stdout that takes nothing."""

    def write(self, data: Any, /) -> int:
        raise OSError(28, "No space left on device")


async def test_a_full_disk_ends_the_call_and_is_told(tmp_path: Path) -> None:
    stage = a_stage(tmp_path, stdout=FullDisk())
    call = PlayedCall(a_story(head(), part(0, b"one"), part(1, b"two")))
    workbench = PlayedWorkbench(a_catalogue(("p", a_profile())), call)
    assert await run_invoke(InvokeOptions("p"), stage.environment, workbench) == ExitCode.CANCELLED
    assert call.is_cancelled
    assert "the answer cannot be written: No space left on device" in stage.told


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
async def test_an_output_file_on_a_full_disk_is_told(tmp_path: Path) -> None:
    code, stage, _ = await invoked(tmp_path, a_story(head(), part(0, b"one")), output=Path("/dev/full"))
    assert code == ExitCode.CANCELLED
    assert "the answer cannot be written: No space left on device" in stage.told


async def test_a_dry_run_to_a_full_disk_is_told(tmp_path: Path) -> None:
    stage = a_stage(tmp_path, stdout=FullDisk())
    workbench = PlayedWorkbench(a_catalogue(("p", a_profile())))
    assert await run_invoke(InvokeOptions("p", dry_run=True), stage.environment, workbench) == ExitCode.CANCELLED
    assert "stdout cannot be written: No space left on device" in stage.told


async def test_a_dry_run_prints_the_request_and_sends_nothing(tmp_path: Path) -> None:
    code, stage, workbench = await invoked(tmp_path, dry_run=True)
    assert (code, stage.stdout.getvalue(), workbench.fired) == (0, b'POST e {"a": 1}\n', [])


async def test_no_wait_leaves_the_job_and_prints_where_its_answer_will_be(tmp_path: Path) -> None:
    story = [*a_story(head(202), ACCEPTED)[:-1], [], []]
    code, stage, workbench = await invoked(tmp_path, story, mode="async", no_wait=True)
    assert (code, stage.stdout.getvalue()) == (0, b"s3://b/out\n")
    assert workbench.call.is_cancelled
    assert "gave-up" not in stage.told
    assert stage.told.splitlines()[-3:] == [
        "its output will be at s3://b/out",
        "what went wrong, if it does, at s3://b/fail",
        "`smrt-tui jobs id` looks again",
    ]


async def test_a_job_left_with_the_local_endpoint_is_told_to_end_with_it(tmp_path: Path) -> None:
    workbench = PlayedWorkbench(
        a_catalogue(("local/p", a_profile())), PlayedCall([*a_story(head(202), ACCEPTED)[:-1], [], []])
    )
    stage = a_stage(tmp_path)
    await run_invoke(InvokeOptions("local/p", mode="async", no_wait=True), stage.environment, workbench)
    assert "the local endpoint ends with this command, and the job with it" in stage.told


async def test_a_job_that_could_not_be_written_down_is_told(tmp_path: Path) -> None:
    workbench = PlayedWorkbench(a_catalogue(("p", a_profile())), PlayedCall(a_story(head(202), ACCEPTED)))
    workbench.jobs.trouble = "No space left on device"
    stage = a_stage(tmp_path)
    await run_invoke(InvokeOptions("p", mode="async"), stage.environment, workbench)
    assert "the job could not be written down: No space left on device" in stage.told


async def test_a_large_answer_is_written_in_full_and_not_kept_in_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("smrt_tui.cli.following.MOST_KEPT", 3)
    story = a_story(head(), part(0, b"ab"), part(1, b'cd{"error": "ours'))
    code, stage, _ = await invoked(tmp_path, story, output=Path("answer"))
    assert (code, (tmp_path / "answer").read_bytes()) == (0, b'abcd{"error": "ours')
    assert "complete · 2 parts · 19 bytes" in stage.told


async def test_without_no_wait_the_job_is_followed(tmp_path: Path) -> None:
    done = JobMoved(0.5, JobState.COMPLETED, "id", "s3://b/out", "", "done")
    code, stage, workbench = await invoked(tmp_path, a_story(head(202), ACCEPTED, done, part(0, b"x")), mode="async")
    assert (code, stage.stdout.getvalue(), workbench.call.is_cancelled) == (0, b"x", False)
    assert "job completed: done" in stage.told


async def test_events_are_a_line_each_and_end_with_the_verdict(tmp_path: Path) -> None:
    story = a_story(head(), part(0, b"\xff\x00"), CUT, outcome="fault")
    code, stage, _ = await invoked(tmp_path, story, events=True, headers=(("X-Mine", "1"),))
    lines = lines_of(stage)
    names = [line["event"] for line in lines]
    assert names == ["started", "phase", "head", "part", "transport_fault", "finding", "finding", "ended"]
    assert [line["id"] for line in lines if line["event"] == "finding"] == ["R37", "R44"]
    assert lines[3] == {
        "event": "part",
        "at": 0.02,
        "index": 0,
        "bytes": 2,
        "data_b64": "/wA=",
        "offset": 0,
        "frame_headers": [],
        "prelude_crc": 0,
        "message_crc": 0,
    }
    assert lines[-1] == {
        "event": "ended",
        "at": 1.0,
        "outcome": "fault",
        "verdict": "broke after it began",
        "exit_code": code,
        "metrics": {
            "parts": 1,
            "bytes": 2,
            "head_s": 0.01,
            "first_part_s": 0.02,
            "last_part_s": 0.02,
            "total_s": 1.0,
        },
    }


async def test_events_end_with_ended_also_when_nothing_could_be_sent(tmp_path: Path) -> None:
    code, stage, _ = await invoked(tmp_path, events=True, body='{"a": "{{nobody}}"}')
    assert [(line["event"], line.get("exit_code")) for line in lines_of(stage)] == [("finding", None), ("ended", 3)]
    assert code == ExitCode.CANNOT_SEND


async def test_events_and_output_keep_both(tmp_path: Path) -> None:
    _, stage, _ = await invoked(tmp_path, a_story(head(), part(0, b"x")), events=True, output=Path("answer"))
    assert (tmp_path / "answer").read_bytes() == b"x"
    assert lines_of(stage)[-1]["event"] == "ended"


async def test_what_was_typed_lies_over_the_profile(tmp_path: Path) -> None:
    _, stage, workbench = await invoked(
        tmp_path,
        payload="first",
        mode="stream",
        variables=(("a", [1, {"b": None}]),),
        members=(("Accept", "text/csv"), ("ContentType", "application/json; v=2")),
        headers=(("X-One", "1"), ("X-One", "2")),
        endpoint_url="http://elsewhere:1",
    )
    entry, draft = workbench.fired[0]
    assert draft.mode == "stream"
    assert draft.members == (("ContentType", "application/json; v=2"), ("Accept", "text/csv"))
    assert draft.headers == (("X-One", "1"), ("X-One", "2"))
    assert draft.body == b'{"a": [1, {"b": null}]}'
    assert entry.profile is not None
    assert entry.profile.endpoint_url == "http://elsewhere:1"
    assert "note [R44] X-One" in stage.told


async def test_a_local_profile_with_an_endpoint_url_is_not_local_any_more(tmp_path: Path) -> None:
    stage = a_stage(tmp_path)
    workbench = PlayedWorkbench(a_catalogue(("local/p", a_profile())))
    await run_invoke(InvokeOptions("local/p"), stage.environment, workbench)
    await run_invoke(InvokeOptions("local/p", endpoint_url="http://x"), stage.environment, workbench)
    assert [entry.is_local for entry, _ in workbench.fired] == [True, False]


@pytest.mark.parametrize(
    ("body", "stdin", "sent"),
    [
        ('{"a": "{{a}}!"}', b"", b'{"a": "1!"}'),
        ("-", b"\xff{{a}}", b"\xff{{a}}"),
        ("@in.bin", b"", b"\x00{{a}}"),
        ("", b"", b""),
    ],
    ids=["text with placeholders", "stdin as it is", "file as it is", "empty"],
)
async def test_a_body_of_ones_own(tmp_path: Path, body: str, stdin: bytes, sent: bytes) -> None:
    (tmp_path / "in.bin").write_bytes(b"\x00{{a}}")
    _, _, workbench = await invoked(tmp_path, body=body, stdin=stdin)
    assert workbench.fired[0][1].body == sent


async def test_a_body_file_that_is_not_there_is_a_finding(tmp_path: Path) -> None:
    code, stage, workbench = await invoked(tmp_path, body="@nothing")
    assert (code, workbench.fired) == (ExitCode.CANNOT_SEND, [])
    assert "error [unreadable-file] body: the file" in stage.told


async def test_a_variable_that_nothing_asks_for_is_told(tmp_path: Path) -> None:
    _, stage, _ = await invoked(tmp_path, variables=(("aa", 1),))
    assert "warning [unused-variable] aa: no placeholder asks for this variable; did you mean 'a'?" in stage.told


@pytest.mark.parametrize(
    ("options", "code", "told"),
    [
        ({"profile": "q"}, 2, "there is no profile 'q'"),
        ({"profile": "brokn"}, 2, "did you mean 'broken'?"),
        ({"profile": "broken"}, 3, "the profile broken has problems"),
        ({"payload": "frist"}, 2, "p has no payload 'frist'; did you mean 'first'?\n  it has first, second"),
        ({"members": (("TargetVarient", "x"),)}, 2, "did you mean 'TargetVariant'?"),
        ({"members": (("contenttype", "x"),)}, 2, "did you mean 'ContentType'?"),
        ({"members": (("EndpointName", "x"),)}, 2, "the API has no member 'EndpointName'"),
    ],
    ids=str,
)
async def test_what_is_not_known_is_refused_with_the_nearest_name(
    tmp_path: Path, options: dict[str, Any], code: int, told: str
) -> None:
    ended, stage, workbench = await invoked(tmp_path, **options)
    assert (ended, workbench.fired, stage.stdout.getvalue()) == (code, [], b"")
    assert told in stage.told


async def test_a_broken_profile_is_told_with_its_lines(tmp_path: Path) -> None:
    stage = a_stage(tmp_path)
    problem = Problem(("mode",), "no", 3, 7, "/p/broken.yaml")
    catalogue = Catalogue((ProfileEntry("broken", "/p/broken.yaml", "/p", None, (problem,)),))
    assert await run_invoke(InvokeOptions("broken"), stage.environment, PlayedWorkbench(catalogue)) == 3
    assert stage.told.startswith("/p/broken.yaml:3:7: mode: no\n")


TOO_LONG: dict[str, Any] = {"members": (("InferenceId", "x" * 65),)}


async def test_what_breaks_the_rules_is_told_and_sent(tmp_path: Path) -> None:
    code, stage, workbench = await invoked(tmp_path, **TOO_LONG)
    assert (code, len(workbench.fired)) == (0, 1)
    assert "error [member-value] InferenceId: 65 characters; the service allows 64" in stage.told


async def test_what_breaks_the_rules_stays_here_when_the_profile_blocks(tmp_path: Path) -> None:
    code, stage, workbench = await invoked(tmp_path, keys={"client": {"param_validation": "block"}}, **TOO_LONG)
    assert (code, workbench.fired) == (ExitCode.CANNOT_SEND, [])
    assert "member-value" in stage.told


async def test_warnings_do_not_block(tmp_path: Path) -> None:
    code, _, _ = await invoked(tmp_path, keys={"client": {"param_validation": "block"}}, headers=(("X-A", "b"),))
    assert code == 0


async def test_a_profile_may_send_what_is_wrong_without_a_word(tmp_path: Path) -> None:
    code, stage, _ = await invoked(tmp_path, keys={"client": {"param_validation": "off"}}, **TOO_LONG)
    assert code == 0
    assert "member-value" not in stage.told


STRANGE = {"endpoint_url": "https://models.example.com"}


async def test_signed_headers_go_to_no_stranger_that_only_a_profile_names(tmp_path: Path) -> None:
    code, stage, workbench = await invoked(tmp_path, keys=STRANGE)
    assert (code, workbench.fired) == (3, [])
    assert "would send AWS-signed headers to models.example.com, which is neither AWS nor this machine" in stage.told
    assert "--endpoint-url" in stage.told


@pytest.mark.parametrize(
    ("keys", "options"),
    [
        (STRANGE, {"endpoint_url": "https://models.example.com"}),
        ({**STRANGE, "credentials": {"anonymous": True}}, {}),
        ({"s3_endpoint_url": "https://objects.example.com"}, {"mode": "sync"}),
    ],
    ids=["named by the person", "unsigned", "objects of a call that has none"],
)
async def test_a_stranger_may_be_sent_to_when_the_person_says_so_or_nothing_is_signed(
    tmp_path: Path, keys: dict[str, Any], options: dict[str, Any]
) -> None:
    code, _, workbench = await invoked(tmp_path, keys=keys, **options)
    assert (code, len(workbench.fired)) == (0, 1)


async def test_objects_of_an_async_call_go_to_no_stranger_either(tmp_path: Path) -> None:
    code, stage, workbench = await invoked(
        tmp_path, keys={"s3_endpoint_url": "https://objects.example.com"}, mode="async"
    )
    assert (code, workbench.fired) == (3, [])
    assert "AWS_ENDPOINT_URL_S3" in stage.told


async def test_stdout_has_the_last_attempts_answer_alone(tmp_path: Path) -> None:
    story = a_story(head(503), part(0, b"busy"), AttemptEnded(0.1, 1, "503 (503)", 0.1), head(), part(0, b"{}"))
    _, stage, _ = await invoked(tmp_path, story, include=True)
    assert stage.stdout.getvalue() == b"HTTP/1.1 200 OK\n\n{}"
    assert "attempt 1 failed: 503 (503)" in stage.told
