"""The dialects that the chat container speaks, one row each."""

from __future__ import annotations

from collections.abc import Mapping

from smrt_tui.local.containers.dialects.base import Dialect
from smrt_tui.local.containers.dialects.openai import read_openai, refuse_openai

__all__ = ["DIALECTS"]

DIALECTS: Mapping[str, Dialect] = {
    dialect.name: dialect
    for dialect in (Dialect("openai", "vLLM: OpenAI chat and completions, SSE", read_openai, refuse_openai),)
}
