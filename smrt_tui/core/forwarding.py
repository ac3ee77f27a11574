"""What SageMaker hands on to a container: which members of the API reach it, and under which header name.

Sources: the service model ("strips all POST headers except those supported by the API … might add additional headers");
the developer guide, "Use your own inference code"; what DJL Serving's input parser reads. What no source tells to reach
a container is taken to stay with SageMaker.
"""

from __future__ import annotations

from collections.abc import Mapping

from smrt_tui.core.service import Member, Operation

TRANSLATED: Mapping[str, str] = {"ContentType": "Content-Type", "Accept": "Accept"}
"""Members that a container sees under plain HTTP's names, whatever the operation calls them."""

PASSED = ("CustomAttributes", "TargetModel", "InferenceId", "SessionId")
"""Members known to reach a container under their own header name."""

FORWARDED_API = "X-Amzn-SageMaker-Forwarded-Api"
"""The header that SageMaker adds: the name of the operation."""

SAW_HEADER = "X-Smrt-Tui-Saw"
"""With this header in a request, the local endpoint answers with one of the same name: what its container saw, as JSON
pairs. SageMaker strips it, as it does every header that is no member of the API."""


def container_header(member: Member) -> str | None:
    """The header a container sees this member under; None when it stays with SageMaker."""
    if member.name in TRANSLATED:
        return TRANSLATED[member.name]
    return member.header if member.name in PASSED else None


def added_by_sagemaker(operation: Operation) -> tuple[tuple[str, str], ...]:
    """The headers that a container gets and nobody sent."""
    return ((FORWARDED_API, operation.name),)
