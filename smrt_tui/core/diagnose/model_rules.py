"""Rules about what the container answered, wrapped by SageMaker in a ModelError (424)."""

from __future__ import annotations

import csv
import re

from smrt_tui.core.diagnose.evidence import Evidence
from smrt_tui.core.diagnose.rule import Hit, Rule
from smrt_tui.core.diagnose.triggers import either, parses_as_json, says, shortened, that
from smrt_tui.core.finding import Fix, SetMember, Severity

_MEDIA_TYPE = re.compile(r"\b(?:application|text|image|audio|tensor)/[\w.+-]+")


def _original(*statuses: int) -> re.Pattern[str]:
    """SageMaker's own sentence, for answers without OriginalStatusCode."""
    return re.compile(rf"Received (?:client|server) error \((?:{'|'.join(map(str, statuses))})\)")


def _has_original(evidence: Evidence, *statuses: int) -> str | None:
    if not evidence.is_model_error:
        return None
    if evidence.original_status in statuses:
        return f"OriginalStatusCode {evidence.original_status}"
    match = _original(*statuses).search(evidence.message)
    return match[0] if match and evidence.original_status is None else None


def _eula_fix(evidence: Evidence) -> Fix:
    attributes = evidence.members.get("CustomAttributes", "")
    return SetMember("CustomAttributes", f"{attributes};accept_eula=true" if attributes else "accept_eula=true")


def _listed_types(evidence: Evidence) -> list[str]:
    """Media types that the container's message names beside the one that was sent."""
    sent = evidence.content_type
    return [found for found in dict.fromkeys(_MEDIA_TYPE.findall(evidence.message)) if found.lower() != sent]


def _refuses_content_type(evidence: Evidence) -> Hit | None:
    if not evidence.is_model_error:
        return None
    status = _has_original(evidence, 415)
    told = re.search(
        r"content[- ]?type.{0,80}?not (?:an )?(?:supported|accepted)|not an accepted ContentType"
        r"|unsupported (?:media|content)[- ]type|only supports the following content types",
        evidence.message,
        re.IGNORECASE | re.DOTALL,
    )
    if status is None and told is None:
        return None
    listed = _listed_types(evidence)
    return Hit(
        "ContentType",
        shortened(told[0]) if told else status or "",
        (
            ("sent", evidence.content_type or "no content type"),
            ("listed", f" It names {', '.join(listed)}." if listed else ""),
        ),
        SetMember("ContentType", listed[0]) if listed else None,
    )


def _mismatch(evidence: Evidence) -> str | None:
    """A body that is plainly something else than its content type says."""
    body, declared = evidence.body, evidence.content_type
    if not evidence.has_failed or not body.strip():
        return None
    is_json = parses_as_json(body)
    if declared in ("text/csv", "text/libsvm", "text/x-libsvm") and is_json:
        return f"{declared}, but the body is JSON"
    if declared == "application/json" and not is_json and _is_table(body):
        return "application/json, but the body is csv"
    return None


def _is_table(body: bytes) -> bool:
    try:
        rows = list(csv.reader(body.decode("utf-8").splitlines()))
    except (UnicodeDecodeError, csv.Error):
        return False
    return bool(rows) and len(rows[0]) > 1 and len({len(row) for row in rows if row}) == 1


def _payload_refused(evidence: Evidence) -> str | None:
    if not evidence.is_model_error:
        return None
    match = re.search(
        r"(?:unable to )?evaluate payload[^\n]{0,80}|could not parse[^\n]{0,80}", evidence.message, re.IGNORECASE
    )
    if match and _has_original(evidence, 400):
        return match[0]
    return None


def _double_encoded(evidence: Evidence) -> str | None:
    if not evidence.is_model_error or evidence.content_type not in ("application/json", ""):
        return None
    begins = evidence.body.lstrip()[:3]
    return evidence.body[:60].decode("utf-8", "replace") if begins in (b'"{\\', b'"[{', b'"[\\', b'"[[') else None


def _no_content_type(evidence: Evidence) -> str | None:
    if not evidence.has_failed or "ContentType" in evidence.members or not evidence.body:
        return None
    if evidence.mode != "async" and any(name.lower() == "content-type" for name, _ in evidence.typed):
        return None
    return "the request was sent without a content type" if evidence.is_model_error else None


def _attributes_refused(evidence: Evidence) -> str | None:
    if not evidence.is_model_error or "CustomAttributes" not in evidence.members:
        return None
    match = re.search(
        r"[^\n]{0,40}custom.?attributes?[^\n]{0,60}|[^\n]{0,20}bentoml[^\n]{0,60}", evidence.message, re.IGNORECASE
    )
    return match[0] if match else None


RULES: tuple[Rule, ...] = (
    Rule(
        "R05",
        Severity.ERROR,
        says(r"accept_eula\W{0,3}=?\W{0,3}true", when=lambda e: e.has_failed, fix=_eula_fix),
        "The model's licence must be accepted with every request, in a custom attribute.",
        "Set CustomAttributes to accept_eula=true.",
        "philschmid/easyllm#41; langchain-ai/langchain#8326 #9733",
        hides=("R45", "R46", "R40"),
    ),
    Rule(
        "R09",
        Severity.ERROR,
        says(r"your invocation timed out", when=lambda e: e.has_failed and e.mode != "async"),
        "The container did not answer within the 60 seconds that a real-time invocation has.",
        "Use async or stream, a larger instance, or a shorter task; the container's own time-outs count too.",
        "aws/amazon-sagemaker-examples#799 #1407; the SageMaker developer guide",
        hides=("R11", "R45"),
    ),
    Rule(
        "R09",
        Severity.ERROR,
        says(r"your invocation timed out", when=lambda e: e.has_failed and e.mode == "async"),
        "The container did not answer within InvocationTimeoutSeconds (900 when it is not set).",
        "Raise InvocationTimeoutSeconds, up to 3600; the container's own time-outs count too.",
        "the service model",
        hides=("R11", "R45"),
    ),
    Rule(
        "R11",
        Severity.ERROR,
        either(
            says(r"could not get a response from the", when=lambda e: e.has_failed),
            that(lambda e: "OriginalStatusCode 0" if e.is_model_error and e.original_status == 0 else None, "status"),
        ),
        "SageMaker got no answer from the container: it is down, restarting, or closed the connection.",
        "Look at the container's log and its /ping, and send again.",
        "aws/amazon-sagemaker-examples#177",
        hides=("R45",),
    ),
    Rule(
        "R58",
        Severity.ERROR,
        that(_double_encoded, "body"),
        "The body is a JSON string that holds JSON, not the JSON itself: it was encoded twice.",
        "Send the object as it is.",
        "aws/sagemaker-python-sdk#3341",
        hides=("R45", "R46"),
    ),
    Rule(
        "R06",
        Severity.ERROR,
        _refuses_content_type,
        "The container does not take {sent}.{listed}",
        "Set ContentType to a type that the container reads, and the body to match.",
        "aws/amazon-sagemaker-examples#1800 #2047; aws/sagemaker-xgboost-container#390",
        hides=("R45", "R46", "R08"),
    ),
    Rule(
        "R07",
        Severity.ERROR,
        either(
            that(lambda e: _has_original(e, 406), "status"),
            says(r"accept.{0,20}? (?:type )?\S+ is not supported", when=lambda e: e.is_model_error),
        ),
        "The container cannot answer in the type that Accept asks for.",
        "Set Accept to another type, or to */*.",
        "aws/amazon-sagemaker-examples#4839",
        hides=("R45",),
    ),
    Rule(
        "R15",
        Severity.ERROR,
        either(
            that(lambda e: _has_original(e, 413), "status"),
            says(r"length limit exceeded", when=lambda e: e.is_model_error),
        ),
        "The payload is over the container's own limit (SageMaker let it through).",
        "Shrink it, or raise the limit in the container's settings.",
        "huggingface/text-embeddings-inference#433",
        hides=("R45",),
    ),
    Rule(
        "R46",
        Severity.ERROR,
        either(that(_mismatch, "ContentType"), that(_payload_refused, "message")),
        "The container could not read the payload as the type it was sent under: {seen}.",
        "Make ContentType and body match.",
        "aws/amazon-sagemaker-examples#785 #1881 #924",
        hides=("R45",),
    ),
    Rule(
        "R40",
        Severity.WARNING,
        that(_attributes_refused, "message"),
        "CustomAttributes is handed to the container as it is, and this container does not know what it says (or uses"
        " the header for itself).",
        "Read the header in the model's handler; BentoML takes it as the name of the service to call.",
        "aws/deep-learning-containers#6163; aws/sagemaker-inference-toolkit#110; bentoml/BentoML#4396",
    ),
    Rule(
        "R45",
        Severity.ERROR,
        that(lambda e: _has_original(e, 500, 501, 502, 503, 504, 507), "status"),
        "The model's own code failed; SageMaker only carries its answer.",
        "Look into the endpoint's log around this second, by the inference id; LogStreamArn names the log group.",
        "aws/amazon-sagemaker-examples#407 #924 #235",
    ),
    Rule(
        "R08",
        Severity.WARNING,
        that(_no_content_type, "ContentType"),
        "The payload went out without a content type, and the container guesses (XGBoost takes it for libsvm) or"
        " refuses.",
        "Set ContentType; on InvokeEndpointAsync the header is X-Amzn-SageMaker-Content-Type.",
        "aws/sagemaker-python-sdk#2046; aws/amazon-sagemaker-examples#324",
    ),
    Rule(
        "model-error",
        Severity.ERROR,
        that(lambda e: f"OriginalStatusCode {e.original_status}" if e.is_model_error else None, "status"),
        "The container refused the request, in the words above; SageMaker only carries them.",
        "Compare the payload with what the container's documentation asks for.",
        "the service model",
        hides=(),
    ),
)
