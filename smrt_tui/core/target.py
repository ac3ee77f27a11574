"""The target: where a call goes and as whom, taken from a profile. Knows no socket and resolves nothing."""

from __future__ import annotations

from dataclasses import dataclass, field

from smrt_tui.core.profile import AsyncOptions, ClientOptions, CredentialsSpec, Profile


@dataclass(frozen=True, slots=True)
class StaticCredentials:
    """A key pair handed over in memory, such as the local endpoint's. Never printed: `repr` leaves secrets out."""

    access_key: str
    secret_key: str = field(repr=False)
    session_token: str | None = field(default=None, repr=False)
    source: str = "local"


@dataclass(frozen=True, slots=True)
class Target:
    """Everything the client needs beside the request itself."""

    region: str | None = None
    """None: the client resolves it (AWS_REGION, AWS profile)."""
    endpoint_url: str | None = None
    """None: botocore's endpoint rules for the region."""
    s3_endpoint_url: str | None = None
    credentials: CredentialsSpec | StaticCredentials | None = None
    """None: botocore's default chain."""
    client: ClientOptions = field(default_factory=ClientOptions)
    async_options: AsyncOptions = field(default_factory=AsyncOptions)


def target_of(profile: Profile) -> Target:
    """The target that a profile names."""
    return Target(
        region=profile.region,
        endpoint_url=profile.endpoint_url,
        s3_endpoint_url=profile.s3_endpoint_url,
        credentials=profile.credentials,
        client=profile.client,
        async_options=profile.async_,
    )
