"""Who may be sent AWS-signed headers without asking: AWS and this machine. Anyone else is named first."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from smrt_tui.core.catalogue import ProfileEntry
    from smrt_tui.core.profile import Profile

_AWS_DOMAINS = ("amazonaws.com", "amazonaws.com.cn", "api.aws", "api.amazonwebservices.com.cn")
"""The DNS suffixes of botocore's `partitions.json` for the public partitions."""


def foreign_host(entry: ProfileEntry, *, is_async: bool = False) -> str | None:
    """The host that needs the person's word before signed headers go there; None when no word is needed.

    An async invocation also goes to where its objects are.
    """
    profile = entry.profile
    if profile is None:
        return None
    return _foreign(profile, profile.endpoint_url) or (_foreign(profile, profile.s3_endpoint_url) if is_async else None)


def foreign_store(entry: ProfileEntry) -> str | None:
    """The same for a look at a job that was placed earlier, which only goes to where its objects are."""
    return None if entry.profile is None else _foreign(entry.profile, entry.profile.s3_endpoint_url)


def _foreign(profile: Profile, url: str | None) -> str | None:
    if url is None or (profile.credentials is not None and profile.credentials.anonymous):
        return None
    host = urlsplit(url).hostname or ""
    return None if _is_aws(host) or _is_loopback(host) else host


def _is_aws(host: str) -> bool:
    return any(host == domain or host.endswith(f".{domain}") for domain in _AWS_DOMAINS)


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
