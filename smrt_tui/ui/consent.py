"""Who may be sent AWS-signed headers without asking: AWS and this machine. Anyone else is named first."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from smrt_tui.core.catalogue import ProfileEntry

_AWS_DOMAINS = ("amazonaws.com", "amazonaws.com.cn", "api.aws", "api.amazonwebservices.com.cn")
"""The DNS suffixes of botocore's `partitions.json` for the public partitions."""


def foreign_host(entry: ProfileEntry) -> str | None:
    """The host that needs the person's word before signed headers go there; None when no word is needed."""
    profile = entry.profile
    if profile is None or profile.endpoint_url is None:
        return None
    if profile.credentials is not None and profile.credentials.anonymous:
        return None
    host = urlsplit(profile.endpoint_url).hostname or ""
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
