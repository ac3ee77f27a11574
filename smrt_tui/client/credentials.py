"""Who signs: turns what a profile says about credentials into one frozen set of them.

Keys in memory or in the environment are taken at once; everything else (AWS profiles, SSO, roles, processes, the
instance's own role) is botocore's chain, in `client.credential_chain`. Blocks: call it off the event loop. No secret
ever gets into a `repr` or a message, nothing is stored, and importing this module costs no botocore.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Protocol

from smrt_tui.client.aws_config import aws_files
from smrt_tui.client.faults import trouble
from smrt_tui.core.profile import CredentialsSpec
from smrt_tui.core.sealed import Sealed
from smrt_tui.core.target import StaticCredentials

REFUSED_CODES = frozenset(
    {
        "ExpiredToken",
        "ExpiredTokenException",
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "SignatureDoesNotMatch",
        "UnrecognizedClient",
        "UnrecognizedClientException",
    }
)
"""Errors by which a service says that the credentials are no good (any more): the next call looks for them again."""


class Credentials(Sealed, frozen=True):
    """One frozen set of credentials."""

    access_key: str
    secret_key: str
    session_token: str | None = None
    source: str = "static"
    """Which step of the chain answered, by botocore's name for it: `env`, `shared-credentials-file`, `sso` …"""
    expires_at: datetime | None = None
    """End of temporary credentials, when the source tells it."""

    def is_expired(self, now: datetime) -> bool:
        """Whether their end has come."""
        return self.expires_at is not None and self.expires_at <= now


class LiveCredentials(Protocol):
    """A source found by the chain, which renews itself when its end is near."""

    def freeze(self) -> Credentials:
        """What to sign with now. May talk to AWS; raises `ClientTrouble`."""
        ...


def _utc_now() -> datetime:
    return datetime.now(UTC)


class CredentialResolver:
    """Finds credentials, and remembers the source found, so that only the first call logs in. Thread-safe.

    A source is looked for again after `forget()`, after it failed, and after one of AWS's files changed.
    """

    def __init__(self, environ: Mapping[str, str], *, now: Callable[[], datetime] = _utc_now) -> None:
        self._environ = environ
        self._now = now
        self._lock = threading.Lock()
        self._found: dict[tuple[object, ...], LiveCredentials] = {}

    def resolve(
        self, spec: CredentialsSpec | StaticCredentials | None, *, region: str | None = None
    ) -> Credentials | None:
        """Fresh credentials; None when the profile asks for an unsigned request.

        `region` is where a role is asked for (STS). Raises `ClientTrouble` with what to do: missing, half, expired,
        unknown AWS profile, SSO log-in needed, MFA code needed, role refused.
        """
        if isinstance(spec, StaticCredentials):
            return Credentials(spec.access_key, spec.secret_key, spec.session_token, source=spec.source)
        if spec is not None and spec.anonymous:
            return None
        wants_environment = spec is not None and spec.env
        # Keys of the environment come before everything else in botocore's default chain, AWS_PROFILE included.
        if wants_environment or (spec is None and self._environ.get("AWS_ACCESS_KEY_ID")):
            found = environment_credentials(self._environ)
        else:
            found = self._from_chain(spec.profile if spec else None, spec.role_arn if spec else None, region)
        if found.is_expired(self._now()):
            raise trouble(
                "credentials-expired", detail=f"from {found.source}, at {found.expires_at:%Y-%m-%d %H:%M:%S %Z}"
            )
        return found

    def forget(self) -> None:
        """Look for every source again at the next call, such as after the service refused a key."""
        with self._lock:
            self._found.clear()

    def _from_chain(self, profile: str | None, role_arn: str | None, region: str | None) -> Credentials:
        from smrt_tui.client.credential_chain import find_credentials  # takes botocore's session along: 270 ms

        key = (profile, role_arn, region, aws_files(self._environ).stamps())
        with self._lock:
            live = self._found.pop(key, None) or find_credentials(
                self._environ, profile=profile, role_arn=role_arn, region=region
            )
            frozen = live.freeze()
            self._found[key] = live  # only now: a source that failed is looked for again
            return frozen


def resolve_credentials(
    spec: CredentialsSpec | StaticCredentials | None, environ: Mapping[str, str], *, region: str | None = None
) -> Credentials | None:
    """The same, once and without remembering anything."""
    return CredentialResolver(environ).resolve(spec, region=region)


def environment_credentials(environ: Mapping[str, str]) -> Credentials:
    """The key pair of the environment, by the variables and in the order of botocore's `EnvProvider`.

    Raises `ClientTrouble` when there is none, or only half of one.
    """
    access_key, secret_key = environ.get("AWS_ACCESS_KEY_ID"), environ.get("AWS_SECRET_ACCESS_KEY")
    if not access_key and not secret_key:
        raise trouble("credentials-missing", detail="AWS_ACCESS_KEY_ID is not in the environment")
    if not access_key or not secret_key:
        have, lack = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")[:: 1 if access_key else -1]
        raise trouble("credentials-partial", detail=f"{have} is in the environment and {lack} is not")
    return Credentials(
        access_key,
        secret_key,
        environ.get("AWS_SECURITY_TOKEN") or environ.get("AWS_SESSION_TOKEN") or None,
        source="env",
        expires_at=_time_of(environ.get("AWS_CREDENTIAL_EXPIRATION", "")),
    )


def _time_of(text: str) -> datetime | None:
    """An ISO 8601 time; None when it is none, since the service will tell anyway whether the keys are still good."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    return time if time.tzinfo else time.replace(tzinfo=UTC)
