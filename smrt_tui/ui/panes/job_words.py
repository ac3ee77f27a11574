"""What a pane says while an async job is on its way: how it stands and where its answer will be."""

from __future__ import annotations

from smrt_tui.core.job import OVER
from smrt_tui.core.plain import plain
from smrt_tui.core.recorder import Recorder


def job_words(recorder: Recorder) -> str:
    """The latest step of the job and its places; empty for a call that is no job, and for a job that is over."""
    if not recorder.jobs or recorder.jobs[-1].state in OVER:
        return ""
    job = recorder.jobs[-1]
    said = [f"Job {job.state.value}: {job.detail}."]
    said += [f"Its output will be at {job.output_location}."] if job.output_location else []
    said += [f"If it fails, {job.failure_location} says why."] if job.failure_location else []
    return plain(" ".join(said))
