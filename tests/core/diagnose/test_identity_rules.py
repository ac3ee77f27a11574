"""Clock, credentials, account and region are told when they are off, and never on a healthy call."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from smrt_tui.core.access_key import account_of
from smrt_tui.core.diagnose import Evidence, diagnose
from smrt_tui.core.diagnose.identity_rules import RULES
from tests.core.diagnose.test_rules import HEALTHY, container_said, refused, signed

NEW_KEY, ITS_ACCOUNT = "ASIAY34FZKBOKMUTVV7A", "609629065308"
DATED = replace(
    HEALTHY,
    sent=(("X-Amz-Date", "20261122T103000Z"),),
    answered=(*HEALTHY.answered, ("Date", "Sun, 22 Nov 2026 10:30:00 GMT")),
    signed=signed(NEW_KEY),
)
IDS = {rule.id for rule in RULES}


def ids(evidence: Evidence) -> list[str]:
    return [finding.id for finding in diagnose(evidence) if finding.id in IDS]


def signed_at(stamp: str, *, seconds: float = 0.2) -> Evidence:
    return replace(DATED, sent=(("X-Amz-Date", stamp),), seconds=seconds)


@pytest.mark.parametrize(
    ("key", "account"),
    [
        (NEW_KEY, ITS_ACCOUNT),
        ("ASIAQNZGKIQY56JQ7WML", "029608264753"),
        ("AKIAIOSFODNN7EXAMPLE", None),
        ("AKIA", None),
        ("LOCAL0123456789ABCDE", None),
        ("", None),
    ],
)
def test_an_access_key_tells_its_account_where_it_holds_it(key: str, account: str | None) -> None:
    assert account_of(key) == account


@given(st.text(alphabet="AKISQZ2789", max_size=24))
def test_any_key_gives_twelve_digits_or_nothing(key: str) -> None:
    account = account_of(key)
    assert account is None or (len(account) == 12 and account.isdigit())


def test_a_healthy_call_is_told_nothing() -> None:
    assert diagnose(DATED) == ()


def test_a_clock_that_is_off_is_told_on_a_good_call() -> None:
    [finding] = diagnose(signed_at("20261122T103200Z"))
    assert (finding.id, finding.message) == (
        "clock-off",
        "This machine's clock is 120 s ahead of the server's; from about 300 s on, AWS refuses signatures.",
    )
    assert "clock_offset: -120" in finding.hint
    assert ids(signed_at("20261122T102800Z")) == ["clock-off"]


@pytest.mark.parametrize(
    "evidence",
    [
        signed_at("20261122T102800Z", seconds=110.0),  # a long call, dated at its end
        signed_at("20261122T103030Z"),
        signed_at("nonsense"),
        replace(DATED, answered=(("Date", "yesterday"),)),
        replace(refused(403, "InvalidSignatureException", "x", base=signed_at("20261122T120000Z"))),
    ],
    ids=["a long call", "half a minute", "no time", "no date", "refused for it, which R21a tells"],
)
def test_what_is_no_skew_is_not_told(evidence: Evidence) -> None:
    assert ids(evidence) == []


@pytest.mark.parametrize(
    ("end", "told"),
    [
        ("2026-11-22T10:34:00+00:00", "4 minutes"),
        ("2026-11-22T10:31:30Z", "90 seconds"),
        ("2026-11-22T11:30:00+00:00", ""),
        ("2026-11-22T10:00:00+00:00", ""),
        ("soon", ""),
    ],
)
def test_credentials_that_end_soon_are_told(end: str, told: str) -> None:
    findings = diagnose(replace(DATED, signed=replace(signed(), expires_at=end)))
    assert [told in finding.message for finding in findings] == ([True] if told else [])


def test_another_region_than_the_hosts_is_told_beside_a_failure() -> None:
    elsewhere = replace(DATED, signed=signed(scope="20261122/eu-west-1/sagemaker/aws4_request"))
    assert ids(elsewhere) == []
    failed = refused(400, "ValidationError", "x", base=elsewhere)
    assert ids(failed) == ["other-region"]
    assert ids(refused(403, "InvalidSignatureException", "x", base=elsewhere)) == []


OF_ANOTHER = "Endpoint llama of account 111122223333 not found."
DENIED = (
    "User: arn:aws:sts::444455556666:assumed-role/dev/me is not authorized to perform: sagemaker:InvokeEndpoint on"
    " resource: arn:aws:sagemaker:us-east-1:{}:endpoint/llama"
)


def test_another_account_than_the_endpoints_is_told() -> None:
    [finding] = [f for f in diagnose(refused(400, "ValidationError", OF_ANOTHER, base=DATED)) if f.id in IDS]
    assert finding.message == (
        f"The credentials are of account {ITS_ACCOUNT} (worked out from the access key's id), and the answer is about"
        " account 111122223333."
    )
    denied = refused(403, "AccessDeniedException", DENIED.format("111122223333"), base=HEALTHY)
    assert ids(denied) == ["other-account"]


def test_the_same_account_is_not_told() -> None:
    assert ids(refused(403, "AccessDeniedException", DENIED.format("444455556666"), base=DATED)) == []
    assert ids(refused(400, "ValidationError", OF_ANOTHER.replace("111122223333", ITS_ACCOUNT), base=DATED)) == []
    assert ids(container_said(500, "no", base=replace(DATED, signed=signed()))) == []


def test_where_the_answer_names_no_account_the_credentials_tell_theirs() -> None:
    [finding] = [f for f in diagnose(refused(403, "AccessDeniedException", "no", base=DATED)) if f.id in IDS]
    assert finding.message == (
        f"The credentials are of account {ITS_ACCOUNT} (worked out from the access key's id): that is where the"
        " endpoint was looked for in us-east-1."
    )
