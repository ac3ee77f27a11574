"""Where the payload of an async invocation goes: into the request, to a new object, or nowhere since one is there.

One answer for the composer, the preview and the client. Nothing is uploaded here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from msgspec import Struct
from msgspec.structs import replace

if TYPE_CHECKING:
    from smrt_tui.core.draft import ResolvedDraft

INPUT_LOCATION = "InputLocation"
MOST_UPLOADED_BYTES = 5 * 1024**3
"""What S3 takes without a multipart upload (S3 user guide, Uploading objects): the most that is uploaded here."""


class Placement(Struct, frozen=True):
    """One of three ways. The service takes either a body or an InputLocation, never both."""

    way: Literal["inline", "upload", "object"]
    location: str = ""
    """The folder of an upload, with its last slash, or the object that is there; empty for `inline`."""


def placement_of(input_location: str | None, wanted: str) -> Placement:
    """How a payload is placed: `input_location` is the draft's own member, which wins; `wanted` the profile's
    `async: input:`."""
    if input_location is not None:
        return Placement("object", input_location)
    if wanted == "inline":
        return Placement("inline")
    return Placement("upload", wanted if wanted.endswith("/") else f"{wanted}/")


def placed(draft: ResolvedDraft, wanted: str, new_name: Callable[[], str]) -> tuple[ResolvedDraft, str]:
    """The draft as it is sent, and the location that its body has to be uploaded to first; empty for none."""
    placement = placement_of(dict(draft.members).get(INPUT_LOCATION), wanted)
    match placement.way:
        case "inline":
            return draft, ""
        case "object":
            return replace(draft, body=b""), ""
        case "upload":
            location = f"{placement.location}{new_name()}"
            return replace(draft, members=(*draft.members, (INPUT_LOCATION, location)), body=b""), location


def placement_told(placement: Placement, size: int) -> str:
    """What happens to a payload of so many bytes, in a line."""
    match placement.way:
        case "inline":
            return f"{size:,} bytes go in the request"
        case "object":
            rest = f"; the body of {size:,} bytes is not sent" if size else ""
            return f"the object {placement.location} is the payload{rest}"
        case "upload":
            return f"{size:,} bytes are uploaded to a new object under {placement.location} first"
