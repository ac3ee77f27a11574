"""Who may be sent AWS-signed headers without asking: AWS and this machine. Anyone else is named first.

Only what a profile says is judged, since it may be somebody else's file; the environment is the person's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from smrt_tui.core.hosts import needs_consent

if TYPE_CHECKING:
    from smrt_tui.core.catalogue import ProfileEntry


def foreign_host(entry: ProfileEntry) -> str | None:
    """The host that needs the person's word before signed headers go there; None when no word is needed."""
    return _foreign(entry, None if entry.profile is None else entry.profile.endpoint_url)


def foreign_store(entry: ProfileEntry) -> str | None:
    """The same for where an async invocation's objects are, which it also goes to."""
    return _foreign(entry, None if entry.profile is None else entry.profile.s3_endpoint_url)


def _foreign(entry: ProfileEntry, url: str | None) -> str | None:
    if not url or entry.profile is None or entry.is_local:  # a local one goes to the local endpoint, whatever it says
        return None
    credentials = entry.profile.credentials
    if credentials is not None and credentials.anonymous:
        return None
    return (urlsplit(url).hostname or url) if needs_consent(url) else None
