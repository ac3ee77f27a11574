"""Rules about who is asking: credentials, permissions, signatures, clocks."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from hashlib import sha256

from smrt_tui.core.diagnose.evidence import Evidence
from smrt_tui.core.diagnose.rule import Hit, Rule
from smrt_tui.core.diagnose.triggers import either, failed_here, named, says, shortened, that
from smrt_tui.core.finding import Severity
from smrt_tui.core.request import header

SKEW_S = 300
"""The JavaScript SDKs take a clock as skewed from here on."""

_SIGNATURE_CODES = ("InvalidSignatureException", "SignatureDoesNotMatch", "InvalidSignature")


def clock_skew_s(evidence: Evidence) -> float | None:
    """Seconds by which our signing time is ahead of the server's `Date`; None when either is missing."""
    date = header(evidence.answered, "Date")
    signed_at = header(evidence.sent, "X-Amz-Date")
    if not date or not signed_at:
        return None
    try:
        ours = datetime.strptime(signed_at, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        return (ours - parsedate_to_datetime(date)).total_seconds()
    except (ValueError, TypeError):
        return None


def _is_skewed(evidence: Evidence) -> Hit | None:
    skew = clock_skew_s(evidence)
    refused = named(*_SIGNATURE_CODES, "RequestTimeTooSkewed", "RequestExpired")(evidence) or says(
        r"signature expired|not yet current"
    )(evidence)
    if refused is None or skew is None or abs(skew) <= SKEW_S:
        return None
    direction = "ahead of" if skew > 0 else "behind"
    return Hit(
        "X-Amz-Date",
        f"{abs(skew):.0f} s {direction} the server's Date",
        (("skew", f"{abs(skew):.0f}"), ("direction", direction), ("offset", f"{-skew:.0f}")),
    )


def _body_was_changed(evidence: Evidence) -> Hit | None:
    if named(*_SIGNATURE_CODES)(evidence) is None or evidence.signed is None or not evidence.signed.payload_sha256:
        return None
    sent = sha256(evidence.body).hexdigest()
    if evidence.signed.payload_sha256 in (sent, "UNSIGNED-PAYLOAD"):
        return None
    return Hit("payload hash", f"signed {evidence.signed.payload_sha256[:12]}…, sent {sent[:12]}…")


def _wrong_scope(evidence: Evidence) -> Hit | None:
    if named(*_SIGNATURE_CODES)(evidence) is None or evidence.signed is None or not evidence.signed.scope:
        return None
    _, region, service, *_ = [*evidence.signed.scope.split("/"), "", "", ""]
    match = re.search(r"(?:runtime|runtime-fips)\.sagemaker(?:-fips)?\.([a-z0-9-]+)\.", f"{evidence.host}.")
    told = re.search(r"should be scoped to (?:a valid region|correct service)", evidence.message)
    host_region = match[1] if match else region
    if told is None and service == "sagemaker" and host_region == region:
        return None
    return Hit("scope", f"{evidence.signed.scope} for {evidence.host}")


def _permission(evidence: Evidence) -> Hit | None:
    match = re.search(
        r"User: (?P<who>\S+) is not authorized to perform: (?P<action>\S+)(?: on resource: (?P<arn>\S+))?",
        evidence.message,
    )
    if match is None:
        return named("AccessDeniedException", "AccessDenied")(evidence)
    action, arn = match["action"], (match["arn"] or "the endpoint").rstrip(".,")
    return Hit("message", shortened(match[0]), (("action", action), ("arn", arn), ("who", match["who"])))


def _key_without_token(evidence: Evidence) -> Hit | None:
    signed = evidence.signed
    if not evidence.has_failed or signed is None or evidence.status not in (400, 403):
        return None
    if not signed.access_key_id.startswith("ASIA") or signed.has_session_token:
        return None
    return Hit("X-Amz-Security-Token", f"the temporary key {signed.access_key_id[:6]}… was sent without its token")


RULES: tuple[Rule, ...] = (
    Rule(
        "R21a",
        Severity.ERROR,
        _is_skewed,
        "This machine's clock is {skew} s {direction} the server's, and a signature is good for about five minutes.",
        "Set the clock, or `client: {clock_offset: {offset}}` in the profile, or `correct_clock_skew: true`.",
        "the AWS SDK for JavaScript treats 300 s as skewed",
        hides=("R21", "R21b", "R21c", "R20"),
    ),
    Rule(
        "R19",
        Severity.ERROR,
        _key_without_token,
        "Keys that begin with ASIA are temporary and only good together with their session token.",
        "Set AWS_SESSION_TOKEN beside the keys, or use an AWS profile.",
        "astronomer/astronomer-providers#725",
        hides=("R21", "R22", "R18"),
    ),
    Rule(
        "R19",
        Severity.ERROR,
        either(
            named("UnrecognizedClientException", "InvalidClientTokenId"),
            says(r"security token included in the request is invalid"),
        ),
        "AWS does not know this access key: it is wrong, deleted, of another partition, or lacks its session token.",
        "Check which credentials were used (the wire panel tells the source), and set AWS_SESSION_TOKEN for temporary"
        " keys.",
        "astronomer/astronomer-providers#725",
    ),
    Rule(
        "R20",
        Severity.ERROR,
        either(
            named("ExpiredTokenException", "ExpiredToken"),
            says(r"security token included in the request is expired"),
            failed_here("credentials-expired"),
        ),
        "The credentials' session has ended.",
        "Log in again (`aws sso login`, or assume the role anew) and send once more.",
        "autogluon/autogluon-cloud#133",
    ),
    Rule(
        "R18",
        Severity.ERROR,
        _permission,
        "The credentials are good, but their policies do not allow this call on this endpoint.",
        "Allow sagemaker:InvokeEndpoint (streams too; async has sagemaker:InvokeEndpointAsync) on the endpoint's ARN;"
        " endpoint names in ARNs are lower-case.",
        "aws-samples/eks-workshop#895; philschmid/cdk-samples#2",
    ),
    Rule(
        "R21b",
        Severity.ERROR,
        _body_was_changed,
        "The bytes that left are not the bytes that were signed: something wrote the body anew.",
        "Send exactly the signed bytes.",
        "BerriAI/litellm#8534 #9157",
        hides=("R21",),
    ),
    Rule(
        "R21c",
        Severity.ERROR,
        _wrong_scope,
        "The signature is for another region or service than the host's.",
        "The scope must name the host's region and the service `sagemaker`; check `region:` and `endpoint_url`.",
        "inferred from SigV4",
        hides=("R21",),
    ),
    Rule(
        "R21",
        Severity.ERROR,
        either(named(*_SIGNATURE_CODES), says(r"signature we calculated does not match")),
        "The server worked out another signature: the secret key is wrong, or something changed the request.",
        "Compare the canonical request in the wire panel with the one in the answer; check the secret key and proxies.",
        "AWS SigV4 documentation",
    ),
    Rule(
        "R22",
        Severity.ERROR,
        either(
            named("MissingAuthenticationTokenException", "MissingAuthenticationToken"),
            says(r"Missing Authentication Token"),
            that(lambda e: "MissingAuthenticationToken" if b"MissingAuthenticationToken" in e.answer else None, "body"),
        ),
        "The request reached AWS without a signature.",
        "Give the profile credentials (it may say `anonymous: true`), and check that no proxy drops Authorization.",
        "aws/aws-cli#3999",
        hides=("R53", "R52"),
    ),
    Rule(
        "R23",
        Severity.ERROR,
        named("IncompleteSignatureException", "IncompleteSignature"),
        "The Authorization header is not a whole SigV4 signature.",
        "Do not set Authorization by hand; let the tool sign.",
        "AWS SigV4 documentation",
    ),
)
