"""botocore's credential chain, opened on an environment that is handed in rather than on the process's own.

Everything that the chain reads through its configuration (AWS_PROFILE, AWS_CONFIG_FILE, region, metadata settings) and
the container role come from that environment. botocore leaves no way in for three things, which stay the process's:
the AWS_WEB_IDENTITY_TOKEN_FILE family, the SSO token folder below HOME, and proxies and endpoint variables of the STS
and SSO calls themselves. Never asks on the terminal, never writes a cache, and never lets a botocore error out.
"""

from __future__ import annotations

import difflib
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from botocore import exceptions as aws
from botocore.config import Config
from botocore.configprovider import BOTOCORE_DEFAUT_SESSION_VARIABLES, ConfigChainFactory, ConstantProvider
from botocore.credentials import (
    AssumeRoleCredentialFetcher,
    AssumeRoleProvider,
    CanonicalNameCredentialSourcer,
    ContainerProvider,
    DeferredRefreshableCredentials,
    EnvProvider,
    ProfileProviderBuilder,
)
from botocore.session import Session
from botocore.utils import JSONFileCache

from smrt_tui.client.aws_config import aws_files, chosen_profile, is_true
from smrt_tui.client.credentials import Credentials
from smrt_tui.client.faults import ClientTrouble, trouble

_PATIENCE = Config(connect_timeout=5, read_timeout=15, retries={"total_max_attempts": 2})
"""For the calls to STS and SSO: a person waits for them, and botocore's own minute is too long on a dead network."""

_INSTANCE_ROLE = "iam-role"
"""botocore's name of the instance metadata step."""


class ChainCredentials:
    """A source that the chain found. Renews itself through botocore when its end is near."""

    def __init__(self, source: Any, profile: str | None) -> None:
        self._source = source
        self._profile = profile

    def freeze(self) -> Credentials:
        """What to sign with now; asks STS or SSO when due. Raises `ClientTrouble`."""
        with _named_troubles(self._profile):
            frozen = self._source.get_frozen_credentials()
        # botocore has no public name for the end of refreshable credentials.
        ends: datetime | None = getattr(self._source, "_expiry_time", None)
        return Credentials(frozen.access_key, frozen.secret_key, frozen.token, self._source.method, ends)


def find_credentials(
    environ: Mapping[str, str], *, profile: str | None = None, role_arn: str | None = None, region: str | None = None
) -> ChainCredentials:
    """The first source that answers, for that AWS profile, or for the environment's; or a role assumed from it.

    Raises `ClientTrouble` when none does.
    """
    name = profile or chosen_profile(environ)
    with _named_troubles(name):
        session = _open_session(environ, profile, region)
        _refuse_unknown_profile(session, name)
        _replace_steps(session, environ)
        source = session.get_credentials()
        if source is None:
            raise _nothing_found(environ, profile)
        return ChainCredentials(source if role_arn is None else _assumed(session, source, role_arn), name)


def _open_session(environ: Mapping[str, str], profile: str | None, region: str | None) -> Session:
    session = Session(profile=profile)
    session.set_default_client_config(_PATIENCE)
    store = session.get_component("config_store")
    chains = ConfigChainFactory(session, environ)
    for name, (key, variables, default, convert) in BOTOCORE_DEFAUT_SESSION_VARIABLES.items():
        store.set_config_provider(
            name,
            chains.create_config_chain(
                instance_name=name,
                env_var_names=variables,
                config_property_names=key,
                default=default,
                conversion_func=convert,
            ),
        )
    files = aws_files(environ)
    store.set_config_provider("config_file", ConstantProvider(str(files.config)))
    store.set_config_provider("credentials_file", ConstantProvider(str(files.credentials)))
    named_region = region or environ.get("AWS_REGION")
    if named_region:  # botocore knows AWS_DEFAULT_REGION only
        store.set_config_provider("region", ConstantProvider(named_region))
    return session


def _replace_steps(session: Session, environ: Mapping[str, str]) -> None:
    """Put steps into the chain that read the given environment, and one that does not ask on the terminal."""
    chain = session.get_component("credential_provider")
    profile = session.get_config_variable("profile") or "default"
    keys, container = EnvProvider(environ=environ), ContainerProvider(environ=environ)
    cache = _CliCache(aws_files(environ).config.parent / "cli" / "cache")
    role = AssumeRoleProvider(
        load_config=lambda: session.full_config,
        client_creator=session.create_client,
        cache=cache,
        profile_name=profile,
        prompter=partial(_refuse_to_prompt, profile),
        credential_sourcer=CanonicalNameCredentialSourcer([keys, container, chain.get_provider(_INSTANCE_ROLE)]),
        profile_provider_builder=ProfileProviderBuilder(session, cache=cache),
    )
    present = {step.METHOD for step in chain.providers}  # no `env` when a profile was named
    for step in (keys, role, container):
        if step.METHOD in present:
            chain.insert_after(step.METHOD, step)
            chain.remove(step.METHOD)  # takes the first of that name away, which is botocore's own
    if is_true(environ.get("AWS_EC2_METADATA_DISABLED")):
        chain.remove(_INSTANCE_ROLE)


class _CliCache(JSONFileCache):  # type: ignore[misc]  # botocore has no types
    """The AWS CLI's folder of assumed roles, read but not written: what is new stays in memory.

    With it, a role that wants an MFA code works after the AWS CLI asked for the code.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(working_dir=str(folder))
        self._new: dict[str, object] = {}
        self._lock = threading.Lock()

    def __contains__(self, key: str) -> bool:
        return key in self._new or super().__contains__(key)

    def __getitem__(self, key: str) -> object:
        with self._lock:
            return self._new[key] if key in self._new else super().__getitem__(key)

    def __setitem__(self, key: str, value: object) -> None:
        with self._lock:
            self._new[key] = value

    def __delitem__(self, key: str) -> None:
        with self._lock:
            del self._new[key]


def _refuse_to_prompt(profile: str, prompt: str) -> str:
    command = f"aws sts get-caller-identity --profile {profile}"
    raise trouble("mfa-needed", detail=prompt.strip(" :"), command=command)


def _refuse_unknown_profile(session: Session, name: str | None) -> None:
    known = session.available_profiles
    if name is None or name in known:
        return
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    likely = f"; did you mean {near[0]!r}?" if near else f"; known are {', '.join(sorted(known))}" if known else ""
    files = " or ".join(str(session.get_config_variable(file)) for file in ("config_file", "credentials_file"))
    raise trouble("profile-unknown", detail=f"{name!r} is not in {files}{likely}")


def _nothing_found(environ: Mapping[str, str], profile: str | None) -> ClientTrouble:
    if profile is not None:
        return trouble("credentials-missing", detail=f"the AWS profile {profile!r} says nothing about them")
    if environ.get("AWS_SECRET_ACCESS_KEY"):
        return trouble("credentials-partial", detail="AWS_SECRET_ACCESS_KEY is set and AWS_ACCESS_KEY_ID is not")
    where = "not in the environment, nor in AWS's files, nor from a role of this machine"
    return trouble("credentials-missing", detail=where)


def _assumed(session: Session, source: Any, role_arn: str) -> DeferredRefreshableCredentials:
    fetcher = AssumeRoleCredentialFetcher(
        client_creator=session.create_client,
        source_credentials=source,
        role_arn=role_arn,
        extra_args={"RoleSessionName": "smrt-tui"},
    )
    return DeferredRefreshableCredentials(refresh_using=fetcher.fetch_credentials, method=AssumeRoleProvider.METHOD)


@contextmanager
def _named_troubles(profile: str | None) -> Iterator[None]:
    """Every botocore error as a `ClientTrouble` that says what to do."""
    try:
        yield
    except aws.ClientError as refused:
        raise _refused(refused) from refused
    except aws.BotoCoreError as error:
        raise _trouble_of(error, profile) from error
    except RuntimeError as stale:  # botocore: "… the refreshed credentials are still expired"
        raise trouble("credentials-expired", detail=str(stale)) from stale
    except (OSError, ValueError) as broken:  # such as a credential_process that is not there, or prints no JSON
        raise trouble("credentials-failed", detail=_one_line(str(broken))) from broken


def _refused(error: aws.ClientError) -> ClientTrouble:
    answer = error.response.get("Error", {})
    code = answer.get("Code", "")
    detail = f"{error.operation_name}: {_one_line(answer.get('Message') or code)}"
    if code in ("ExpiredToken", "ExpiredTokenException"):
        return trouble("credentials-expired", detail=detail)
    if error.operation_name in ("AssumeRole", "AssumeRoleWithWebIdentity"):
        return trouble("role-refused", detail=detail)
    return trouble("credentials-failed", detail=detail)


def _trouble_of(error: aws.BotoCoreError, profile: str | None) -> ClientTrouble:
    option = f" --profile {profile}" if profile else ""
    detail = _one_line(str(error))
    match error:
        case aws.SSOError() | aws.TokenRetrievalError():
            return trouble("sso-login", detail=detail, command=f"aws sso login{option}")
        case aws.LoginError():
            return trouble("sso-login", detail=detail, command=f"aws login{option}")
        case aws.PartialCredentialsError():
            return trouble("credentials-partial", detail=detail)
        case aws.RefreshWithMFAUnsupportedError():
            return trouble("mfa-needed", detail=detail, command=f"aws sts get-caller-identity{option}")
        case aws.ProfileNotFound():
            return trouble("profile-unknown", detail=detail)
        case aws.ConfigParseError() | aws.InvalidConfigError():
            return trouble("aws-config-broken", detail=detail)
        case aws.NoRegionError():
            return trouble("region-missing")
        case _:
            return trouble("credentials-failed", detail=detail)


def _one_line(text: str, limit: int = 400) -> str:
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
