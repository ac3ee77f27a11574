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
    Dialect("openai", "vLLM: OpenAI chat and completions as SSE", read_openai, refuse_openai),
    Dialect("nim", "NVIDIA NIM: OpenAI chat as SSE, model required", read_nim, refuse_openai),
    Dialect("tgi", "TGI: generate, chat and completions as SSE", read_tgi_now, refuse_tgi),
    Dialect("tgi-old", "TGI before axum 0.7: no blank after data:", read_tgi_old, refuse_tgi),
    Dialect("lmi", "LMI v15 on vLLM: inputs, chat and completions as JSON lines", read_lmi, refuse_lmi),
    Dialect("lmi-rolling", "LMI up to v14: inputs and chat as JSON lines", read_rolling_lines, refuse_lmi),
    Dialect("lmi-sse", "LMI up to v14, TGI-compatible: the same as SSE", read_rolling_sse, refuse_lmi),
    Dialect("lmi-legacy", "LMI with dynamic batches: outputs lines", read_legacy, refuse_lmi),
    Dialect("lmi-3p", "LMI for third-party models: body and metering lines", read_third_party, refuse_lmi),
    Dialect("responses", "mlflow's agent server: OpenAI Responses as SSE", read_responses, refuse_responses),
    Dialect("jumpstart-llama", "JumpStart Llama 2: one JSON document in pieces", read_jumpstart, refuse_jumpstart),
    Dialect("text", "TorchServe: raw text", read_text, refuse_text),
    Dialect("bentoml", "BentoML: raw text that claims to be SSE", read_bentoml, refuse_json),
    Dialect("litserve", "LitServe: JSON lines without a Content-Type", read_litserve, refuse_json),
)

DIALECTS: Mapping[str, Dialect] = {dialect.name: dialect for dialect in _ROWS}
