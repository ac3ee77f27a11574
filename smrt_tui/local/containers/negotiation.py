"""Which media type a container answers with, or why it refuses: 415 and 406 in plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smrt_tui.local.containers.answers import refusal
from smrt_tui.local.containers.reading import MediaType, choose, content_type, header

if TYPE_CHECKING:
    from smrt_tui.core.request import Headers
    from smrt_tui.local.container import ContainerResponse


def agreed(headers: Headers, taken: tuple[str, ...], offered: tuple[str, ...]) -> MediaType | ContainerResponse:
    """The type to answer with; or the refusal, where the body is of no type taken or no type offered is accepted.

    An empty text among those taken stands for no Content-Type.
    """
    kind = content_type(headers).type
    if kind not in taken:
        return refusal(415, f"Content type {kind or '(none)'} is not one of {', '.join(filter(None, taken))}")
    accept = choose(headers, offered)
    return accept or refusal(406, f"Accept {header(headers, 'Accept')} is not one of {', '.join(offered)}")
