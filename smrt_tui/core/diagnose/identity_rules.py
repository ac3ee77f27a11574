"""Rules about whose clock, credentials, account and region a call went out with. They ask nobody: what was sent and
answered anyway tells it.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from smrt_tui.core.access_key import account_of
from smrt_tui.core.diagnose.access_rules import clock_skew_s
from smrt_tui.core.diagnose.evidence import Evidence
from smrt_tui.core.diagnose.rule import Hit, Rule
from smrt_tui.core.finding import Severity
from smrt_tui.core.request import header

NOTED_SKEW_S = 60
"""A clock that is set by the network is off by less than a second; AWS refuses from about 300 on."""
ENDS_SOON_S = 600
"""Sources that renew themselves do so earlier (botocore: ten minutes before the end at the latest)."""
_ABOUT_TIME_OR_KEYS = re.compile(r"Signature|ExpiredToken|RequestExpired|RequestTimeTooSkewed|UnrecognizedClient")
_CALLER = re.compile(r"User: arn:[\w-]+:(?:iam|sts)::(\d{12}):")
_ENDPOINT = re.compile(
    r"arn:[\w-]+:(?:sagemaker|logs):[\w-]*:(\d{12}):|\bof account (\d{12})\b|\bin account (\d{12})\b"
)


def _is_refused_for_time_or_keys(evidence: Evidence) -> bool:
    return _ABOUT_TIME_OR_KEYS.search(evidence.code) is not None


def _clock_is_off(evidence: Evidence) -> Hit | None:
    skew = clock_skew_s(evidence)
    if skew is None or _is_refused_for_time_or_keys(evidence):
        return None
    # The answer is dated after the request was signed, by the length of the call at most.
    is_ahead, is_behind = skew > NOTED_SKEW_S, skew < -NOTED_SKEW_S - evidence.seconds
    if not (is_ahead or is_behind):
        return None
    direction = "ahead of" if is_ahead else "behind"
    facts = (("seconds", f"{abs(skew):.0f}"), ("direction", direction), ("offset", f"{-skew:.0f}"))
    return Hit("X-Amz-Date", f"{header(evidence.sent, 'X-Amz-Date')}, Date: {header(evidence.answered, 'Date')}", facts)


def _credentials_end(evidence: Evidence) -> Hit | None:
    signed_at = header(evidence.sent, "X-Amz-Date")
    if evidence.signed is None or not evidence.signed.expires_at or not signed_at:
        return None
    try:
        end = datetime.fromisoformat(evidence.signed.expires_at)
        begun = datetime.strptime(signed_at, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        left = ((end if end.tzinfo else end.replace(tzinfo=UTC)) - begun).total_seconds()
    except ValueError:
        return None
    if not 0 < left < ENDS_SOON_S or _is_refused_for_time_or_keys(evidence):
        return None
    told = f"{left / 60:.0f} minutes" if left >= 120 else f"{left:.0f} seconds"
    return Hit(
        "credentials", f"{evidence.signed.credential_source}, until {evidence.signed.expires_at}", (("left", told),)
    )


def _other_region(evidence: Evidence) -> Hit | None:
    scope = evidence.signed.scope.split("/") if evidence.signed is not None else []
    region = scope[1] if len(scope) > 2 else ""
    if not evidence.has_failed or evidence.is_model_error or _is_refused_for_time_or_keys(evidence):
        return None
    if not region or not evidence.region or region == evidence.region:
        return None
    return Hit("scope", f"{evidence.host}", (("signed", region), ("called", evidence.region)))


def _own_account(evidence: Evidence) -> tuple[str, str]:
    """The account of the credentials, and how it is known; empty when nothing tells it."""
    told = _CALLER.search(evidence.message)
    if told is not None:
        return told[1], "AWS names it"
    account = account_of(evidence.signed.access_key_id) if evidence.signed is not None else None
    return (account, "worked out from the access key's id") if account else ("", "")


def _endpoint_account(evidence: Evidence) -> str:
    """The account that the answer names for the endpoint; empty when it names none."""
    arn = evidence.service.log_stream_arn if evidence.service is not None else ""
    found = _ENDPOINT.search(f"{arn}\n{evidence.service.message if evidence.service is not None else ''}")
    return next(filter(None, found.groups()), "") if found is not None else ""


def _other_account(evidence: Evidence) -> Hit | None:
    ours, how = _own_account(evidence)
    theirs = _endpoint_account(evidence)
    if not evidence.has_failed or not ours or not theirs or ours == theirs:
        return None
    return Hit(
        "credentials", f"{ours} ({how}), {theirs} in the answer", (("ours", ours), ("how", how), ("theirs", theirs))
    )


def _whose_account(evidence: Evidence) -> Hit | None:
    ours, how = _own_account(evidence)
    is_about_finding = evidence.code in ("ValidationError", "AccessDeniedException") and not evidence.is_model_error
    if not evidence.has_failed or not is_about_finding or not ours or ours in evidence.message:
        return None
    where = f" in {evidence.region}" if evidence.region else ""
    return Hit("credentials", f"account {ours}", (("ours", ours), ("how", how), ("where", where)))


RULES: tuple[Rule, ...] = (
    Rule(
        "other-account",
        Severity.WARNING,
        _other_account,
        "The credentials are of account {ours} ({how}), and the answer is about account {theirs}.",
        "Check `credentials:` and AWS_PROFILE: an endpoint is called with credentials of its own account.",
        "Tal Be'ery, A short note on AWS KEY ID; the IAM user guide, ARNs",
        hides=("whose-account",),
    ),
    Rule(
        "other-region",
        Severity.WARNING,
        _other_region,
        "The request was signed for {signed} and went to a host in {called}.",
        "Make `region:` the region of `endpoint_url`, or leave `endpoint_url` out.",
        "AWS SigV4 documentation, credential scope",
    ),
    Rule(
        "clock-off",
        Severity.WARNING,
        _clock_is_off,
        "This machine's clock is {seconds} s {direction} the server's; from about 300 s on, AWS refuses signatures.",
        "Set the clock, or `client: {clock_offset: {offset}}` in the profile.",
        "the AWS SDK for JavaScript treats 300 s as skewed",
    ),
    Rule(
        "credentials-end",
        Severity.WARNING,
        _credentials_end,
        "The credentials that signed this end in {left}, and their source has not renewed them.",
        "Log in again (`aws sso login`, or assume the role anew) before the next long call.",
        "botocore, refreshable credentials",
    ),
    Rule(
        "whose-account",
        Severity.NOTE,
        _whose_account,
        "The credentials are of account {ours} ({how}): that is where the endpoint was looked for{where}.",
        "If the endpoint is in another account, use that account's credentials.",
        "Tal Be'ery, A short note on AWS KEY ID",
    ),
)
