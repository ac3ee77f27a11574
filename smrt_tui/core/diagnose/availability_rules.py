"""Rules about a service that is busy, cold, ill, or not SageMaker at all, and the last words where nothing fits better.

What the request itself has wrong is for `service_rules`, which are asked first.
"""

from __future__ import annotations

import json
import re

from smrt_tui.core.diagnose.evidence import Evidence
from smrt_tui.core.diagnose.rule import Rule
from smrt_tui.core.diagnose.triggers import either, has_status, named, says, that
from smrt_tui.core.finding import Severity
from smrt_tui.core.request import header


def _is_null_message_throttle(evidence: Evidence) -> str | None:
    if evidence.status != 400 or evidence.code not in ("", "400"):
        return None
    try:
        return '{"message": null}' if json.loads(evidence.answer) == {"message": None} else None
    except ValueError:
        return None


_PROXIES = re.compile(r"squid|zscaler|blue ?coat|nginx|apache|envoy|haproxy|cloudflare|varnish|mcafee|fortinet", re.I)


def _is_html_or_xml(evidence: Evidence) -> str | None:
    body = evidence.answer or (evidence.rejected.raw if evidence.rejected else b"")
    looks = body[:200].lstrip().lower().startswith((b"<!doctype", b"<html", b"<?xml", b"<head"))
    return body[:120].decode("utf-8", "replace") if looks else None


def _not_from_sagemaker(evidence: Evidence) -> str | None:
    """A web page where the API answers in JSON: with an error, or with a 200 that no request id came with."""
    if evidence.is_model_error or evidence.is_cancelled or (evidence.code and evidence.code != str(evidence.status)):
        return None
    server = header(evidence.answered, "Server") or header(evidence.answered, "Via") or ""
    is_proxys = _PROXIES.search(server) is not None
    page = _is_html_or_xml(evidence)
    if evidence.status is None or page is None:
        return f"Server: {server}" if evidence.has_failed and is_proxys and evidence.status == 407 else None
    if evidence.status >= 500:
        return f"Server: {server}" if is_proxys else None
    is_foreign = evidence.has_failed or header(evidence.answered, "x-amzn-RequestId") is None
    return page if is_foreign else None


def _refused_in_words(evidence: Evidence) -> str | None:
    fault = evidence.service
    if fault is None or evidence.is_model_error or not 400 <= (fault.status or 0) < 500:
        return None
    return fault.message or fault.code


def _failed_unasked(evidence: Evidence) -> str | None:
    """An async job that failed without a word of the container's."""
    if evidence.code != "AsyncInferenceFailed" or evidence.is_model_error:
        return None
    return evidence.message or evidence.code


RULES: tuple[Rule, ...] = (
    Rule(
        "R16",
        Severity.ERROR,
        either(
            named("ThrottlingException", "Throttling", "TooManyRequestsException", "RequestLimitExceeded"),
            says(r"\A\s*Rate exceeded", when=lambda e: not e.is_model_error),
            that(_is_null_message_throttle, "body"),
        ),
        "Too many invocations at once for this endpoint or account (the service answers 400 with an empty message).",
        "Wait and send again, keep fewer in flight, or scale the endpoint.",
        "opensearch-project/ml-commons#2249 #2429 #2438",
        hides=("R17",),
    ),
    Rule(
        "R17",
        Severity.ERROR,
        either(named("ModelNotReadyException"), that(lambda e: has_status(e, 429), "status")),
        "The model is being loaded: a cold serverless endpoint or a model of a multi-model endpoint"
        " (up to six minutes).",
        "Send again in 10 to 60 seconds; `client: {retry_model_not_ready: true, max_attempts: 5}` does it. The SDKs'"
        " standard mode does not.",
        "the SageMaker developer guide, multi-model endpoints",
    ),
    Rule(
        "R55",
        Severity.ERROR,
        either(named("InternalDependencyException"), that(lambda e: has_status(e, 530), "status")),
        "Something that SageMaker depends on failed; the request is not at fault.",
        "Send again; if it stays so, ask AWS support with the request id.",
        "the service model",
    ),
    Rule(
        "R53",
        Severity.ERROR,
        that(_not_from_sagemaker, "answer"),
        "The answer is not the API's: a proxy, a log-in page or another server stands between here and SageMaker.",
        "Check HTTPS_PROXY, NO_PROXY and `endpoint_url`.",
        "botocore, parsers",
        hides=("R37", "R56", "content-type-mismatch"),
    ),
    Rule(
        "R56",
        Severity.ERROR,
        either(
            named("InternalFailure", "ServiceUnavailable", "InternalServerError"),
            that(lambda e: has_status(e, 500, 502, 503, 504), "status"),
        ),
        "SageMaker itself failed or is overloaded; the request is not at fault.",
        "Send again with a pause between attempts (the SDKs try three times).",
        "the service model",
    ),
    Rule(
        "R52",
        Severity.ERROR,
        either(
            named("UnknownOperationException", "UnknownOperation"),
            that(lambda e: "UnknownOperation" if e.has_failed and b"UnknownOperation" in e.answer else None, "body"),
            that(lambda e: None if _is_html_or_xml(e) else has_status(e, 404), "status"),
        ),
        "There is no such operation at this address: a wrong path, or the control plane's host.",
        "The runtime's host is runtime.sagemaker.<region>.amazonaws.com; check `endpoint_url`.",
        "inferred from the API's paths",
        hides=("R53",),
    ),
    Rule(
        "refused",
        Severity.ERROR,
        that(_refused_in_words, "message"),
        "SageMaker refused the request before the container saw it, in the words above.",
        "Compare the request with the endpoint's configuration; the message names what it refuses.",
        "the service model",
    ),
    Rule(
        "job-failed",
        Severity.ERROR,
        that(_failed_unasked, "failure object"),
        "SageMaker gave the job up before a container answered, in the words of its failure object.",
        "Where it waited too long, raise RequestTTLSeconds or scale the endpoint; where S3 refused, look at the"
        " endpoint's role.",
        "the SageMaker developer guide, asynchronous inference",
    ),
)
