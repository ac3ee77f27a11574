from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any, Literal

import botocore
import pytest
from botocore.retries import standard

from smrt_tui.client import faults, retries
from smrt_tui.client.retries import Retry, next_retry
from smrt_tui.core.events import ServiceFault, TransportFault
from smrt_tui.core.profile import ClientOptions

Mode = Literal["standard", "legacy"]


def service_fault(code: str, status: int | None) -> ServiceFault:
    return ServiceFault(0.0, code, "", "", status, None, "", "")


def transport_fault(code: str) -> TransportFault:
    return TransportFault(0.0, code, "", "")


def attempts(options: ClientOptions, fault: ServiceFault | TransportFault) -> int:
    """How many attempts are made when every one ends with this fault."""
    made = 1
    while next_retry(options, made, fault, random=lambda: 0.0) is not None:
        made += 1
    return made


ANSWERS = [
    ("ValidationError", 400, 1, 1),
    ("400", 400, 1, 1),
    ("ThrottlingException", 400, 3, 5),
    ("AccessDeniedException", 403, 1, 1),
    ("ExpiredTokenException", 403, 1, 1),
    ("InvalidSignatureException", 403, 1, 1),
    ("413", 413, 1, 1),
    ("ModelError", 424, 1, 1),
    ("ModelNotReadyException", 429, 1, 5),
    ("ThrottlingException", 429, 3, 5),
    ("429", 429, 3, 5),
    ("InternalFailure", 500, 3, 5),
    ("502", 502, 3, 5),
    ("ServiceUnavailable", 503, 3, 5),
    ("503", 503, 3, 5),
    ("504", 504, 3, 5),
    ("InternalDependencyException", 530, 1, 1),
    ("404", 404, 1, 1),
]


@pytest.mark.parametrize(("code", "status", "in_standard", "in_legacy"), ANSWERS)
def test_answers_are_retried_as_botocore_retries_them(code: str, status: int, in_standard: int, in_legacy: int) -> None:
    fault = service_fault(code, status)
    assert attempts(ClientOptions(max_attempts=3), fault) == in_standard
    assert attempts(ClientOptions(max_attempts=3, retry_mode="adaptive"), fault) == in_standard
    assert attempts(ClientOptions(max_attempts=5, retry_mode="legacy"), fault) == in_legacy


def test_a_cold_model_is_retried_when_asked_for() -> None:
    options = ClientOptions(max_attempts=3, retry_model_not_ready=True)
    assert attempts(options, service_fault("ModelNotReadyException", 429)) == 3


def test_nothing_is_retried_unless_asked_for() -> None:
    assert attempts(ClientOptions(), service_fault("InternalFailure", 500)) == 1


@pytest.mark.parametrize(
    ("code", "in_standard", "in_legacy"),
    [
        ("dns-failed", 3, 3),
        ("connect-refused", 3, 3),
        ("connect-timeout", 3, 3),
        ("read-timeout", 3, 3),
        ("no-answer", 3, 3),
        ("connection-reset", 3, 3),
        ("head-cut", 3, 1),
        ("chunk-cut", 3, 1),
        ("total-timeout", 1, 1),
        ("tls-expired", 1, 1),
        ("proxy-auth", 1, 1),
        ("not-http", 1, 1),
        ("credentials-missing", 1, 1),
        ("header-illegal", 1, 1),
    ],
)
def test_network_trouble_is_retried_where_another_attempt_can_help(code: str, in_standard: int, in_legacy: int) -> None:
    assert code in faults.FAULTS
    assert attempts(ClientOptions(max_attempts=3), transport_fault(code)) == in_standard
    assert attempts(ClientOptions(max_attempts=3, retry_mode="legacy"), transport_fault(code)) == in_legacy


def test_every_retried_code_is_a_row_of_the_faults() -> None:
    assert set(faults.FAULTS) >= retries._NETWORK_CODES | retries._STANDARD_ONLY_CODES


def test_an_answer_that_was_shown_is_never_contradicted_by_another() -> None:
    options = ClientOptions(max_attempts=3)
    cut = transport_fault("connection-reset")
    assert next_retry(options, 1, cut, has_answer=True, random=lambda: 0.5) is None
    assert next_retry(options, 1, service_fault("InternalStreamFailure", None), random=lambda: 0.5) is None


def test_delays_double_up_to_a_limit() -> None:
    options = ClientOptions(max_attempts=10, retry_base_delay=2)
    fault = service_fault("InternalFailure", 500)
    found = [next_retry(options, attempt, fault, random=lambda: 1.0) for attempt in range(1, 7)]
    assert found == [Retry(delay, "InternalFailure (500)") for delay in (2, 4, 8, 16, 20, 20)]


def test_delays_are_jittered_over_their_full_length() -> None:
    fault = transport_fault("connect-refused")
    assert next_retry(ClientOptions(max_attempts=2), 1, fault, random=lambda: 0.25) == Retry(0.25, "connect-refused")


@pytest.mark.parametrize(
    ("header", "delay"),
    [("3000", 3.0), ("100", 0.5), ("60000", 5.5), ("-1", 0.5), ("soon", 0.5), ("", 0.5), (None, 0.5)],
)
def test_the_service_may_ask_for_a_longer_delay(header: str | None, delay: float) -> None:
    found = next_retry(
        ClientOptions(max_attempts=2),
        1,
        service_fault("ThrottlingException", 400),
        retry_after_ms=header,
        random=lambda: 0.5,
    )
    assert found is not None
    assert found.delay_s == delay


def test_the_lists_are_botocores() -> None:
    transient, throttled = standard.TransientRetryableChecker, standard.ThrottledRetryableChecker
    assert set(transient._TRANSIENT_STATUS_CODES) == retries._SERVER_STATUSES
    assert set(transient._TRANSIENT_ERROR_CODES) == retries._TRANSIENT_CODES
    assert set(throttled._THROTTLED_ERROR_CODES) - retries._TRANSIENT_CODES == retries.THROTTLING_CODES
    assert retries.MOST_DELAY_S == standard.ExponentialBackoff._MAX_BACKOFF


def legacy_rules() -> list[dict[str, Any]]:
    path = Path(botocore.__file__).parent / "data" / "_retry.json"
    text = path.read_bytes() if path.exists() else gzip.decompress(path.with_name("_retry.json.gz").read_bytes())
    rules = json.loads(text)
    names = rules["retry"]["__default__"]["policies"]
    return [rules["definitions"][name]["applies_when"].get("response", {}) for name in names]


def test_the_legacy_rules_are_botocores() -> None:
    options = ClientOptions(max_attempts=2, retry_mode="legacy")
    for rule in legacy_rules():
        if rule:
            fault = service_fault(rule.get("service_error_code", "x"), rule["http_status_code"])
            assert attempts(options, fault) == 2, rule


def test_adaptive_says_what_it_is() -> None:
    options = ClientOptions(max_attempts=2, retry_mode="adaptive")
    found = next_retry(options, 1, service_fault("429", 429), random=lambda: 0.0)
    assert found == Retry(0.0, "429 (429); adaptive retries as standard does here")
