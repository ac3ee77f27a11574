"""The echo container: answers with exactly what reached it, to show what the front door strips and translates.

It changes and judges nothing of the request.
"""

from __future__ import annotations

import base64
import json
from typing import Any

from smrt_tui.local.container import ContainerRequest, ContainerResponse
from smrt_tui.local.containers.answers import answer, paced, refusal, streamed
from smrt_tui.local.containers.reading import CUSTOM_ATTRIBUTES, choose, header, is_streaming, pace_s

_OFFERED = ("application/json", "text/plain", "application/octet-stream")
_PACE_S = 0.01


class EchoContainer:
    """Answers JSON by default, an HTTP-like text for Accept text/plain, and the bare body for octet-stream.

    Custom attributes come back in the header of the same name, which the service hands to the client.
    """

    name = "echo"

    async def invoke(self, request: ContainerRequest) -> ContainerResponse:
        """What arrived, as one answer, or (asked for a stream) a line a piece."""
        accept = choose(request.headers, _OFFERED)
        if accept is None:
            return refusal(406, f"Accept {header(request.headers, 'Accept')} is not one of {', '.join(_OFFERED)}")
        body, kind = _render(request, accept.type)
        attributes = header(request.headers, CUSTOM_ATTRIBUTES)
        returned = () if attributes is None else ((CUSTOM_ATTRIBUTES, attributes),)
        if not is_streaming(request.headers):
            return answer(body, kind, headers=returned)
        try:
            pace = pace_s(request.headers, _PACE_S)
        except ValueError as problem:
            return refusal(400, str(problem))
        return streamed(paced(body.splitlines(keepends=True), pace), kind, returned)

    async def ping(self) -> bool:
        """Always ready."""
        return True


def _render(request: ContainerRequest, accept: str) -> tuple[bytes, str]:
    if accept == "application/octet-stream":
        return request.body, header(request.headers, "Content-Type") or accept
    if accept == "text/plain":
        lines = [f"POST {request.path}", *(f"{name}: {value}" for name, value in request.headers)]
        return "\n".join([*lines, "", ""]).encode() + request.body, "text/plain; charset=utf-8"
    return (json.dumps(_seen(request), indent=2, ensure_ascii=False) + "\n").encode(), "application/json"


def _seen(request: ContainerRequest) -> dict[str, Any]:
    try:
        body = {"text": request.body.decode()}
    except UnicodeDecodeError:
        body = {"base64": base64.b64encode(request.body).decode()}
    return {
        "method": "POST",
        "path": request.path,
        "headers": [list(pair) for pair in request.headers],
        "size": len(request.body),
        "body": body,
    }
