"""The target: where a call goes and as whom, taken from a profile. Knows no socket and resolves nothing."""

from __future__ import annotations

from msgspec import Struct, field

from smrt_tui.core.profile import AsyncOptions, ClientOptions, CredentialsSpec, Profile
from smrt_tui.core.sealed import Sealed


class StaticCredentials(Sealed, frozen=True):
    """A key pair handed over in memory, such as the local endpoint's. Never printed: `repr` leaves secrets out."""

    access_key: str
    secret_key: str
    session_token: str | None = None
    source: str = "local"


class Target(Struct, frozen=True):
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
