"""Embeddings: likeness by common words, in two answer forms."""

from __future__ import annotations

import base64
import math
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smrt_tui.local.containers.embeddings import EmbeddingsContainer, embedding
from tests.local.containers.asking import ask, fixed_surroundings, json_of


def cosine(one: str, other: str) -> float:
    return math.fsum(a * b for a, b in zip(embedding(one), embedding(other), strict=True))


def test_texts_with_common_words_lie_closer() -> None:
    assert cosine("the sea at night", "the sea in the morning") > 0.4 > cosine("the sea at night", "tax law") + 0.2


@given(st.text(max_size=80), st.integers(1, 64))
def test_a_vector_has_length_one_or_none(text: str, dimensions: int) -> None:
    vector = embedding(text, dimensions)
    length = math.fsum(value * value for value in vector)
    assert len(vector) == dimensions
    assert length == pytest.approx(1, abs=1e-5) or length == 0


async def test_input_is_answered_like_openai() -> None:
    container = EmbeddingsContainer(fixed_surroundings())
    answer = await json_of(container, {"input": ["the sea", "bread"], "dimensions": 8})
    assert answer == {
        "id": "embd-0123456789abcdef0123456789abcdef",
        "object": "list",
        "created": 1_700_000_000,
        "model": "hashing",
        "data": [
            {"index": 0, "object": "embedding", "embedding": list(embedding("the sea", 8))},
            {"index": 1, "object": "embedding", "embedding": list(embedding("bread", 8))},
        ],
        "usage": {"prompt_tokens": 3, "total_tokens": 3, "completion_tokens": 0},
    }


async def test_base64_packs_the_same_floats() -> None:
    answer = await json_of(EmbeddingsContainer(), {"input": "the sea", "encoding_format": "base64"})
    raw = base64.b64decode(answer["data"][0]["embedding"])
    assert struct.unpack(f"<{len(raw) // 4}f", raw) == pytest.approx(embedding("the sea"), abs=1e-6)


async def test_inputs_is_answered_with_bare_vectors() -> None:
    assert await json_of(EmbeddingsContainer(), {"inputs": "bread"}) == [list(embedding("bread"))]


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        ({}, 400, "the body needs input (OpenAI) or inputs (TEI, LMI): a string or a list of strings"),
        ({"input": 3}, 400, "input must be a string or a list of strings"),
        ({"inputs": [""] * 33}, 400, "batch size 33 > maximum allowed batch size 32"),
        ({"input": "a", "encoding_format": "int8"}, 400, 'encoding_format must be float or base64, not "int8"'),
    ],
)
async def test_a_wrong_request_says_why(body: object, status: int, message: str) -> None:
    container = EmbeddingsContainer()
    assert (await ask(container, body)).status == status
    assert (await json_of(container, body))["error"]["message"] == message


async def test_only_json_is_taken() -> None:
    assert (await ask(EmbeddingsContainer(), b"a", ("Content-Type", "text/csv"))).status == 415
