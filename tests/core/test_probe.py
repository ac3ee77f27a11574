"""The content-type probe: its grid, what goes out under each pair, and how an outcome reads."""

from __future__ import annotations

from smrt_tui.client.answers import http_fault
from smrt_tui.core.draft import Draft, ResolvedDraft
from smrt_tui.core.events import Ended, HeadArrived, PartArrived, TransportFault
from smrt_tui.core.probe import NONE, Outcome, Pair, as_markdown, default_choice, outcome_of, pairs_of, under
from smrt_tui.core.recorder import Recorder
from tests.core.diagnose.recorded import model_error

CSV_OF_JSON = Pair("application/json", "text/csv")


def test_a_grid_has_each_pair_once() -> None:
    assert pairs_of(("a", "b", "a"), ("c", "d")) == (Pair("a", "c"), Pair("a", "d"), Pair("b", "c"), Pair("b", "d"))


def test_the_draft_s_own_types_come_first() -> None:
    draft = Draft("sync", "e", (("ContentType", "image/png"), ("Accept", "text/html")), body='{"a": 1}')
    content_types, accepts = default_choice(draft)
    assert content_types == ("image/png", "application/json", "text/csv", NONE)
    assert accepts == ("text/html", NONE, "application/json", "text/csv")


def test_a_draft_without_types_begins_with_what_its_body_looks_like() -> None:
    assert default_choice(Draft("sync", "e", body="1,2"))[0] == ("text/csv", "application/json", NONE)


def test_a_pair_replaces_both_members_and_the_headers_that_carry_them() -> None:
    draft = ResolvedDraft(
        "stream",
        "e",
        (("ContentType", "a"), ("TargetVariant", "blue")),
        (("X-Amzn-SageMaker-Accept", "b"), ("Accept", "kept"), ("X-Trace", "1")),
        b"{}",
    )
    assert under(draft, CSV_OF_JSON) == ResolvedDraft(
        "stream",
        "e",
        (("TargetVariant", "blue"), ("ContentType", "application/json"), ("Accept", "text/csv")),
        (("Accept", "kept"), ("X-Trace", "1")),
        b"{}",
    )


def test_an_empty_half_of_a_pair_sends_no_header() -> None:
    draft = ResolvedDraft("sync", "e", (("ContentType", "a"), ("Accept", "b")), (), b"")
    assert under(draft, Pair(NONE, NONE)).members == ()


DRAFT = ResolvedDraft("sync", "e", (), (), b"{}")


def test_a_good_answer_tells_its_type_size_and_time() -> None:
    recorder = Recorder()
    head = HeadArrived(0.1, "1.1", 200, "OK", (("Content-Type", "text/csv; charset=utf-8"),))
    recorder.add((head, PartArrived(0.2, 0, b"1,2", 0, (), 0, 0), Ended(0.25, "complete")))
    outcome = outcome_of(CSV_OF_JSON, recorder, DRAFT)
    assert outcome == Outcome(CSV_OF_JSON, True, "200", "", "text/csv; charset=utf-8", 3, 0.25)
    assert outcome.cells == ("application/json", "text/csv", "200", "ok", "text/csv; charset=utf-8", "3", "0.250")


def test_a_model_error_tells_the_container_s_status_and_words() -> None:
    recorder = Recorder()
    body = model_error(415, "content-type text/csv not supported")
    recorder.add((HeadArrived(0.1, "1.1", 424, "", ()), http_fault(0.1, 424, "", (), body), Ended(0.2, "fault")))
    outcome = outcome_of(Pair("text/csv", NONE), recorder, DRAFT)
    assert outcome.cells == (
        "text/csv",
        "(none)",
        "424 (415)",
        "content-type text/csv not supported",
        "",
        "",
        "0.200",
    )


def test_a_call_without_an_answer_tells_why() -> None:
    recorder = Recorder()
    recorder.add((TransportFault(0.1, "dns-failed", "no address", ""), Ended(0.1, "fault")))
    outcome = outcome_of(CSV_OF_JSON, recorder, DRAFT)
    assert (outcome.is_good, outcome.status, outcome.told) == (False, "no answer", "no address")


def test_the_table_is_copied_as_markdown() -> None:
    good = Outcome(CSV_OF_JSON, True, "200", "", "text/csv", 3, 0.25)
    bad = Outcome(Pair(NONE, "*/*"), False, "424 (415)", "no | such", "", 0, 1.0)
    assert as_markdown([good, bad], "my-endpoint") == (
        "Endpoint `my-endpoint`: 1 of 2 pairs were answered.\n\n"
        "| ContentType | Accept | status | answer | type | bytes | seconds |\n"
        "| --- | --- | --- | --- | --- | --- | --- |\n"
        "| application/json | text/csv | 200 | ok | text/csv | 3 | 0.250 |\n"
        "| (none) | \\*/\\* | 424 (415) | no \\| such |  |  | 1.000 |\n"
    )
