"""The embeddings container: texts to vectors by the hashing trick, so that texts with common words lie close together.

`{"input": …}` answers like vLLM's /v1/embeddings, `{"inputs": …}` like Text Embeddings Inference and LMI: bare vectors.
"""

from __future__ import annotations

import base64
import json
import math
import re
import struct
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from smrt_tui.local.container import ContainerRequest, ContainerResponse
from smrt_tui.local.containers.answers import answer
from smrt_tui.local.containers.reading import content_type, json_object, whole_number
from smrt_tui.local.containers.surroundings import Surroundings

_DIMENSIONS = 256
_MOST_TEXTS = 32
_MODEL = "hashing"
_TRIGRAM_WEIGHT = 0.3
_WORD = re.compile(r"\w+")


class EmbeddingsContainer:
    """Answers in the form that the request's key belongs to."""

    name = "embeddings"

    def __init__(self, surroundings: Surroundings | None = None) -> None:
        self._surroundings = surroundings or Surroundings()

    async def invoke(self, request: ContainerRequest) -> ContainerResponse:
        """One vector a text, in order."""
        kind = content_type(request.headers).type
        if kind not in ("", "application/json"):
            return _refused(f"Unsupported Media Type: Only 'application/json' is allowed, not {kind}", 415)
        try:
            payload = json_object(request.body)
            return self._like_openai(payload) if "input" in payload else _like_tei(payload)
        except ValueError as problem:
            return _refused(str(problem), 400)

    async def ping(self) -> bool:
        """Always ready."""
        return True

    def _like_openai(self, payload: Mapping[str, Any]) -> ContainerResponse:
        texts = _texts(payload["input"], "input")
        dimensions = whole_number(payload, "dimensions", _DIMENSIONS, 1, 4096)
        encoding = payload.get("encoding_format", "float")
        if encoding not in ("float", "base64"):
            raise ValueError(f"encoding_format must be float or base64, not {json.dumps(encoding)}")
        vectors = [embedding(text, dimensions) for text in texts]
        tokens = sum(len(_WORD.findall(text)) for text in texts)
        return _json(
            {
                "id": f"embd-{self._surroundings.new_id()}",
                "object": "list",
                "created": int(self._surroundings.now()),
                "model": _MODEL,
                "data": [
                    {
                        "index": index,
                        "object": "embedding",
                        "embedding": list(vector) if encoding == "float" else _packed(vector),
                    }
                    for index, vector in enumerate(vectors)
                ],
                "usage": {"prompt_tokens": tokens, "total_tokens": tokens, "completion_tokens": 0},
            }
        )


def embedding(text: str, dimensions: int = _DIMENSIONS) -> tuple[float, ...]:
    """A vector of length 1 made of the text's words and their trigrams; of length 0 for a text without words."""
    sums = [0.0] * dimensions
    for word in _WORD.findall(text.lower()):
        padded = f"<{word}>"
        trigrams = (padded[at : at + 3] for at in range(len(padded) - 2))
        for feature, weight in ((word, 1.0), *((trigram, _TRIGRAM_WEIGHT) for trigram in trigrams)):
            hashed = zlib.crc32(feature.encode())
            sums[hashed % dimensions] += weight if hashed & 0x8000_0000 else -weight
    norm = math.sqrt(math.fsum(value * value for value in sums)) or 1.0
    return tuple(round(value / norm, 7) for value in sums)


def _like_tei(payload: Mapping[str, Any]) -> ContainerResponse:
    if "inputs" not in payload:
        raise ValueError("the body needs input (OpenAI) or inputs (TEI, LMI): a string or a list of strings")
    return _json([list(embedding(text)) for text in _texts(payload["inputs"], "inputs")])


def _texts(value: Any, name: str) -> Sequence[str]:
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list) or not texts or not all(isinstance(text, str) for text in texts):
        raise ValueError(f"{name} must be a string or a list of strings")
    if len(texts) > _MOST_TEXTS:
        raise ValueError(f"batch size {len(texts)} > maximum allowed batch size {_MOST_TEXTS}")
    return [text.encode(errors="replace").decode() for text in texts]


def _packed(vector: Sequence[float]) -> str:
    return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()


def _json(value: Any) -> ContainerResponse:
    return answer(json.dumps(value, separators=(",", ":")).encode(), "application/json")


def _refused(message: str, status: int) -> ContainerResponse:
    error = {"message": message, "type": "BadRequestError", "param": None, "code": status}
    return answer(json.dumps({"error": error}).encode(), "application/json", status=status)
