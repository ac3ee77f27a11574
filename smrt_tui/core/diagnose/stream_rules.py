"""Rules about answers that began well: streams that break, that are none, that hide an error, that need a buffer."""

from __future__ import annotations

from smrt_tui.core.diagnose.evidence import Evidence
from smrt_tui.core.diagnose.rule import Hit, Rule
from smrt_tui.core.diagnose.triggers import named, parses_as_json, that
from smrt_tui.core.finding import Severity
from smrt_tui.core.request import header


def _is_stream_answer(evidence: Evidence) -> bool:
    return evidence.mode == "stream" and evidence.status == 200


def _broke(evidence: Evidence) -> Hit | None:
    if evidence.status != 200 or not evidence.has_failed or evidence.service is not None:
        return None
    if evidence.rejected is not None:
        return Hit(f"byte {evidence.rejected.offset}", evidence.rejected.message, (("parts", _parts(evidence)),))
    if evidence.transport is not None and evidence.parts:
        return Hit(evidence.transport.code, evidence.transport.message, (("parts", _parts(evidence)),))
    return None


def _parts(evidence: Evidence) -> str:
    return "1 part" if evidence.parts == 1 else f"{evidence.parts:,} parts"


def _failed_inside(evidence: Evidence) -> str | None:
    """An exception or error frame: the service's own word that the stream is over."""
    fault = evidence.service
    if evidence.mode != "stream" or fault is None or fault.status is not None:
        return None
    return f"{fault.code}: {fault.message}"


def _error_in_a_good_answer(evidence: Evidence) -> str | None:
    """An error inside a 200: of any other status the body's error is the answer itself, and is told as such."""
    return evidence.stream.in_band_error or None if evidence.status == 200 else None


def _is_no_stream(evidence: Evidence) -> str | None:
    if not _is_stream_answer(evidence) or evidence.has_failed or evidence.is_cancelled or evidence.parts != 1:
        return None
    if evidence.answer_type != "application/json" or evidence.answer.endswith(b"\n"):
        return None
    return "one part with the whole JSON document" if parses_as_json(evidence.answer) else None


def _encoded(evidence: Evidence) -> str | None:
    encoding = header(evidence.answered, "Content-Encoding")
    if evidence.mode != "stream" or not encoding or encoding.lower() == "identity":
        return None
    return f"Content-Encoding: {encoding}"


def _counted(number: int, noun: str) -> str | None:
    return f"{number} {noun}" if number else None


def _lying_type(evidence: Evidence) -> str | None:
    """An answer whose bytes plainly are something else than its content type says."""
    if evidence.has_failed or evidence.status != 200 or evidence.mode == "stream" or not evidence.answer.strip():
        return None
    declared = evidence.answer_type
    if declared == "application/json" and evidence.answer.lstrip()[:1] not in b'{["-0123456789tfn':
        return "the answer says application/json and begins " + repr(evidence.answer[:24])[1:]
    if declared == "text/csv" and parses_as_json(evidence.answer):
        return "the answer says text/csv and is JSON"
    return None


RULES: tuple[Rule, ...] = (
    Rule(
        "R36",
        Severity.ERROR,
        named("ModelInvocationTimeExceeded", when=lambda e: e.mode == "stream"),
        "The model did not finish within the time a stream has (eight minutes). What arrived is kept.",
        "Ask for a shorter output.",
        "the service model",
        hides=("R37",),
    ),
    Rule(
        "R36",
        Severity.ERROR,
        named("StreamBroken", when=lambda e: e.mode == "stream"),
        "The container closed its connection to SageMaker in the middle of the answer. What arrived is kept.",
        "Look into the container's log for a crash or an out-of-memory.",
        "the service model",
        hides=("R37",),
    ),
    Rule(
        "R36",
        Severity.ERROR,
        that(_failed_inside, "frame"),
        "The stream failed after it had begun, with an error inside the 200 answer. What arrived is kept.",
        "Send again; look into the container's log if it stays so.",
        "the service model",
        hides=("R37", "R56"),
    ),
    Rule(
        "R54",
        Severity.ERROR,
        that(_encoded, "Content-Encoding"),
        "Something on the way compressed the event stream, which no SDK reads.",
        "Send `Accept-Encoding: identity`, and check the proxy.",
        "measured with botocore",
        hides=("R37",),
    ),
    Rule(
        "R35",
        Severity.ERROR,
        that(_error_in_a_good_answer, "answer"),
        "The model put an error inside a 200 answer; what came before it is kept.",
        "Read the error; it is the model server's own.",
        "BerriAI/litellm#6054; deepjavalibrary/djl-serving LMI output schema",
        hides=("unterminated",),
    ),
    Rule(
        "R37",
        Severity.ERROR,
        _broke,
        "The answer broke off after {parts}; it is not complete, and what arrived is kept.",
        "Send again. A break at the same second each time is a time-out on the way; damaged bytes are a proxy's doing.",
        "measured: botocore takes some cut streams for complete ones",
    ),
    Rule(
        "R34",
        Severity.WARNING,
        that(_is_no_stream, "answer"),
        "The container did not stream: the whole answer came as one part.",
        'Ask for it in the payload (`"stream": true`), and check the container\'s output formatter.',
        "langchain-ai/langchain#16219; langchain-ai/langchain-aws#128",
        hides=("buffered", "unterminated"),
    ),
    Rule(
        "unterminated",
        Severity.WARNING,
        that(
            lambda e: "no finish reason, no [DONE]" if e.stream.is_unterminated and not e.has_failed else None, "answer"
        ),
        "The stream ended without the mark that its format ends with; some servers end so when they fail.",
        "Compare with the model's log.",
        "LitServe and BentoML end a failed stream like a good one",
    ),
    Rule(
        "buffered",
        Severity.WARNING,
        that(lambda e: f"{e.parts} parts at once" if e.stream.is_buffered and not e.has_failed else None, "timing"),
        "All parts came at once after a long silence: the container or something before it gathers the stream.",
        "Check the container's and the proxy's buffering.",
        "BerriAI/litellm#38569",
    ),
    Rule(
        "content-type-mismatch",
        Severity.WARNING,
        that(_lying_type, "Content-Type"),
        "The answer's content type does not fit its bytes: {seen}.",
        "Trust the bytes; the container labels its answers wrongly.",
        "langchain-ai/langchain-aws#128",
    ),
    Rule(
        "R33",
        Severity.NOTE,
        that(lambda e: _counted(e.stream.parts_with_several_events, "parts with several events"), "parts"),
        "Several events share a part ({seen}): a client that takes a part for an event loses text.",
        "Parse events over the joined bytes, as here.",
        "strands-agents/harness-sdk#4035",
    ),
    Rule(
        "R31",
        Severity.NOTE,
        that(lambda e: _counted(e.stream.parts_cut_in_json, "parts end inside a JSON value"), "parts"),
        "JSON is cut across parts ({seen}): a client that parses each part by itself fails.",
        "Join the bytes and split at line ends, as here.",
        "BerriAI/litellm#5372; the SageMaker SDK's LineIterator",
    ),
    Rule(
        "R32",
        Severity.NOTE,
        that(lambda e: _counted(e.stream.parts_cut_in_character, "parts end inside a character"), "parts"),
        "Characters are cut across parts ({seen}): a client that decodes each part by itself fails.",
        "Decode incrementally, as here.",
        "BerriAI/litellm#9165",
    ),
)
