"""The image container: a PNG landscape for a prompt, whole or in slices, or in base64 inside JSON.

The JSON form is that of JumpStart's text-to-image containers (`application/json;jpeg`), with a PNG in it: the standard
library has no JPEG encoder.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Mapping
from typing import Any

from smrt_tui.local.container import ContainerRequest, ContainerResponse
from smrt_tui.local.containers.answers import answer, json_answer, paced, refusal, slices, streamed
from smrt_tui.local.containers.picture import compose, paint
from smrt_tui.local.containers.png import png
from smrt_tui.local.containers.reading import (
    choose,
    content_type,
    header,
    is_streaming,
    json_object,
    pace_s,
    whole_number,
)

_OFFERED = ("image/png", "application/json", "image/*")
_SIDE = 256
_MOST_SIDE = 1024
_SLICE_BYTES = 2048
_PACE_S = 0.02


class ImageContainer:
    """Takes JSON with a prompt, or the prompt as plain text."""

    name = "image"

    async def invoke(self, request: ContainerRequest) -> ContainerResponse:
        """The picture; 400 for a request without a prompt, 406 for an Accept that it cannot serve."""
        accept = choose(request.headers, _OFFERED)
        if accept is None:
            return refusal(406, f"Accept {header(request.headers, 'Accept')} is not one of {', '.join(_OFFERED)}")
        try:
            payload = _payload(request)
            prompt = _prompt(payload)
            width = whole_number(payload, "width", _SIDE, 16, _MOST_SIDE)
            height = whole_number(payload, "height", _SIDE, 16, _MOST_SIDE)
            seed = whole_number(payload, "seed", 0, 0, 1 << 62)
            pace = pace_s(request.headers, _PACE_S)
        except ValueError as problem:
            return refusal(400, str(problem))
        picture = await asyncio.to_thread(_draw, prompt, width, height, seed)
        if accept.type == "application/json":
            image = base64.b64encode(picture).decode()
            return json_answer({"generated_images": [image], "prompt": prompt})
        if is_streaming(request.headers):
            return streamed(paced(slices(picture, _SLICE_BYTES), pace), "image/png")
        return answer(picture, "image/png")

    async def ping(self) -> bool:
        """Always ready."""
        return True


def _draw(prompt: str, width: int, height: int, seed: int) -> bytes:
    return png(width, height, paint(compose(prompt, seed), width, height, seed))


def _payload(request: ContainerRequest) -> Mapping[str, Any]:
    if content_type(request.headers).type in ("application/x-text", "text/plain"):
        return {"prompt": request.body.decode(errors="replace")}
    return json_object(request.body)


def _prompt(payload: Mapping[str, Any]) -> str:
    prompts = payload.get("text_prompts")
    first = prompts[0].get("text") if isinstance(prompts, list) and prompts and isinstance(prompts[0], dict) else None
    for prompt in (payload.get("prompt"), payload.get("inputs"), first):
        if isinstance(prompt, str) and prompt.strip():
            return prompt.encode(errors="replace").decode()
    raise ValueError("there is no prompt: send prompt, inputs or text_prompts[0].text, not empty")
