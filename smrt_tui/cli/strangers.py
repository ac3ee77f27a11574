"""Signed headers go to nobody for whom only a profile vouches. A command has nobody to ask, so it refuses and says how.

What a person names on the command line or in the environment is their own word.
"""

from __future__ import annotations

from smrt_tui.cli.diagnostics import ExitCode, Refusal
from smrt_tui.core.catalogue import ProfileEntry
from smrt_tui.core.consent import foreign_host, foreign_store


def refuse_strange_endpoint(entry: ProfileEntry) -> None:
    """Raises `Refusal` where the profile leads an invocation to neither AWS nor this machine."""
    _refuse(entry, foreign_host(entry), "give the address yourself, with --endpoint-url")


def refuse_strange_store(entry: ProfileEntry) -> None:
    """The same for where the objects of an async invocation are."""
    advice = "take `s3_endpoint_url` out of the profile and set AWS_ENDPOINT_URL_S3 in the environment"
    _refuse(entry, foreign_store(entry), advice)


def _refuse(entry: ProfileEntry, host: str | None, advice: str) -> None:
    if host is not None:
        message = f"{entry.id} would send AWS-signed headers to {host}, which is neither AWS nor this machine"
        raise Refusal(ExitCode.CANNOT_SEND, message, f"if that is meant, {advice}")
