"""Rules about what the container answered, wrapped by SageMaker in a ModelError (424)."""

from __future__ import annotations

import csv
import re

from smrt_tui.core.diagnose.evidence import Evidence
from smrt_tui.core.diagnose.rule import Hit, Rule
from smrt_tui.core.diagnose.triggers import either, parses_as_json, says, shortened, that
from smrt_tui.core.finding import Fix, SetMember, Severity

_MEDIA_TYPE = re.compile(r"\b(?:application|text|image|audio|video|tensor|multipart)/[\w.+-]*\w")

_NAMED = r"(?P<type>[\w.+-]+/[\w.+-]+)"
_REFUSALS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?:content|media|accept)[- ]?types?\b[^\n]{{0,30}}?{_NAMED}[^\n]{{0,40}}? not (?:supported|accepted)",
        rf"{_NAMED}['\"`]? is not an? (?:accepted|supported) (?:content|accept)",
        rf"unsupported (?:media|content|accept)[- ]?types?\W+{_NAMED}",
        rf"only supports the following content types(?:[^\n]{{0,300}}?Got\W+{_NAMED})?",
        r"(?P<type>)(?:content|media|accept)[- ]?types?\b[^\n]{0,60}? not (?:an? )?(?:supported|accepted)",
        r"(?P<type>)unsupported (?:media|content|accept)[- ]?type",
    )
)
"""How containers say that they do not take a type. They say it of Accept in the same words."""


def _has_original(evidence: Evidence, *statuses: int) -> str | None:
    if not evidence.is_model_error or evidence.original_status not in statuses:
        return None
    return _original(evidence)


def _original(evidence: Evidence) -> str:
    """The container's status and its own words."""
    words = evidence.container_words
    return f"OriginalStatusCode {evidence.original_status}{': ' if words else ''}{words}"


def _eula_fix(evidence: Evidence) -> Fix | None:
    """Add the attribute to those that are there. None when it is there as it should be."""
    attributes = [one.strip() for one in re.split("[;,]", evidence.members.get("CustomAttributes", "")) if one.strip()]
    others = [one for one in attributes if one.partition("=")[0].strip().lower() != "accept_eula"]
    wanted = ";".join([*others, "accept_eula=true"])
    return None if wanted == evidence.members.get("CustomAttributes") else SetMember("CustomAttributes", wanted)


def _refusal(evidence: Evidence) -> re.Match[str] | None:
    """Where the container says that it does not take a type; the group `type` is the one it names."""
    found = (pattern.search(evidence.message) for pattern in _REFUSALS)
    return next((match for match in found if match is not None), None)


def _is_about_accept(evidence: Evidence, refusal: re.Match[str] | None) -> bool:
    """Toolkits refuse Accept in the words they have for ContentType; the type they name tells which is meant."""
    if refusal is None:
        return False
    named = (refusal["type"] or "").lower()
    is_named = bool(named) and named == evidence.accept and named != evidence.content_type
    return is_named or re.search(r"\baccept\b", refusal[0], re.IGNORECASE) is not None


def _refuses_content_type(evidence: Evidence) -> Hit | None:
    if not evidence.is_model_error:
        return None
    told = _refusal(evidence)
    if _is_about_accept(evidence, told) or (told is None and evidence.original_status != 415):
        return None
    named = (told["type"] or "").lower() if told else ""
    sent = evidence.content_type
    listed = [one for one in dict.fromkeys(_MEDIA_TYPE.findall(evidence.message)) if one.lower() not in (sent, named)]
    wanted = listed[0] if listed else _sniffed(evidence)
    return Hit(
        "ContentType",
        shortened(told[0] if told else _original(evidence)),
        (
            ("sent", sent or "a payload without a content type"),
            ("listed", f" It names {', '.join(listed)}." if listed else ""),
        ),
        SetMember("ContentType", wanted) if wanted else None,
    )


def _sniffed(evidence: Evidence) -> str:
    """The type that the payload plainly is, when it was sent as another one or as none."""
    kind = "application/json" if parses_as_json(evidence.body) else "text/csv" if _is_table(evidence.body) else ""
    return "" if kind == evidence.content_type else kind


def _refuses_accept(evidence: Evidence) -> Hit | None:
    if not evidence.is_model_error:
        return None
    told = _refusal(evidence)
    if evidence.original_status != 406 and not _is_about_accept(evidence, told):
        return None
    facts = (("asked", evidence.accept or "what it was asked for"),)
    seen = told[0] if told else _original(evidence)
    return Hit("Accept", shortened(seen), facts, SetMember("Accept", "*/*") if evidence.accept != "*/*" else None)


def _mismatch(evidence: Evidence) -> str | None:
    """A body that is plainly something else than its content type says."""
    body, declared = evidence.body, evidence.content_type
    if not evidence.is_model_error or not body.strip():
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
        r"(?:(?:unable to )?evaluate payload|could not parse|unable to parse|Failed to process element"
        r"|Loading (?:csv|libsvm|recordio-protobuf) data failed)[^\n\"]{0,80}",
        evidence.message,
        re.IGNORECASE,
    )
    return match[0] if match and _has_original(evidence, 400) else None


def _double_encoded(evidence: Evidence) -> str | None:
    if not evidence.is_model_error or evidence.content_type not in ("application/json", ""):
        return None
    begins = evidence.body.lstrip()[:3]
    return evidence.body[:60].decode("utf-8", "replace") if begins in (b'"{\\', b'"[{', b'"[\\', b'"[[') else None


def _no_content_type(evidence: Evidence) -> str | None:
    if not evidence.is_model_error or evidence.content_type or not evidence.body:
        return None
    return "the request was sent without a content type"


def _no_answer(evidence: Evidence) -> str | None:
    return _has_original(evidence, 0)


_FAILED_INSIDE = re.compile(
    r'"type":\s*"(?:InternalServerException|PredictionException)"|"message":\s*"prediction failure"', re.IGNORECASE
)
"""How model servers say that the model's code raised, whatever status they say it under."""


def _model_failed(evidence: Evidence) -> str | None:
    if not evidence.is_model_error:
        return None
    status = evidence.original_status or 0
    is_said = status in (400, 424) and _FAILED_INSIDE.search(evidence.message) is not None
    return _original(evidence) if status >= 500 or is_said else None


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
        says(r"accept_eula\W{0,3}=?\W{0,3}true", when=lambda e: e.is_model_error, fix=_eula_fix),
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
            says(r"could(?: not|n.t) get a response from the|as the model process exited", when=lambda e: e.has_failed),
            that(_no_answer, "status"),
        ),
        "SageMaker got no answer from the container: it crashed, is restarting, out of CPU or memory, or hung up.",
        "Look at the container's log and at CPU and memory in CloudWatch, then send again; a larger instance may help.",
        "aws/amazon-sagemaker-examples#177 #2815 #3089",
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
        _refuses_accept,
        "The container cannot answer with {asked}, which Accept asks for.",
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
        that(_model_failed, "status"),
        "The model's own code failed, and SageMaker only carries its answer: {seen}",
        "Look into the endpoint's log around this second, by the inference id; LogStreamArn names the log group.",
        "aws/amazon-sagemaker-examples#407 #924 #235; aws/sagemaker-python-sdk#2955",
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
        that(lambda e: _original(e) if e.is_model_error else None, "status"),
        "The container refused the request, and SageMaker only carries its words: {seen}",
        "Compare the payload with what the container's documentation asks for.",
        "the service model",
    ),
)
