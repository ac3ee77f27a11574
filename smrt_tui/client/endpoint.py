"""Where a call goes: region and base URL of SageMaker Runtime and its neighbours, and the address of an S3 bucket.

Profile before environment before AWS profile before botocore's own endpoint rules (partitions, FIPS, dual-stack), read
as data: no botocore session or client is made, no name is looked up and nothing is sent. What must not be sent to is
refused here.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Literal, TypeAlias
from urllib.parse import SplitResult, urlsplit

from msgspec import Struct

from smrt_tui.client.aws_config import AwsProfile, is_true, read_aws_profile
from smrt_tui.client.faults import trouble
from smrt_tui.core.hosts import is_loopback
from smrt_tui.core.packaged import packaged_json, partitions
from smrt_tui.core.profile import CredentialsSpec
from smrt_tui.core.target import Target

_RUNTIME = "sagemaker-runtime/2017-05-13"
_S3 = "s3/2006-03-01"
AwsService: TypeAlias = Literal["sagemaker", "logs"]
"""Services beside the runtime that know something of an endpoint: SageMaker's own API and CloudWatch Logs. The names
are those of signatures and rights."""
_AROUND: Mapping[AwsService, tuple[str, str]] = {
    "sagemaker": ("sagemaker/2017-07-24", "sagemaker"),
    "logs": ("logs/2014-03-28", "cloudwatch_logs"),
}
"""Each with its endpoint rules, and its name in AWS_ENDPOINT_URL_… and in AWS's configuration."""
_HOST_LABEL = re.compile(r"(?![0-9]+$)(?!-)[a-zA-Z0-9-]{1,63}(?<!-)")
"""What botocore takes for a region: one label of a host name."""


class Endpoint(Struct, frozen=True):
    """A resolved address."""

    url: str
    """Scheme, host, and perhaps a port and a path."""
    region: str
    """What the signature is scoped to. Empty only for an anonymous call to an address of its own."""
    source: str
    """Who said so: `profile`, a variable's name, `AWS profile`, or `endpoint rules`."""
    note: str = ""
    """Something odd that is no reason to refuse, such as a region that botocore has never heard of."""


class _Wishes(Struct, frozen=True):
    """All that a target, the environment and the AWS profile say about one service's address."""

    region: str
    url: str | None
    source: str
    use_fips: bool
    use_dualstack: bool


def resolve_endpoint(target: Target, environ: Mapping[str, str]) -> Endpoint:
    """The base URL of SageMaker Runtime for this target.

    Raises `ClientTrouble`: no or a malformed region, an address that is none, carries a user name, is plain http off
    this machine, or together with FIPS or dual-stack.
    """
    wishes = _wishes(target, environ, "sagemaker_runtime", target.endpoint_url)
    found = _by_rules(_RUNTIME, wishes)
    _refuse_plain_http(found.url, target)
    return Endpoint(found.url, wishes.region, wishes.source, _region_note(wishes))


def resolve_bucket(target: Target, environ: Mapping[str, str], bucket: str) -> Endpoint:
    """The base URL of a bucket's objects: key and all go behind it after a `/`.

    As botocore places them: the bucket is in the host on AWS (in the path when its name has dots), and in the path at
    an address of its own. Raises as `resolve_endpoint` does.
    """
    wishes = _wishes(target, environ, "s3", target.s3_endpoint_url)
    found = _by_rules(_S3, wishes, Bucket=bucket, ForcePathStyle=wishes.url is not None)
    _refuse_plain_http(found.url, target)
    scheme: Mapping[str, str] = next(iter(found.properties.get("authSchemes", ())), {})
    if scheme.get("name", "sigv4") != "sigv4":
        raise trouble("endpoint-conflict", detail=f"the bucket {bucket} wants signatures of {scheme['name']}")
    return Endpoint(found.url, scheme.get("signingRegion", wishes.region), wishes.source, _region_note(wishes))


def resolve_service(target: Target, environ: Mapping[str, str], service: AwsService) -> Endpoint:
    """The base URL of a service that tells about endpoints.

    A profile's `endpoint_url` is the runtime's. It counts here only where it is on this machine, since a stand-in has
    all services at one address. Raises as `resolve_endpoint` does.
    """
    rules, name = _AROUND[service]
    own = target.endpoint_url if target.endpoint_url and is_loopback(target.endpoint_url) else None
    wishes = _wishes(target, environ, name, own)
    found = _by_rules(rules, wishes)
    _refuse_plain_http(found.url, target)
    return Endpoint(found.url, wishes.region, wishes.source, _region_note(wishes))


def _wishes(target: Target, environ: Mapping[str, str], service: str, given_url: str | None) -> _Wishes:
    spec = target.credentials
    aws_profile = read_aws_profile(spec.profile if isinstance(spec, CredentialsSpec) else None, environ)
    url, source = _configured_url(given_url, service, environ, aws_profile)
    if url is not None:
        _checked_url(url, source)
    region = target.region or environ.get("AWS_REGION") or environ.get("AWS_DEFAULT_REGION") or aws_profile.region
    is_anonymous = isinstance(spec, CredentialsSpec) and bool(spec.anonymous)
    if not region and not (is_anonymous and url):
        raise trouble("region-missing")
    if region and not _HOST_LABEL.fullmatch(region):
        raise trouble("region-malformed", region=repr(region))
    # FIPS asked for everywhere says nothing about this machine; asked for by the profile itself, it is a contradiction.
    ambient = url is None or not is_loopback(url)
    return _Wishes(
        region=region or "",
        url=url,
        source=source,
        use_fips=target.client.use_fips or (ambient and _asked("use_fips_endpoint", environ, aws_profile)),
        use_dualstack=target.client.use_dualstack
        or (ambient and _asked("use_dualstack_endpoint", environ, aws_profile)),
    )


def _configured_url(
    given: str | None, service: str, environ: Mapping[str, str], aws_profile: AwsProfile
) -> tuple[str | None, str]:
    """The address and who named it, in the order of the AWS SDKs."""
    if given:
        return given, "profile"
    if _asked("ignore_configured_endpoint_urls", environ, aws_profile):
        return None, "endpoint rules"
    for variable in (f"AWS_ENDPOINT_URL_{service.upper()}", "AWS_ENDPOINT_URL"):
        if environ.get(variable):
            return environ[variable], variable
    if url := aws_profile.endpoint_url(service):
        return url, "AWS profile"
    return None, "endpoint rules"


def _asked(name: str, environ: Mapping[str, str], aws_profile: AwsProfile) -> bool:
    """A yes-or-no of the AWS SDKs: the variable (`AWS_USE_FIPS_ENDPOINT`) decides when it is there."""
    variable = environ.get(f"AWS_{name.upper()}")
    return is_true(variable) if variable else aws_profile.flag(name)


def _checked_url(url: str, source: str) -> None:
    problem = _url_problem(url)
    if problem:
        raise trouble("url-unsupported", detail=f"the one from {source} {problem}")


def _url_problem(url: str) -> str | None:
    """What is wrong with an address; never quotes it, since a password may be in it."""
    if not url.isascii() or not url.isprintable() or " " in url:
        return "holds a character that no address has"
    try:
        parts: SplitResult = urlsplit(url)
        _ = parts.port
    except ValueError as malformed:
        return f"is malformed: {malformed}"
    if parts.scheme not in ("http", "https"):
        return "begins with neither https:// nor http://"
    if not parts.hostname:
        return "names no host"
    if "@" in parts.netloc:
        return "holds a user name, which would take the place of the signature"
    if parts.query or parts.fragment:
        return "holds a query or a fragment"
    return None


def _refuse_plain_http(url: str, target: Target) -> None:
    if url.startswith("http://") and not is_loopback(url) and not target.client.allow_plain_http:
        raise trouble("plain-http", where=url)


def _by_rules(service: str, wishes: _Wishes, **parameters: str | bool) -> Any:
    """botocore's `RuleSetEndpoint` (url, properties, headers)."""
    from botocore.exceptions import EndpointProviderError

    optional = {"Region": wishes.region or None, "Endpoint": wishes.url}
    try:
        return _rules(service).resolve_endpoint(
            UseFIPS=wishes.use_fips,
            UseDualStack=wishes.use_dualstack,
            **{name: value for name, value in optional.items() if value is not None},
            **parameters,
        )
    except EndpointProviderError as refused:
        raise trouble("endpoint-conflict", detail=str(refused)) from refused


@lru_cache(maxsize=4)
def _rules(service: str) -> Any:
    from botocore.endpoint_provider import EndpointProvider

    return EndpointProvider(packaged_json(f"{service}/endpoint-rule-set-1.json"), packaged_json("partitions.json"))


def _region_note(wishes: _Wishes) -> str:
    known = [region for partition in partitions() for region in partition["regions"]]
    if wishes.url is not None or wishes.region in known:
        return ""
    near = difflib.get_close_matches(wishes.region, known, n=1)
    likely = f"; did you mean {near[0]}?" if near else ""
    return f"botocore knows no region {wishes.region}{likely}"
