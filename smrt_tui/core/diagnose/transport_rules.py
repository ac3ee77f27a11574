"""Rules about the way there: names, connections, time-outs, uploads, proxies, and the async job's objects."""

from __future__ import annotations

from smrt_tui.core.diagnose.evidence import Evidence
from smrt_tui.core.diagnose.rule import Hit, Rule
from smrt_tui.core.diagnose.triggers import either, failed_here, says, that
from smrt_tui.core.finding import RaiseReadTimeout, Severity
from smrt_tui.core.request import header

LARGE_BODY = 5 * 1024 * 1024
"""From here on a connection that breaks while uploading is the front door's size limit."""

_BROKE = ("connection-reset", "no-answer", "head-cut", "upload-cut", "write-timeout")


def _is_aws_host(evidence: Evidence) -> bool:
    return bool(evidence.region)


def _never_answered(evidence: Evidence) -> bool:
    """AWS's host, a small payload, and not a byte back: the service does not do that, firewalls do."""
    return _is_aws_host(evidence) and evidence.status is None and len(evidence.body) <= LARGE_BODY


def _cut_upload(evidence: Evidence) -> Hit | None:
    if len(evidence.body) <= LARGE_BODY:
        return None
    hit = failed_here(*_BROKE)(evidence)
    return hit and Hit(hit.where, f"{len(evidence.body):,} bytes of payload; {hit.evidence}")


def _short_time_out(evidence: Evidence) -> Hit | None:
    limit = 480.0 if evidence.mode == "stream" else 60.0
    hit = failed_here("read-timeout", "total-timeout")(evidence)
    if hit is None or evidence.seconds >= limit:
        return None
    advice = 480 if evidence.mode == "stream" else 70
    is_per_read = failed_here("read-timeout")(evidence) is not None
    return Hit(
        hit.where,
        f"gave up after {evidence.seconds:.1f} s",
        (
            ("limit", f"{limit:.0f}"),
            (
                "advice",
                f"Raise `client: {{read_timeout: {advice}}}`" if is_per_read else "Raise or drop `total_timeout`",
            ),
        ),
        RaiseReadTimeout(advice) if is_per_read else None,
    )


def _content_length_typed(evidence: Evidence) -> str | None:
    value = header(evidence.typed, "Content-Length")
    if not evidence.has_failed or value is None or value == str(len(evidence.body)):
        return None
    return f"Content-Length: {value} typed, the body has {len(evidence.body)} bytes"


def _denied_looks(evidence: Evidence) -> str | None:
    looks = [job for job in evidence.jobs if "403" in job.detail]
    return looks[-1].detail if evidence.has_failed and looks else None


RULES: tuple[Rule, ...] = (
    Rule(
        "R13",
        Severity.ERROR,
        _cut_upload,
        "The server closed the connection while the payload was being sent, as it does with one over its limit.",
        "Shrink the payload, or send it asynchronously through S3.",
        "aws/amazon-sagemaker-examples#324; aws/sagemaker-python-sdk#799 #831",
        hides=("R37",),
    ),
    Rule(
        "R10",
        Severity.ERROR,
        _short_time_out,
        "This tool stopped waiting before SageMaker would have: the service allows {limit} seconds.",
        "{advice} in the profile.",
        "aws/sagemaker-python-sdk#3196 #1119",
        hides=("R37",),
    ),
    Rule(
        "R47",
        Severity.ERROR,
        either(
            failed_here("dns-failed", when=_is_aws_host),
            failed_here(
                "connect-refused", "connect-timeout", "connect-unreachable", "connect-failed", when=_is_aws_host
            ),
            failed_here("no-answer", "connection-reset", "head-cut", "upload-cut", when=_never_answered),
        ),
        "{host} cannot be reached: the region is misspelt, a VPC has no endpoint for the SageMaker runtime, or a"
        " firewall is in between.",
        "Check `region:`; inside a VPC, make the interface endpoint com.amazonaws.<region>.sagemaker.runtime with"
        " private DNS.",
        "aws/aws-cli#3940 #3999; aws/amazon-sagemaker-examples#1054",
    ),
    Rule(
        "R24",
        Severity.ERROR,
        that(_content_length_typed, "Content-Length"),
        "Content-Length was set by hand and does not fit the body.",
        "Take the header away; it is set by itself.",
        "BerriAI/litellm#8534",
    ),
    Rule(
        "R41",
        Severity.ERROR,
        failed_here("header-illegal", "header-name-illegal"),
        "A header holds something that cannot stand in one: a line break, a blank at the ends, or a character that is"
        " no ASCII.",
        "Correct the header that the message names.",
        "RFC 9110 section 5.5",
    ),
    Rule(
        "R29",
        Severity.ERROR,
        says(r"did not specify the required Content-Length header"),
        "The container streamed its answer, and an asynchronous invocation needs one with a Content-Length.",
        "Turn streaming off in the payload, or use an LMI container of 0.31 or newer.",
        "deepjavalibrary/djl-serving#2567",
        hides=("R45",),
    ),
    Rule(
        "R30b",
        Severity.WARNING,
        that(_denied_looks, "S3"),
        "S3 answers 403 both for an object that is not there yet and for one that may not be read, when the"
        " credentials lack s3:ListBucket.",
        "Grant s3:ListBucket on the bucket, and s3:GetObject (and the key's kms:Decrypt) on the output.",
        "aws/aws-cli#2041; the S3 documentation",
    ),
    Rule(
        "R30",
        Severity.WARNING,
        failed_here("gave-up"),
        "The output was not there when the looking stopped: the job may still be queued or running.",
        "Look again later at the output location, or raise `async: {give_up: …}`.",
        "the SageMaker developer guide",
    ),
)
