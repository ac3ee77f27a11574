"""Rules about who is asking: credentials, permissions, signatures, clocks."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from hashlib import sha256

from smrt_tui.core.canonical import first_difference, refused_signature
from smrt_tui.core.diagnose.evidence import Evidence
from smrt_tui.core.diagnose.rule import Hit, Rule
from smrt_tui.core.diagnose.triggers import Facts, either, failed_here, named, says, shortened, that
from smrt_tui.core.finding import Fix, RefreshCredentials, Severity
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
        return (_signing_time(signed_at) - parsedate_to_datetime(date)).total_seconds()
    except (ValueError, TypeError):
        return None


def _signing_time(stamp: str) -> datetime:
    return datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


_TOLD_SKEW = re.compile(
    r"Signature (?:expired|not yet current): (?P<ours>\d{8}T\d{6}Z) is (?:now earlier|still later) than \d{8}T\d{6}Z"
    r" \((?P<theirs>\d{8}T\d{6}Z) [-+] \d+ min"
)
"""AWS's own sentence names both clocks."""


def _told_skew_s(evidence: Evidence) -> float | None:
    match = _TOLD_SKEW.search(evidence.message)
    if match is None:
        return None
    try:
        return (_signing_time(match["ours"]) - _signing_time(match["theirs"])).total_seconds()
    except ValueError:
        return None


def _is_skewed(evidence: Evidence) -> Hit | None:
    is_told = says(r"signature expired|signature not yet current")(evidence) is not None
    refused = named(*_SIGNATURE_CODES, "RequestTimeTooSkewed", "RequestExpired")(evidence)
    if evidence.is_model_error or (refused is None and not is_told):
        return None
    told, seen = _told_skew_s(evidence), clock_skew_s(evidence)
    skew = told if told is not None else seen
    if skew is None or abs(skew) < (0 if told is not None else SKEW_S):
        return Hit("message", shortened(evidence.message), _skew_facts(None)) if is_told else None
    direction = "ahead of" if skew > 0 else "behind"
    return Hit("X-Amz-Date", f"{abs(skew):.0f} s {direction} the server's clock", _skew_facts(skew))


def _skew_facts(skew: float | None) -> Facts:
    if skew is None:
        return (("skew", "This machine's clock differs from the server's"), ("offset", "SECONDS"))
    direction = "ahead of" if skew > 0 else "behind"
    told = f"This machine's clock is {abs(skew):.0f} s {direction} the server's"
    return (("skew", told), ("offset", f"{-skew:.0f}"))


def _body_was_changed(evidence: Evidence) -> Hit | None:
    if named(*_SIGNATURE_CODES)(evidence) is None or evidence.signed is None or not evidence.signed.payload_sha256:
        return None
    sent = sha256(evidence.body).hexdigest()
    if evidence.signed.payload_sha256 in (sent, "UNSIGNED-PAYLOAD"):
        return None
    return Hit("payload hash", f"signed {evidence.signed.payload_sha256[:12]}…, sent {sent[:12]}…")


def _signed_the_same(evidence: Evidence) -> Hit | None:
    compared = refused_signature(evidence.signed, evidence.service)
    if not compared or evidence.signed is None or any(one.first_difference is not None for one in compared):
        return None
    return Hit("canonical request", first_difference(compared), (("key", evidence.signed.access_key_id),))


def _signed_otherwise(evidence: Evidence) -> Hit | None:
    compared = refused_signature(evidence.signed, evidence.service)
    if all(one.first_difference is None for one in compared):
        return None
    return Hit("canonical request", shortened(first_difference(compared), 400))


def _wrong_scope(evidence: Evidence) -> Hit | None:
    if named(*_SIGNATURE_CODES)(evidence) is None:
        return None
    told = re.search(r"should be scoped to (?:a valid region|correct service)[^\n]{0,60}", evidence.message)
    if evidence.signed is None or not evidence.signed.scope:
        return Hit("scope", told[0]) if told else None
    _, region, service, *_ = [*evidence.signed.scope.split("/"), "", "", ""]
    if told is None and service == "sagemaker" and (evidence.region or region) == region:
        return None
    return Hit("scope", f"{evidence.signed.scope} for {evidence.host}")


_DENIED = re.compile(
    r"User: (?P<who>\S+) is not authorized to perform: (?P<action>[\w:*-]+)(?: on (?:the )?resource:? (?P<arn>\S+))?"
    r"(?:,? (?P<how>because no (?P<lacking>[\w -]+?)(?: policy)? allows"
    r"|with an explicit deny(?: in an? (?P<denying>[\w -]+))?))?",
    re.IGNORECASE,
)


def _permission(evidence: Evidence) -> Hit | None:
    match = _DENIED.search(evidence.message)
    if evidence.is_model_error or (match is None and named("AccessDeniedException", "AccessDenied")(evidence) is None):
        return None
    default = "sagemaker:InvokeEndpointAsync" if evidence.mode == "async" else "sagemaker:InvokeEndpoint"
    action = match["action"] if match else default
    arn = ((match["arn"] if match else None) or "the endpoint").rstrip(".,")
    seen = shortened(match[0] if match else evidence.message or evidence.code)
    return Hit("message", seen, (("remedy", _remedy(match, action, arn)), ("action", action)))


def _remedy(match: re.Match[str] | None, action: str, arn: str) -> str:
    """What to change, by the kind of policy that AWS names."""
    denying = (match["denying"] if match else None) or ""
    if match is not None and (match["how"] or "").lower().startswith("with an explicit deny"):
        what = f"The {denying.strip()}" if denying else "A policy"
        return f"{what} denies {action} on {arn} expressly, so that has to change: an allow elsewhere does not help."
    lacking = ((match["lacking"] if match else None) or "identity-based").strip()
    allow = f"Allow {action} on {arn}"
    if "vpc endpoint" in lacking.lower():
        return f"{allow} in the policy of the VPC endpoint that the call goes through."
    names = " An endpoint's name is in small letters there." if ":endpoint/" in arn else ""
    return f"{allow} in the {lacking} policy.{names}"


_ABOUT_KEYS = ("UnrecognizedClientException", "InvalidClientTokenId", "AccessDeniedException", *_SIGNATURE_CODES, "403")


def _key_without_token(evidence: Evidence) -> Hit | None:
    signed = evidence.signed
    if signed is None or named(*_ABOUT_KEYS)(evidence) is None:
        return None
    if not signed.access_key_id.startswith("ASIA") or signed.has_session_token:
        return None
    return Hit("X-Amz-Security-Token", f"the temporary key {signed.access_key_id[:6]}… was sent without its token")


def _refresh(_: Evidence) -> Fix:
    return RefreshCredentials()


def _says_unsigned(evidence: Evidence) -> str | None:
    return "MissingAuthenticationToken" if b"MissingAuthenticationToken" in evidence.answer[:2000] else None


RULES: tuple[Rule, ...] = (
    Rule(
        "R21a",
        Severity.ERROR,
        _is_skewed,
        "{skew}, and a signature is good for about five minutes.",
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
            named("UnrecognizedClientException", "InvalidClientTokenId", fix=_refresh),
            says(r"security token included in the request is invalid", fix=_refresh),
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
            named("ExpiredTokenException", "ExpiredToken", fix=_refresh),
            says(r"security token included in the request is expired", fix=_refresh),
            failed_here("credentials-expired", "sso-login", fix=_refresh),
        ),
        "The credentials' session has ended.",
        "Log in again (`aws sso login`, or assume the role anew) and send once more.",
        "autogluon/autogluon-cloud#133",
    ),
    Rule(
        "R18",
        Severity.ERROR,
        _permission,
        "AWS knows the credentials, but their policies do not allow {action} here.",
        "{remedy}",
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
        _signed_the_same,
        "The server signed the very same text with another key: the secret key is not the one of this access key.",
        "Check the secret key of {key}, such as for a character lost when it was copied.",
        "AWS SigV4 documentation",
    ),
    Rule(
        "R21",
        Severity.ERROR,
        _signed_otherwise,
        "The request that reached the server is not the one that was signed: something changed it on its way.",
        "The wire view shows both sides, line under line; look for a proxy that writes headers or the path anew.",
        "AWS SigV4 documentation",
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
            that(_says_unsigned, "body"),
        ),
        "The request reached AWS without a signature.",
        "Give the profile credentials (it may say `anonymous: true`), and check that no proxy drops Authorization.",
        "aws/aws-cli#3999",
        hides=("R53", "R52"),
    ),
    Rule(
        "R23",
        Severity.ERROR,
        either(
            named("IncompleteSignatureException", "IncompleteSignature"),
            says(r"Authorization header requires '|not a valid key=value pair", when=lambda e: not e.is_model_error),
        ),
        "The Authorization header is not a whole SigV4 signature.",
        "Do not set Authorization by hand; let the tool sign.",
        "AWS SigV4 documentation",
    ),
)
