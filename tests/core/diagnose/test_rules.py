"""For each rule: an answer that fires it (and it comes first), and one that nearly does."""

from __future__ import annotations

import json

import pytest
from msgspec.structs import replace

from smrt_tui.core.diagnose import Evidence, StreamFacts, diagnose, identity_rules
from smrt_tui.core.diagnose.engine import RULES
from smrt_tui.core.draft import Draft, apply_fix
from smrt_tui.core.events import FrameRejected, JobMoved, JobState, ServiceFault, Signed, TransportFault
from smrt_tui.core.finding import (
    DropHeader,
    Finding,
    RaiseReadTimeout,
    RefreshCredentials,
    SetMember,
    Severity,
    SwitchMode,
)

HEALTHY = Evidence(
    mode="sync",
    endpoint="llama",
    members={"ContentType": "application/json", "Accept": "application/json"},
    host="runtime.sagemaker.us-east-1.amazonaws.com",
    body=b'{"inputs": "hi"}',
    status=200,
    answered=(("x-amzn-RequestId", "1"), ("Content-Type", "application/json")),
    answer=b'{"generated_text": "ho"}',
    parts=1,
    seconds=0.2,
)


def refused(status: int, code: str, message: str, error_code: str = "", base: Evidence = HEALTHY) -> Evidence:
    """SageMaker said no."""
    body = json.dumps({"Message": message, "ErrorCode": error_code}).encode()
    fault = ServiceFault(1.0, code, error_code, message, status, None, "", "")
    return replace(base, status=status, service=fault, has_failed=True, answer=body)


def container_said(
    status: int, message: str, base: Evidence = HEALTHY, code: str = "CLIENT_ERROR_FROM_MODEL"
) -> Evidence:
    """The container said no, wrapped as SageMaker wraps it."""
    side = "client" if 400 <= status < 500 else "server"
    told = (
        f'Received {side} error ({status}) from primary with message "{message}". See https://us-east-1.console.example'
        "/cloudwatch/home in account 123456789012 for more information."
    )
    fault = ServiceFault(1.0, "ModelError", code, told, 424, status, message, "arn:aws:logs:us-east-1:123456789012:x")
    return replace(base, status=424, service=fault, has_failed=True, answer=told.encode())


def failed_here(code: str, message: str = "it failed", base: Evidence = HEALTHY) -> Evidence:
    """The network or this tool failed."""
    fault = TransportFault(1.0, code, message, "do something")
    return replace(base, status=None, answered=(), answer=b"", parts=0, transport=fault, has_failed=True)


def with_members(evidence: Evidence, **members: str) -> Evidence:
    return replace(evidence, members={**evidence.members, **members})


def without_content_type(evidence: Evidence) -> Evidence:
    return replace(evidence, members={})


def signed(key: str = "AKIAIOSFODNN7EXAMPLE", scope: str = "20261122/us-east-1/sagemaker/aws4_request") -> Signed:
    return Signed(0.0, "env", key, scope, ("host", "x-amz-date"), "", "", "", False, None)


def skewed(by: str) -> Evidence:
    evidence = refused(403, "InvalidSignatureException", "The request signature we calculated does not match")
    return replace(
        evidence, sent=(("X-Amz-Date", by),), answered=(("Date", "Sun, 22 Nov 2026 10:30:00 GMT"),), signed=signed()
    )


STREAM = replace(
    HEALTHY, mode="stream", answered=(("X-Amzn-SageMaker-Content-Type", "text/event-stream"),), answer=b"data: {}\n\n"
)
LARGE = replace(HEALTHY, body=b"x" * (6 * 1024 * 1024))

FIRST = {
    "R01 deleted or misspelt": (
        "R01",
        refused(400, "ValidationError", "Endpoint llama of account 123456789012 not found."),
    ),
    "R02 by code": ("R02", refused(400, "ValidationError", "x", "INFERENCE_COMPONENT_NAME_MISSING")),
    "R02 by message": (
        "R02",
        refused(
            400,
            "ValidationError",
            "Inference Component Name header is required for endpoints to which you plan to "
            "deploy inference components. Please include Inference Component Name header or consider using "
            "SageMaker models.",
        ),
    ),
    "R02b in the attributes": (
        "R02b",
        with_members(
            refused(400, "ValidationError", "Inference Component Name header is required"),
            CustomAttributes="InferenceComponentName=adapter",
        ),
    ),
    "R03": ("R03", refused(400, "ValidationError", "Inference Component has no capacity to process this request.")),
    "R04": (
        "R04",
        with_members(refused(400, "ValidationError", "x", "TARGET_MODEL_HEADER_NOT_SUPPORTED"), TargetModel="m"),
    ),
    "R05": ("R05", container_said(424, "Need to pass custom_attributes='accept_eula=true' as part of header.")),
    "R06 by status": ("R06", container_said(415, "no")),
    "R06 by words": ("R06", container_said(500, "Content type text/libsvm is not supported by this framework.")),
    "R06 mlflow": (
        "R06",
        container_said(
            415,
            "This predictor only supports the following content types: Types: ['text/csv', "
            "'application/json']. Got 'text/plain'.",
        ),
    ),
    "R07": ("R07", container_said(406, "Accept type image/png is not supported")),
    "R09": ("R09", container_said(0, "Your invocation timed out while waiting for a response from container primary.")),
    "R10": ("R10", replace(failed_here("read-timeout"), seconds=20)),
    "R11": ("R11", container_said(0, "We could not get a response from the primary container.")),
    "R12": ("R12", refused(413, "413", "HTTP content length exceeded 5246976 bytes.")),
    "R13": ("R13", failed_here("connection-reset", base=LARGE)),
    "R14": ("R14", refused(400, "ValidationError", "Request 5 has oversize body.")),
    "R15": ("R15", container_said(413, "length limit exceeded")),
    "R16 by code": ("R16", refused(400, "ThrottlingException", "")),
    "R16 by empty message": ("R16", replace(refused(400, "400", ""), answer=b'{"message":null}')),
    "R16 as 429": ("R16", refused(429, "ThrottlingException", "Rate exceeded")),
    "R17": ("R17", refused(429, "ModelNotReadyException", "Model is not ready")),
    "R18": (
        "R18",
        refused(
            403,
            "AccessDeniedException",
            "User: arn:aws:iam::1:user/u is not authorized to perform: "
            "sagemaker:InvokeEndpoint on resource: arn:aws:sagemaker:us-east-1:1:endpoint/llama",
        ),
    ),
    "R19 unknown key": (
        "R19",
        refused(403, "UnrecognizedClientException", "The security token included in the request is invalid."),
    ),
    "R19 no token": (
        "R19",
        replace(refused(403, "UnrecognizedClientException", "x"), signed=signed("ASIAIOSFODNN7EXAMPLE")),
    ),
    "R20": ("R20", refused(403, "ExpiredTokenException", "The security token included in the request is expired")),
    "R20 here": ("R20", failed_here("credentials-expired")),
    "R21a": ("R21a", skewed("20261122T100000Z")),
    "R43": (
        "R43",
        replace(
            refused(400, "ValidationError", "x", "INFERENCE_COMPONENT_NAME_MISSING"),
            typed=(("X-Amzn-SageMaker-InferenceComponent", "c"),),
        ),
    ),
    "R53 instead of a stream": (
        "R53",
        replace(
            STREAM,
            answer=b"",
            parts=0,
            has_failed=True,
            rejected=FrameRejected(1.0, "not-an-event-stream", "no frame", 0, b"<html>Log in</html>"),
            transport=TransportFault(1.0, "not-an-event-stream", "no frame", ""),
        ),
    ),
    "R47 hung up": ("R47", failed_here("no-answer")),
    "R21c": (
        "R21c",
        replace(
            refused(403, "InvalidSignatureException", "Credential should be scoped to a valid region."),
            signed=signed(scope="20261122/eu-west-1/sagemaker/aws4_request"),
        ),
    ),
    "R21": (
        "R21",
        replace(
            refused(403, "InvalidSignatureException", "The request signature we calculated does not match"),
            signed=signed(),
        ),
    ),
    "R22": ("R22", refused(403, "MissingAuthenticationTokenException", "Missing Authentication Token")),
    "R22 as XML": (
        "R22",
        replace(refused(403, "403", ""), answer=b"<MissingAuthenticationTokenException><Message>Missing</Message>"),
    ),
    "R23": ("R23", refused(403, "IncompleteSignatureException", "x")),
    "R24": ("R24", replace(failed_here("header-framing"), typed=(("Content-Length", "3"),))),
    "R27": ("R27", refused(400, "ValidationError", "Endpoint llama supports only asynchronous inference")),
    "R28": (
        "R28",
        refused(
            400,
            "ValidationException",
            "1 validation error detected: Value at 'body' failed to satisfy constraint: "
            "Member must have length less than or equal to 128000",
        ),
    ),
    "R29": (
        "R29",
        container_said(500, "The response from container primary did not specify the required Content-Length header"),
    ),
    "R30": ("R30", failed_here("gave-up", base=replace(HEALTHY, mode="async"))),
    "R34": (
        "R34",
        replace(
            STREAM,
            answered=(("X-Amzn-SageMaker-Content-Type", "application/json"),),
            answer=b'[{"generated_text": "x"}]',
        ),
    ),
    "R35": ("R35", replace(STREAM, stream=StreamFacts(in_band_error="boom"))),
    "R36": (
        "R36",
        replace(
            STREAM,
            has_failed=True,
            service=ServiceFault(2.0, "ModelStreamError", "StreamBroken", "x", None, None, "", ""),
        ),
    ),
    "R37": (
        "R37",
        replace(
            STREAM,
            has_failed=True,
            parts=3,
            transport=TransportFault(2.0, "connection-reset", "the server closed", "again"),
        ),
    ),
    "R42": ("R42", with_members(refused(400, "ValidationError", "x"), SessionId="abc; Expires=2026-01-01T00:00:00Z")),
    "R45": ("R45", container_said(500, "Internal Server Error", code="")),
    "R46": (
        "R46",
        replace(container_said(400, "unable to evaluate payload provided"), members={"ContentType": "text/csv"}),
    ),
    "R47": ("R47", failed_here("dns-failed")),
    "R51": ("R51", refused(400, "ValidationError", "TargetContainerHostname is required for direct invocation")),
    "R52": ("R52", refused(404, "UnknownOperationException", "")),
    "R53": ("R53", replace(refused(407, "407", ""), answer=b"<html><body>proxy</body></html>")),
    "R54": ("R54", replace(STREAM, answered=(("Content-Encoding", "gzip"),))),
    "R55": ("R55", refused(530, "InternalDependencyException", "x")),
    "R56": ("R56", refused(500, "InternalFailure", "x")),
    "R56 as a page": ("R56", replace(refused(503, "503", ""), answer=b"<html>503 Service Unavailable</html>")),
    "R57": ("R57", with_members(HEALTHY, SessionId="NEW_SESSION")),
    "R58": ("R58", replace(container_said(400, "bad"), body=b'"{\\"inputs\\": 1}"')),
    "model-error": ("model-error", container_said(400, "bad input")),
    "R08": ("R08", without_content_type(container_said(400, "bad input"))),
    "refused": ("refused", refused(400, "ValidationError", "Could not find variant purple.")),
    "job-failed": ("job-failed", replace(refused(200, "AsyncInferenceFailed", "it waited too long"), mode="async")),
    "R40": ("R40", with_members(container_said(400, "unknown custom attribute"), CustomAttributes="a=b")),
    "R41": ("R41", failed_here("header-illegal")),
    "content-type-mismatch": (
        "content-type-mismatch",
        replace(HEALTHY, answer=b"<html>"),
    ),
    "buffered": ("buffered", replace(STREAM, stream=StreamFacts(is_buffered=True))),
    "unterminated": ("unterminated", replace(STREAM, stream=StreamFacts(is_unterminated=True))),
}

NEARLY = {
    "R01 said by the container": ("R01", container_said(404, "Endpoint not found")),
    "R05 without the words": ("R05", container_said(424, "licence")),
    "R06 for a stream's type": ("R06", HEALTHY),
    "R09 in a good answer": ("R09", replace(HEALTHY, answer=b"Your invocation timed out")),
    "R10 after the service's own limit": ("R10", replace(failed_here("read-timeout"), seconds=65)),
    "R12 of the container": ("R12", container_said(413, "too large")),
    "R13 with a small body": ("R13", failed_here("connection-reset")),
    "R16 with a message": ("R16", replace(refused(400, "400", ""), answer=b'{"message":"other"}')),
    "R19 with its token": (
        "R19",
        replace(
            refused(403, "AccessDeniedException", "x"),
            signed=replace(signed("ASIAIOSFODNN7EXAMPLE"), has_session_token=True),
        ),
    ),
    "R21a within five minutes": ("R21a", skewed("20261122T102600Z")),
    "R21c on loopback": (
        "R21c",
        replace(refused(403, "InvalidSignatureException", "x"), host="127.0.0.1", signed=signed()),
    ),
    "R27 from the container": ("R27", container_said(400, "asyncio failed")),
    "R34 with lines": ("R34", replace(STREAM, answer=b'{"a": 1}\n')),
    "R35 for the body of an error": (
        "R35",
        replace(refused(400, "ValidationError", "boom"), stream=StreamFacts(in_band_error="boom")),
    ),
    "R42 in a good answer": ("R42", with_members(HEALTHY, SessionId="NEW_SESSION")),
    "R47 for a host of one's own": ("R47", replace(failed_here("dns-failed"), host="models.example")),
    "R53 for JSON": ("R53", refused(400, "ValidationError", "<html>")),
    "R47 for a large payload": ("R47", failed_here("no-answer", base=LARGE)),
    "R43 for another header": (
        "R43",
        replace(refused(400, "ValidationError", "x", "INFERENCE_COMPONENT_NAME_MISSING"), typed=(("X-Trace", "c"),)),
    ),
    "R53 for a page that the model answers with": (
        "R53",
        replace(HEALTHY, answer=b"<html>", answered=(("x-amzn-RequestId", "1"), ("Content-Type", "text/html"))),
    ),
    "R19 for an unknown endpoint": (
        "R19",
        replace(
            refused(400, "ValidationError", "Endpoint a of account 1 not found."), signed=signed("ASIAIOSFODNN7EXAMPLE")
        ),
    ),
    "R46 when nobody answered": (
        "R46",
        failed_here("read-timeout", base=replace(HEALTHY, members={"ContentType": "text/csv"})),
    ),
    "R57 when it was made": (
        "R57",
        replace(
            with_members(HEALTHY, SessionId="NEW_SESSION"),
            answered=(("X-Amzn-SageMaker-New-Session-Id", "a; Expires=b"),),
        ),
    ),
    "R58 for a plain string": ("R58", replace(container_said(400, "bad"), body=b'"hello"')),
}


@pytest.mark.parametrize(("rule", "evidence"), FIRST.values(), ids=FIRST)
def test_the_right_explanation_comes_first(rule: str, evidence: Evidence) -> None:
    assert diagnose(evidence)[0].id == rule


@pytest.mark.parametrize(("rule", "evidence"), NEARLY.values(), ids=NEARLY)
def test_what_is_nearly_it_is_not_it(rule: str, evidence: Evidence) -> None:
    assert rule not in [finding.id for finding in diagnose(evidence)]


@pytest.mark.parametrize("evidence", [HEALTHY, STREAM, replace(HEALTHY, mode="async")], ids=["sync", "stream", "async"])
def test_nothing_is_said_where_nothing_is_wrong(evidence: Evidence) -> None:
    assert diagnose(evidence) == ()


def test_a_cancelled_call_is_not_diagnosed() -> None:
    assert diagnose(replace(failed_here("dns-failed"), is_cancelled=True)) == ()


@pytest.mark.parametrize(("rule", "evidence"), FIRST.values(), ids=FIRST)
def test_no_id_is_told_twice(rule: str, evidence: Evidence) -> None:
    ids = [finding.id for finding in diagnose(evidence)]
    assert len(ids) == len(set(ids))


def test_every_sentence_is_filled() -> None:
    for _, evidence in FIRST.values():
        for finding in diagnose(evidence):
            assert "{" not in finding.message, finding


def test_every_rule_has_a_case() -> None:
    fired = {finding.id for _, evidence in FIRST.values() for finding in diagnose(evidence)}
    elsewhere = {rule.id for rule in identity_rules.RULES}  # in test_identity_rules.py
    without = {rule.id for rule in RULES} - fired - elsewhere
    assert without <= {"R21b", "R30b", "R31", "R32", "R33"}  # have tests of their own


def test_cut_parts_are_noted_on_a_good_stream() -> None:
    facts = StreamFacts(parts_cut_in_json=2, parts_cut_in_character=1, parts_with_several_events=3)
    findings = diagnose(replace(STREAM, stream=facts))
    assert [(f.id, f.severity) for f in findings] == [
        ("R33", Severity.NOTE),
        ("R31", Severity.NOTE),
        ("R32", Severity.NOTE),
    ]


def test_denied_looks_at_the_output_are_explained() -> None:
    job = JobMoved(1.0, JobState.WAITING, "id", "s3://b/o", "s3://b/f", "403: not yet, or no s3:ListBucket right")
    findings = diagnose(replace(failed_here("gave-up"), mode="async", jobs=(job,)))
    assert [finding.id for finding in findings] == ["R30b", "R30"]


def test_a_time_out_of_an_async_job_is_not_explained_by_the_limit_of_a_real_time_one() -> None:
    evidence = replace(container_said(0, "Your invocation timed out while waiting for a response"), mode="async")
    [finding] = diagnose(evidence)
    assert finding.id == "R09"
    assert "InvocationTimeoutSeconds" in finding.hint


def test_the_lint_is_told_only_beside_a_failure() -> None:
    lint = [Finding("R25", Severity.WARNING, "Accept", "ignored by this operation")]
    assert [f.id for f in diagnose(container_said(500, "x"), lint)] == ["R45", "R25"]
    assert diagnose(HEALTHY, lint) == ()


def test_a_fix_changes_the_draft() -> None:
    fix = diagnose(FIRST["R27"][1])[0].fix
    assert fix == SwitchMode("async")
    assert apply_fix(Draft("sync", "llama"), SwitchMode("async")).mode == "async"


def test_what_the_lint_named_more_sharply_is_told_once_in_its_words() -> None:
    named = Finding("R41", Severity.ERROR, "X-Trace", "it holds a line break", fix=DropHeader("X-Trace"))
    assert diagnose(failed_here("header-illegal"), [named]) == (named,)


def test_a_short_patience_can_be_lengthened() -> None:
    [sync] = diagnose(FIRST["R10"][1])
    [stream] = diagnose(replace(FIRST["R10"][1], mode="stream"))
    assert (sync.fix, stream.fix) == (RaiseReadTimeout(70), RaiseReadTimeout(480))


@pytest.mark.parametrize("name", ["R19 unknown key", "R20", "R20 here"])
def test_credentials_that_were_refused_can_be_looked_for_again(name: str) -> None:
    assert diagnose(FIRST[name][1])[0].fix == RefreshCredentials()


def test_a_sessions_expiry_can_be_cut_off() -> None:
    [finding] = diagnose(FIRST["R42"][1])
    assert finding.fix == SetMember("SessionId", "abc")


def test_a_body_changed_after_signing_is_found_by_its_hash() -> None:
    facts = replace(signed(), payload_sha256="0" * 64)
    findings = diagnose(replace(refused(403, "InvalidSignatureException", "does not match"), signed=facts))
    assert [finding.id for finding in findings] == ["R21b"]
