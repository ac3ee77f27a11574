"""The headers that Text Generation Inference adds, all of which SageMaker drops (router/src/server.rs)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smrt_tui.core.request import Headers


def compute_headers(prompt: str) -> Headers:
    """What is known before the first token."""
    return (("x-compute-type", "cpu"), ("x-compute-characters", str(len(prompt))))


def timing_headers(prompt: str, prompt_tokens: int, generated: int, took_s: float) -> Headers:
    """What is known at the end. The times are whole milliseconds, but for `x-compute-time`."""
    total = str(int(took_s * 1000))
    return (
        ("x-compute-type", "cpu"),
        ("x-compute-time", f"{took_s:.9g}"),
        ("x-compute-characters", str(len(prompt))),
        ("x-total-time", total),
        ("x-validation-time", "0"),
        ("x-queue-time", "0"),
        ("x-inference-time", total),
        ("x-time-per-token", str(int(took_s * 1000 / max(1, generated)))),
        ("x-prompt-tokens", str(prompt_tokens)),
        ("x-generated-tokens", str(generated)),
    )
