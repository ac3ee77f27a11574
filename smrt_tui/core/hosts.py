"""Whose an address is: this machine's, AWS's, or somebody else's. No name is looked up."""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import urlsplit

from smrt_tui.core.packaged import partitions


def is_loopback_host(host: str) -> bool:
    """Whether a host is this machine: `localhost` and all below it (RFC 6761, section 6.3), 127.0.0.0/8, ::1."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host.removeprefix("::ffff:")).is_loopback
    except ValueError:
        return False


def is_loopback(url: str) -> bool:
    """Whether an address is this machine's."""
    return is_loopback_host(urlsplit(url).hostname or "")


def is_aws(url: str) -> bool:
    """Whether the address is SageMaker Runtime's or S3's own, over TLS: under a suffix of botocore's partitions.

    Not every host below amazonaws.com is: load balancers and API gateways there belong to anybody.
    """
    parts = urlsplit(url)
    return parts.scheme == "https" and _aws_hosts().fullmatch(parts.hostname or "") is not None


def needs_consent(url: str) -> bool:
    """Whether a person should be asked before AWS-signed headers go there: it is neither AWS nor this machine."""
    return not (is_loopback(url) or is_aws(url))


@lru_cache(maxsize=1)
def _aws_hosts() -> re.Pattern[str]:
    outputs = [partition["outputs"] for partition in partitions()]
    suffixes = {output[key] for output in outputs for key in ("dnsSuffix", "dualStackDnsSuffix")}
    suffix = "|".join(re.escape(suffix) for suffix in sorted(suffixes))
    runtime = r"(?:[a-z0-9-]+\.)?runtime(?:-fips)?\.sagemaker(?:-fips)?\.[a-z0-9-]+(?:\.vpce)?"
    bucket = r"(?:[a-z0-9.-]+\.)?s3(?:-fips)?(?:\.dualstack)?(?:\.[a-z0-9-]+)?(?:\.vpce)?"
    return re.compile(rf"(?:{runtime}|{bucket})\.(?:{suffix})")
