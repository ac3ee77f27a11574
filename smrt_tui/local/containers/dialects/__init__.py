"""The dialects that the chat container speaks, one row each."""

from __future__ import annotations

from collections.abc import Mapping

from smrt_tui.local.containers.dialects.base import Dialect
from smrt_tui.local.containers.dialects.jumpstart import read_jumpstart, refuse_jumpstart
from smrt_tui.local.containers.dialects.lmi import read_lmi, refuse_lmi
from smrt_tui.local.containers.dialects.lmi_batch import read_legacy, read_third_party
from smrt_tui.local.containers.dialects.lmi_rolling import read_rolling_lines, read_rolling_sse
from smrt_tui.local.containers.dialects.openai import read_nim, read_openai, refuse_openai
from smrt_tui.local.containers.dialects.plain import read_bentoml, read_litserve, read_text, refuse_json, refuse_text
from smrt_tui.local.containers.dialects.responses import read_responses, refuse_responses
from smrt_tui.local.containers.dialects.tgi import read_tgi_now, read_tgi_old, refuse_tgi

__all__ = ["DIALECTS"]

_ROWS = (
    Dialect("openai", read_openai, refuse_openai),  # vLLM: OpenAI chat and completions as SSE
    Dialect("nim", read_nim, refuse_openai),  # NVIDIA NIM: OpenAI chat as SSE, model required
    Dialect("tgi", read_tgi_now, refuse_tgi),  # TGI: generate, chat and completions as SSE
    Dialect("tgi-old", read_tgi_old, refuse_tgi),  # TGI before axum 0.7: no blank after data:
    Dialect("lmi", read_lmi, refuse_lmi),  # LMI v15 on vLLM: inputs, chat and completions as JSON lines
    Dialect("lmi-rolling", read_rolling_lines, refuse_lmi),  # LMI up to v14: inputs and chat as JSON lines
    Dialect("lmi-sse", read_rolling_sse, refuse_lmi),  # LMI up to v14, TGI-compatible: the same as SSE
    Dialect("lmi-legacy", read_legacy, refuse_lmi),  # LMI with dynamic batches: outputs lines
    Dialect("lmi-3p", read_third_party, refuse_lmi),  # LMI for third-party models: body and metering lines
    Dialect("responses", read_responses, refuse_responses),  # mlflow's agent server: OpenAI Responses as SSE
    Dialect("jumpstart-llama", read_jumpstart, refuse_jumpstart),  # JumpStart Llama 2: one JSON document in pieces
    Dialect("text", read_text, refuse_text),  # TorchServe: raw text
    Dialect("bentoml", read_bentoml, refuse_json),  # BentoML: raw text that claims to be SSE
    Dialect("litserve", read_litserve, refuse_json),  # LitServe: JSON lines without a Content-Type
)

DIALECTS: Mapping[str, Dialect] = {dialect.name: dialect for dialect in _ROWS}
