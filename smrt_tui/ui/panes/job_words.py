"""What a pane says while an async job is on its way: how it stands and where its answer will be."""

from __future__ import annotations

from smrt_tui.core.plain import plain
from smrt_tui.core.recorder import Recorder


def job_words(recorder: Recorder) -> str:
    """The latest step of the job and its places; empty for a call that is no job."""
    if not recorder.jobs:
        return ""
    job = recorder.jobs[-1]
    lines = [f"The job is {job.state.value.replace('-', ' ')}: {job.detail}"]
    lines += [f"Its output will be at {job.output_location}"] if job.output_location else []
    lines += [f"or a failure at {job.failure_location}"] if job.failure_location else []
    return plain("\n".join(lines))
