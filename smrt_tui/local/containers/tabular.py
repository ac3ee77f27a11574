"""The tabular container: rows of measurements in, class probabilities out, in the manners of the XGBoost container.

No Content-Type means LIBSVM, an empty body 204, an unknown Content-Type 415, an unknown Accept 406, a bad row 400;
refusals are plain text (sagemaker-xgboost-container, serve_utils.py and encoder.py).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence

from smrt_tui.local.container import ContainerRequest, ContainerResponse
from smrt_tui.local.containers.answers import answer, refusal
from smrt_tui.local.containers.negotiation import agreed
from smrt_tui.local.containers.reading import content_type
from smrt_tui.local.containers.rows import csv_rows, json_rows, jsonlines_rows, libsvm_rows
from smrt_tui.local.containers.softmax import LABELS, Row, Softmax, train_softmax
from smrt_tui.local.containers.trained import Trained

_PARSERS: Mapping[str, Callable[[bytes], list[Row]]] = {
    "": lambda body: libsvm_rows(body.decode()),
    "text/csv": lambda body: csv_rows(body.decode()),
    "text/libsvm": lambda body: libsvm_rows(body.decode()),
    "text/x-libsvm": lambda body: libsvm_rows(body.decode()),
    "application/json": json_rows,
    "application/jsonlines": jsonlines_rows,
}


class TabularContainer:
    """Classifies rows; the model is trained on first use."""

    name = "tabular"

    def __init__(self, model: Trained[Softmax] | None = None) -> None:
        self._model = model or Trained(train_softmax)

    async def invoke(self, request: ContainerRequest) -> ContainerResponse:
        """One prediction a row, in the order of the rows."""
        if not request.body:
            return ContainerResponse(204, (), b"")
        accept = agreed(request.headers, tuple(_PARSERS), tuple(_ENCODERS))
        if isinstance(accept, ContainerResponse):
            return accept
        try:
            rows = _PARSERS[content_type(request.headers).type](request.body)
        except UnicodeDecodeError as problem:
            return refusal(400, f"the body is no UTF-8 text: byte {problem.start} does not belong there")
        except ValueError as problem:
            return refusal(400, str(problem))
        model = await self._model.get()
        return answer(_ENCODERS[accept.type]([_score(model, row) for row in rows]), f"{accept.type}; charset=utf-8")

    async def ping(self) -> bool:
        """Whether the model is there; the first ping trains it."""
        await self._model.get()
        return True


def _score(model: Softmax, row: Row) -> tuple[float, ...]:
    return tuple(round(probability, 6) for probability in model.probabilities(row))


def _prediction(scores: Sequence[float]) -> dict[str, object]:
    return {"predicted_label": LABELS[scores.index(max(scores))], "score": list(scores)}


def _as_csv(rows: Sequence[tuple[float, ...]]) -> bytes:
    return "".join(",".join(f"{score:g}" for score in scores) + "\n" for scores in rows).encode()


def _as_json(rows: Sequence[tuple[float, ...]]) -> bytes:
    return json.dumps({"predictions": [_prediction(scores) for scores in rows]}).encode()


def _as_jsonlines(rows: Sequence[tuple[float, ...]]) -> bytes:
    return "".join(json.dumps(_prediction(scores)) + "\n" for scores in rows).encode()


_ENCODERS: Mapping[str, Callable[[Sequence[tuple[float, ...]]], bytes]] = {
    "text/csv": _as_csv,
    "application/json": _as_json,
    "application/jsonlines": _as_jsonlines,
}
