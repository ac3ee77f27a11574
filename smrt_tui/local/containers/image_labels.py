"""Pictures in, labels with scores out: which colours a picture has, and how much of each.

A stand-in for an image classifier with a method that can be checked by eye: the scores are shares of the area by
colour, from the pixels of a PNG or the mean of each block of a JPEG. A list of labels and scores like the Hugging Face
pipelines', or with Accept `application/json;verbose` the probabilities and labels of JumpStart's classifiers. What is
no picture, or one that cannot be read here, is status 415; a damaged one 400; both plain text.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from smrt_tui.local.container import ContainerRequest, ContainerResponse
from smrt_tui.local.containers.answers import json_answer, refusal
from smrt_tui.local.containers.colours import shares
from smrt_tui.local.containers.jpeg import Unreadable
from smrt_tui.local.containers.negotiation import agreed

_TYPES = ("image/png", "image/jpeg", "application/x-image")


class ImageLabelsContainer:
    """Labels pictures by their colours."""

    name = "image-labels"

    async def invoke(self, request: ContainerRequest) -> ContainerResponse:
        """The labels of one picture, the largest share first; the verbose form has all of them in a fixed order."""
        accept = agreed(request.headers, _TYPES, ("application/json",))
        if isinstance(accept, ContainerResponse):
            return accept
        try:
            found = await asyncio.to_thread(shares, request.body)
        except Unreadable as problem:
            return refusal(415, str(problem))
        except ValueError as problem:
            return refusal(400, str(problem))
        return json_answer(_verbose(found) if "verbose" in accept.parameters else _ranked(found))

    async def ping(self) -> bool:
        """Always ready."""
        return True


def _ranked(found: Mapping[str, float]) -> list[dict[str, object]]:
    in_order = sorted(found.items(), key=lambda entry: -entry[1])
    return [{"label": name, "score": round(share, 6)} for name, share in in_order if share]


def _verbose(found: Mapping[str, float]) -> dict[str, object]:
    return {
        "probabilities": [round(share, 6) for share in found.values()],
        "labels": list(found),
        "predicted_label": max(found, key=found.__getitem__),
    }
