"""A refused signature: what was signed here beside what the server worked out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smrt_tui.core.canonical import LinePair, Row, comparison_rows, first_difference, refused_signature
from smrt_tui.core.events import ServiceFault, Signed

CANONICAL = "POST\n/endpoints/e/invocations\n\nhost:h\nx-amz-date:20261122T101112Z\n\nhost;x-amz-date\n4a5b"
TO_SIGN = "AWS4-HMAC-SHA256\n20261122T101112Z\n20261122/us-east-1/sagemaker/aws4_request\n7be5"
AWS = (
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key "
    "and signing method. Consult the service documentation for details.\n\nThe Canonical String for this request "
    "should have been\n'{}'\n\nThe String-to-Sign should have been\n'{}'\n"
)


def signed(canonical: str = CANONICAL, to_sign: str = TO_SIGN, scope: str = "20261122/us-east-1") -> Signed:
    return Signed(
        0.0, "env", "AKID", scope, ("host",), canonical, to_sign, "4a5b", has_session_token=False, expires_at=None
    )


def refused(message: str) -> ServiceFault:
    return ServiceFault(0.1, "InvalidSignatureException", "", message, 403, None, "", "")


def test_the_first_difference_is_marked_under_its_character() -> None:
    theirs = CANONICAL.replace("host:h\n", "host:x\n")
    compared = refused_signature(signed(), refused(AWS.format(theirs, TO_SIGN.replace("7be5", "ffff"))))
    assert [comparison.first_difference for comparison in compared] == [3, 3]
    assert first_difference(compared) == "line 4 of the canonical request is `host:h` here and `host:x` to the server"
    assert list(comparison_rows(compared))[:8] == [
        Row("heading", "canonical request"),
        Row("same", "        POST"),
        Row("same", "        /endpoints/e/invocations"),
        Row("same", "        "),
        Row("ours", "ours    host:h"),
        Row("theirs", "server  host:x"),
        Row("mark", "        -----^ the first difference"),
        Row("same", "        x-amz-date:20261122T101112Z"),
    ]


def test_the_same_text_on_both_sides_means_another_secret_key() -> None:
    compared = refused_signature(signed(), refused(AWS.format(CANONICAL, TO_SIGN)))
    assert [comparison.first_difference for comparison in compared] == [None, None]
    assert first_difference(compared) == "both sides signed the same text, so the secret key differs"
    told = list(comparison_rows(compared))
    assert {row.kind for row in told} == {"heading", "same"}
    assert told[0] == Row("heading", "canonical request, the same on both sides")


def test_a_header_that_only_the_server_has_stands_beside_nothing() -> None:
    compared = refused_signature(signed("a"), refused(AWS.format("a\nb", TO_SIGN)))
    assert compared[0].lines == (LinePair("a", "a"), LinePair(None, "b"))
    assert first_difference(compared) == "line 2 of the canonical request is not there here and `b` to the server"
    assert Row("ours", "ours    (no such line)") in comparison_rows(compared)


def test_a_session_token_is_neither_shown_nor_a_difference() -> None:
    ours = CANONICAL.replace("host;", "x-amz-security-token:********\nhost;")
    theirs = CANONICAL.replace("host;", "x-amz-security-token:FwoGZXIvSECRET==\nhost;")
    compared = refused_signature(signed(ours), refused(AWS.format(theirs, TO_SIGN)))
    assert compared[0].first_difference is None
    assert "SECRET" not in str(list(comparison_rows(compared)))


@pytest.mark.parametrize(
    "message",
    [
        "",
        "The request signature we calculated does not match the signature you provided.",
        "Signature expired: 20140325T143453Z is now earlier than 20140325T143751Z",
    ],
)
def test_an_answer_that_tells_neither_text_is_compared_with_nothing(message: str) -> None:
    assert refused_signature(signed(), refused(message)) == ()


def test_an_unsigned_call_is_compared_with_nothing() -> None:
    message = AWS.format(CANONICAL, TO_SIGN)
    assert refused_signature(signed(scope=""), refused(message)) == refused_signature(None, refused(message)) == ()


def test_an_answer_that_was_cut_still_tells_the_canonical_request() -> None:
    (only,) = refused_signature(signed(), refused(AWS.format(CANONICAL, TO_SIGN).partition("\n\nhost;x")[0]))
    assert (only.name, only.lines[4].is_same) == ("canonical request", True)


lines = st.text(st.characters(codec="ascii", categories=("L", "N", "P", "Zs")), max_size=20)
texts = st.lists(lines, min_size=1, max_size=8).map("\n".join)


@given(texts, texts)
def test_whatever_was_signed_comes_back_line_by_line(ours: str, theirs: str) -> None:
    canonical, _ = refused_signature(signed(ours), refused(AWS.format(theirs, TO_SIGN)))
    assert [pair.ours for pair in canonical.lines if pair.ours is not None] == ours.split("\n")
    assert [pair.theirs for pair in canonical.lines if pair.theirs is not None] == theirs.split("\n")
    assert (canonical.first_difference is None) == (ours == theirs)
    for pair in canonical.lines:
        one, other = pair.ours or "", pair.theirs or ""
        assert one[: pair.differs_at] == other[: pair.differs_at]
        assert (
            pair.is_same
            or one[pair.differs_at :][:1] != other[pair.differs_at :][:1]
            or None in (pair.ours, pair.theirs)
        )
