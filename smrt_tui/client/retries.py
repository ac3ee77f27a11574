"""When a failed attempt is followed by another, and how long after: botocore's rules as a pure function.

Retried is what botocore's mode of the same name retries (`botocore.retries.standard`, `_retry.json`), and never once
any of the answer's body has been shown. Nothing sleeps, sends or draws random numbers here but through the argument.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from msgspec import Struct

from smrt_tui.core.events import ServiceFault, TransportFault
from smrt_tui.core.profile import ClientOptions
from smrt_tui.core.service import packaged_service

MOST_DELAY_S = 20.0
"""Upper limit of the back-off (botocore's `ExponentialBackoff`)."""
_MOST_ADDED_S = 5.0
"""How far `x-amz-retry-after` may raise a delay (the same)."""

_SERVER_STATUSES = frozenset({500, 502, 503, 504})
_TRANSIENT_CODES = frozenset({"RequestTimeout", "RequestTimeoutException", "PriorRequestNotComplete"})
THROTTLING_CODES = frozenset(
    {
        "Throttling",
        "ThrottlingException",
        "ThrottledException",
        "RequestThrottledException",
        "TooManyRequestsException",
        "ProvisionedThroughputExceededException",
        "TransactionInProgressException",
        "RequestLimitExceeded",
        "BandwidthLimitExceeded",
        "LimitExceededException",
        "RequestThrottled",
        "SlowDown",
        "EC2ThrottledException",
    }
)
_LEGACY_CODES = frozenset(
    {
        "Throttling",
        "ThrottlingException",
        "ThrottledException",
        "RequestThrottledException",
        "ProvisionedThroughputExceededException",
    }
)
_NOT_READY = "ModelNotReadyException"

_NETWORK_CODES = frozenset(
    {
        "dns-failed",
        "connect-refused",
        "connect-unreachable",
        "connect-failed",
        "connect-timeout",
        "proxy-unreachable",
        "proxy-failed",
        "tls-failed",
        "write-timeout",
        "read-timeout",
        "upload-cut",
        "no-answer",
        "connection-reset",
        "transport-failed",
    }
)
"""Rows of `client.faults` that a second attempt can mend. botocore also repeats a handshake that fails over a
certificate, and a request whose answer is no HTTP: those would only fail again."""
_STANDARD_ONLY_CODES = frozenset({"head-cut", "chunk-cut", "length-short"})
"""An answer that was cut: `HTTPClientError` to botocore, which the legacy mode does not know."""


class Retry(Struct, frozen=True):
    """Another attempt is due."""

    delay_s: float
    reason: str
    """Why, in a few words."""


def next_retry(
    options: ClientOptions,
    attempt: int,
    fault: ServiceFault | TransportFault,
    *,
    has_answer: bool = False,
    retry_after_ms: str | None = None,
    random: Callable[[], float],
) -> Retry | None:
    """What follows on attempt number `attempt` (from 1) that ended with this fault; None when that was the last.

    `has_answer` says that part of a good answer has been shown already, which a second one would contradict.
    `retry_after_ms` is the header `x-amz-retry-after`. `random` gives numbers from 0 to 1. Retry n (from 0) waits up
    to `retry_base_delay * 2**n` seconds, at most 20.
    """
    if attempt >= options.max_attempts or has_answer or not _is_retried(options, fault):
        return None
    delay = random() * min(options.retry_base_delay * 2.0 ** (attempt - 1), MOST_DELAY_S)
    asked = _seconds(retry_after_ms)
    if asked is not None:
        delay = max(delay, min(asked, delay + _MOST_ADDED_S))
    return Retry(delay, _reason(options, fault))


def _reason(options: ClientOptions, fault: ServiceFault | TransportFault) -> str:
    status = f" ({fault.status})" if isinstance(fault, ServiceFault) and fault.status is not None else ""
    # The adaptive mode adds a rate limit over a client's many calls, which has no meaning for single ones.
    note = "; adaptive retries as standard does here" if options.retry_mode == "adaptive" else ""
    return f"{fault.code}{status}{note}"


def _is_retried(options: ClientOptions, fault: ServiceFault | TransportFault) -> bool:
    if isinstance(fault, TransportFault):
        return fault.code in _NETWORK_CODES or (options.retry_mode != "legacy" and fault.code in _STANDARD_ONLY_CODES)
    if fault.status is None:  # inside a stream
        return False
    if fault.code == _NOT_READY and options.retry_model_not_ready:
        return True
    if options.retry_mode == "legacy":
        return _is_retried_by_legacy(fault.code, fault.status)
    return _is_retried_by_standard(fault.code, fault.status)


def _is_retried_by_standard(code: str, status: int) -> bool:
    if status in _SERVER_STATUSES or code in _TRANSIENT_CODES or code in THROTTLING_CODES:
        return True
    return status == 429 and code not in _modelled_errors()


def _is_retried_by_legacy(code: str, status: int) -> bool:
    return status in _SERVER_STATUSES or status in (429, 509) or (status == 400 and code in _LEGACY_CODES)


@lru_cache(maxsize=1)
def _modelled_errors() -> frozenset[str]:
    """Errors of the service model: botocore lets the model decide about them, and it calls none retryable."""
    return frozenset(error.name for operation in packaged_service().operations for error in operation.errors)


def _seconds(milliseconds: str | None) -> float | None:
    if milliseconds is None or not milliseconds.strip().isdecimal():
        return None
    return int(milliseconds) / 1000
