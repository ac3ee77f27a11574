"""A text-classification pipeline in the manners of the Hugging Face inference toolkit; the model is `sentiment`.

`{"inputs": text or list of texts, "parameters": {…}}` answers a list of labels with their scores. JSON and CSV go in
and out (a CSV needs the header row `inputs`), compact. Whatever goes wrong is status 400 with the JSON object of the
toolkit's model server: code, type, message (aws/sagemaker-huggingface-inference-toolkit: decoder_encoder.py; issue 79
there shows the object).
"""

from __future__ import annotations

import asyncio
import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from smrt_tui.local.container import ContainerRequest, ContainerResponse
from smrt_tui.local.containers.answers import answer
from smrt_tui.local.containers.reading import choose, content_type, header, json_value
from smrt_tui.local.containers.sentiment import NEGATIVE, POSITIVE, positivity

Scores: TypeAlias = list[dict[str, Any]]

_JSON, _CSV = "application/json", "text/csv"
_PARAMETERS = ("top_k", "return_all_scores", "truncation")


class HfPipelineContainer:
    """Tells whether texts speak well or badly of something."""

    name = "hf-pipeline"

    async def invoke(self, request: ContainerRequest) -> ContainerResponse:
        """One label a text, or every label of each text where `top_k` asks for more than one."""
        kind = content_type(request.headers).type or _JSON
        accept = choose(request.headers, (_JSON, _CSV))
        try:
            if kind not in (_JSON, _CSV):
                raise ValueError(f"Content type {kind} is not supported by this framework.")
            if accept is None:
                raise ValueError(
                    f"Content type {header(request.headers, 'Accept')} is not supported by this framework."
                )
            payload = _csv_payload(request.body) if kind == _CSV else _json_payload(request.body)
            scores = await asyncio.to_thread(_classify, payload)
            return answer(_as_csv(scores) if accept.type == _CSV else _compact(scores), accept.type)
        except ValueError as problem:
            return _refused(str(problem))

    async def ping(self) -> bool:
        """Always ready."""
        return True


def _json_payload(body: bytes) -> Mapping[str, Any]:
    payload = json_value(body)
    return payload if isinstance(payload, dict) and "inputs" in payload else {"inputs": payload}


def _csv_payload(body: bytes) -> Mapping[str, Any]:
    try:
        rows = list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline=""), strict=True))
    except UnicodeDecodeError as problem:
        raise ValueError(f"the body is no UTF-8 text: byte {problem.start} does not belong there") from problem
    except csv.Error as problem:
        raise ValueError(f"the body is no CSV: {problem}") from problem
    if not rows or any(row.get("inputs") is None for row in rows):
        raise ValueError(
            "You need to provide the correct CSV with Header columns to use it with the inference toolkit default "
            "handler: here a column named inputs, with rows below it."
        )
    return {"inputs": [row["inputs"] for row in rows]}


def _classify(payload: Mapping[str, Any]) -> Scores | list[Scores]:
    """As the pipeline does it: a list of the best labels, or a list of lists when more than the best was asked for."""
    inputs, parameters = payload["inputs"], payload.get("parameters") or {}
    texts = inputs if isinstance(inputs, list) else [inputs]
    if not texts or not all(isinstance(text, str) for text in texts):
        raise ValueError("inputs must be a text or a list of texts")
    count = _labels_wanted(parameters)
    every = [_ranked(text) for text in texts]
    if count is None:
        return [ranked[0] for ranked in every]
    return [ranked[:count] for ranked in every] if isinstance(inputs, list) else every[0][:count]


def _labels_wanted(parameters: Any) -> int | None:
    """How many labels a text was asked for in so many words; None: the best one, not in a list of its own."""
    if not isinstance(parameters, dict):
        raise ValueError("parameters must be an object")
    unknown = [name for name in parameters if name not in _PARAMETERS]
    if unknown:
        raise ValueError(f"the pipeline has no parameter {unknown[0]!r}; it has {', '.join(_PARAMETERS)}")
    if "top_k" not in parameters:
        return 2 if parameters.get("return_all_scores") is True else None
    wanted = parameters["top_k"]
    if wanted is not None and (not isinstance(wanted, int) or isinstance(wanted, bool) or wanted < 1):
        raise ValueError(f"top_k must be a whole number above 0, or null for all, not {json.dumps(wanted)}")
    return wanted or 2


def _ranked(text: str) -> Scores:
    good = positivity(text)
    scores = [{"label": POSITIVE, "score": good}, {"label": NEGATIVE, "score": 1 - good}]
    return scores if good >= 0.5 else scores[::-1]


def _compact(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _as_csv(scores: Sequence[Any]) -> bytes:
    rows = [row for entry in scores for row in (entry if isinstance(entry, list) else [entry])]
    out = io.StringIO()
    writer = csv.DictWriter(out, ("label", "score"))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def _refused(message: str) -> ContainerResponse:
    """400 whatever went wrong, printed over several lines with a line end, as the model server does."""
    told = {"code": 400, "type": "InternalServerException", "message": message}
    return answer(f"{json.dumps(told, indent=2)}\n".encode(), _JSON, status=400)
