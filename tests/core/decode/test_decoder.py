"""A body says the same whatever way it is cut into parts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import convert

from smrt_tui.core.decode.decoded import Decoded
from smrt_tui.core.decode.decoder import Decoder, decode_whole
from smrt_tui.core.events import PartArrived
from smrt_tui.core.profile import StreamOptions
from tests.transcripts.bodies import STREAMS, WHOLE, Said, Transcript, every_cut

ALL = (*STREAMS, *WHOLE)


def part(number: int, payload: bytes) -> PartArrived:
    return PartArrived(number * 0.5, number, payload, 0, (), 0, 0)


def decoded(parts: Iterable[bytes], options: StreamOptions | None = None, content_type: str = "") -> Decoder:
    decoder = Decoder(options, content_type)
    for number, payload in enumerate(parts):
        decoder.push(payload, number, number * 0.5)
    decoder.close()
    return decoder


def said(decoder: Decoder) -> Said:
    answer = decoder.answer
    first, *others = [choice for _, choice in sorted(answer.choices.items())] or [answer.choice(0)]
    assert decoder.framing is not None
    return Said(
        framing=decoder.framing,
        preset=decoder.preset,
        text=first.text.text,
        reasoning=first.reasoning.text,
        others=tuple(choice.text.text for choice in others),
        tools=tuple((call.id, call.name, call.arguments.text) for call in first.tools.values()),
        finish=first.finish,
        final=first.final,
        error=answer.error,
        usage=(answer.usage_in, answer.usage_out),
        is_unterminated=decoder.is_unterminated,
        tokens=answer.counts.tokens,
        comments=answer.counts.comments,
        bad=answer.counts.bad,
    )


@pytest.mark.parametrize("transcript", ALL, ids=lambda t: t.name)
def test_a_body_says_what_its_server_meant(transcript: Transcript) -> None:
    assert said(decoded([transcript.body], content_type=transcript.content_type)) == transcript.said


@pytest.mark.parametrize("transcript", [t for t in ALL if len(t.body) < 2000], ids=lambda t: t.name)
def test_a_body_cut_in_two_anywhere_says_the_same(transcript: Transcript) -> None:
    """At every byte of a short body, and of a long one at two hundred places; byte by byte covers every border too."""
    cuts = list(enumerate(every_cut(transcript.body)))
    different = [
        cut
        for cut, parts in cuts[:: 1 + len(cuts) // 200]
        if said(decoded(parts, content_type=transcript.content_type)) != transcript.said
    ]
    assert different == []


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64])
@pytest.mark.parametrize("transcript", ALL, ids=lambda t: t.name)
def test_a_body_in_small_parts_says_the_same(transcript: Transcript, size: int) -> None:
    body = transcript.body
    parts = [body[start : start + size] for start in range(0, len(body), size)]
    assert said(decoded(parts, content_type=transcript.content_type)) == transcript.said


@pytest.mark.parametrize("transcript", ALL, ids=lambda t: t.name)
def test_every_event_stands_where_it_stood(transcript: Transcript) -> None:
    """The same places in the body, whether it comes in one piece or byte by byte."""
    in_bytes = [bytes((byte,)) for byte in transcript.body]
    whole = decoded([transcript.body], content_type=transcript.content_type)
    assert found(decoded(in_bytes, content_type=transcript.content_type)) == found(whole)


def cut(body: bytes, places: Sequence[int]) -> list[bytes]:
    ends = sorted({place % (len(body) + 1) for place in places})
    return [body[start:end] for start, end in zip([0, *ends], [*ends, len(body)], strict=True)]


SYNTAX = b'data: ~data:~\n\n~\n~\r\n~\r~: x~event: e\n~{~}~[~]~"~\\~\\u~\\ud83d~\\ude42~,~ ~\x1e~[DONE]~1~null'
BEGINNINGS = b'{"text":"~"}~{"a":[~]}~\xef\xbb\xbf~\xc3\xb6~\xf0\x9f\x99\x82~\xff~\x00~\x89PNG~RIFF~id~Hello~x:'
SNIPPETS = st.sampled_from([*SYNTAX.split(b"~"), *BEGINNINGS.split(b"~")])
BODIES = st.lists(st.one_of(SNIPPETS, st.binary(max_size=3)), max_size=24).map(b"".join)
DECODERS = st.sampled_from(["auto", "sse", "json", "text", "binary"])
CONTENT_TYPES = st.sampled_from(["", "text/event-stream", "application/json"])


def found(decoder: Decoder) -> tuple[object, ...]:
    """Everything that must not depend on the cutting; in plain text every part is an event of its own."""
    answer = decoder.answer
    places = [(place.start, place.end) for place in map(answer.places.__getitem__, range(len(answer.places)))]
    counts = answer.counts if decoder.framing in ("sse", "json") else None
    return said(decoder), decoder.ended_inside, places if counts else None, counts, decoder.binary


@given(BODIES, st.lists(st.integers(0, 200), max_size=12), DECODERS, CONTENT_TYPES)
@settings(max_examples=200, deadline=None)
def test_no_bytes_depend_on_how_they_are_cut(body: bytes, places: list[int], decoder: str, content_type: str) -> None:
    options = convert({"decoder": decoder}, StreamOptions)
    whole = decoded([body], options, content_type)
    assert found(decoded(cut(body, places), options, content_type)) == found(whole)


@given(BODIES, st.lists(st.integers(0, 200), max_size=12), DECODERS)
@settings(max_examples=200, deadline=None)
def test_events_add_up_to_the_answer(body: bytes, places: list[int], name: str) -> None:
    decoder = Decoder(convert({"decoder": name}, StreamOptions))
    events: list[Decoded] = []
    for number, payload in enumerate(cut(body, places)):
        restarts = decoder.restarts
        new = decoder.push(payload, number, number * 0.5)
        events = events + new if decoder.restarts == restarts else new
    restarts = decoder.restarts
    new = decoder.close()
    events = events + new if decoder.restarts == restarts else new
    assert "".join(event.text for event in events if event.choice == 0) == decoder.text
    assert [event.number for event in events if event.choice == 0] == list(range(len(decoder.answer.places)))
    assert [decoder.answer.places[e.number] for e in events] == [(e.start, e.end, e.part) for e in events]
    assert all(event.at == event.part * 0.5 for event in events)


@given(BODIES, st.lists(st.integers(0, 200), max_size=12))
@settings(max_examples=100, deadline=None)
def test_many_parts_at_once_are_as_one_by_one(body: bytes, places: list[int]) -> None:
    parts = [part(number, payload) for number, payload in enumerate(cut(body, places))]
    one_by_one, at_once = Decoder(), Decoder()
    for one in parts:
        one_by_one.push(one.payload, one.number, one.at)
    at_once.push_many(parts)
    one_by_one.close()
    at_once.close()
    assert found(at_once) == found(one_by_one)
    assert at_once.answer.texts == one_by_one.answer.texts


def test_parts_that_cut_an_event_or_a_character_are_noted() -> None:
    body = 'data: {"text":"wö"}\n\ndata: {"text":"🙂"}\n\n'.encode()
    smile = body.index("🙂".encode())
    decoder = decoded(
        [body[:10], body[10:17], body[17:22], body[22 : smile + 1], body[smile + 1 : smile + 2], b"", body[smile + 2 :]]
    )
    assert decoder.text == "wö🙂"
    assert list(decoder.cut_events) == [0, 1, 3, 4, 5]
    assert list(decoder.cut_characters) == [1, 3, 4]


def test_parts_of_text_that_cut_a_character_are_noted() -> None:
    decoder = decoded([b"w\xc3", b"\xb6\xf0", b"\x9f", b"\x99\x82."])
    assert decoder.text == "wö🙂."
    assert list(decoder.cut_characters) == [0, 1, 2]
    assert list(decoder.cut_events) == []


def test_a_character_leads_to_its_event_and_back() -> None:
    body = b'data: {"text":"Hel"}\n\n: note\n\ndata: {"text":"lo"}\n\n'
    decoder = decoded([body[:30], body[30:]])
    channel = decoder.answer.choices[0].text
    places = decoder.answer.places
    assert [channel.event_at(index) for index in range(-1, 6)] == [None, 0, 0, 0, 2, 2, None]
    assert [channel.span_of(event) for event in range(4)] == [(0, 3), None, (3, 5), None]
    assert [body[slice(*places[event][:2])] for event in range(3)] == [
        b'data: {"text":"Hel"}',
        b": note",
        b'data: {"text":"lo"}',
    ]
    assert [places.at_byte(offset) for offset in (0, 19, 20, 22, 28, 30, len(body))] == [0, 0, None, 1, None, 2, None]
    assert [list(places.of_part(number)) for number in range(3)] == [[0, 1], [2], []]


def test_the_guess_is_told() -> None:
    assert Decoder().guess == "auto: …"
    assert decoded([b'data: {"choices":[{"delta":{}}]}\n\n']).guess == "auto: sse · openai-chat"
    assert decoded([b'{"predictions":[1]}']).guess == "auto: json"
    assert decoded([b"hello"]).guess == "auto: text"
    assert decoded([b"\x89PNG\r\n\x1a\n"]).guess == "auto: binary · image/png"
    assert decoded([b'{"text":"a"}'], StreamOptions(decoder="jsonlines")).guess == "json · text"


def test_a_wrong_preset_is_tried_first_and_then_others() -> None:
    body = b'data: {"choices":[{"delta":{"content":"Hi"}}]}\n\n'
    assert decoded([body], StreamOptions(preset="tgi")).guess == "auto: sse · openai-chat"
    both = b'{"outputs":["a"],"text":"b"}\n'
    assert decoded([both], StreamOptions(preset="text")).text == "b"
    assert decoded([both]).text == "a"


def test_own_paths_go_over_those_of_the_preset() -> None:
    body = b'{"token":{"text":"a"},"x":{"y":"b"},"details":{"finish_reason":"length"}}\n'
    decoder = decoded([body], StreamOptions(text="x.y"))
    assert (decoder.text, decoder.answer.choices[0].finish) == ("b", "length")


def test_events_are_skipped_when_the_profile_says_so() -> None:
    body = b'{"text":"a","n":1}\n{"text":"b","n":2}\n'
    decoder = decoded([body], StreamOptions(skip_when="n == `2`"))
    assert (decoder.text, decoder.answer.counts.hidden) == ("a", 1)


def test_what_is_no_text_is_counted_and_left_out() -> None:
    body = b'{"token":{"text":"a"}}\n{"token":{"text":["b"]}}\n{"token":{"text":5}}\n'
    decoder = decoded([body])
    assert (decoder.text, decoder.answer.counts.odd) == ("a", 2)


def test_an_own_end_marker_ends() -> None:
    body = b'data: {"choices":[{"delta":{"content":"Hi"}}]}\n\ndata: <end>\n\n'
    assert decoded([body]).is_unterminated
    decoder = decoded([body], StreamOptions(done="<end>"))
    assert (decoder.answer.is_done, decoder.is_unterminated) == (True, False)


def test_a_repeated_text_is_compared_and_not_appended() -> None:
    line = b'{"token":{"text":"a"},"generated_text":null}\n{"token":{"text":"b"},"generated_text":"%s"}\n'
    same, other = decoded([line % b"ab"]), decoded([line % b"aX"])
    assert (same.text, same.answer.choices[0].final_agrees) == ("ab", True)
    assert (other.text, other.answer.choices[0].final_agrees) == ("ab", False)
    assert decoded([b'{"text":"a"}']).answer.choices[0].final_agrees is None


def test_a_preset_of_text_reads_events_as_they_are() -> None:
    body = b'data: {"text":"a"}\n\ndata: b\n\n'
    assert decoded([body], StreamOptions(decoder="sse", preset="raw-text")).text == '{"text":"a"}b'
    assert decoded([body], StreamOptions(preset="raw-text")).text == body.decode()


@pytest.mark.parametrize("framing", ["sse", "json"])
def test_a_body_without_an_end_does_not_grow_the_decoder(framing: str) -> None:
    options = convert({"decoder": framing}, StreamOptions)
    start = b'{"text":"' if framing == "json" else b'data: {"text":"'
    decoder = Decoder(options, limit=100)
    for number in range(30):
        decoder.push(start if number == 0 else b"x" * 10, number, 0.0)
    decoder.push(b'"}\n\n' + start + b'ok"}\n', 30, 0.0)
    decoder.close()
    end = len(start) + 29 * 10 + 2
    assert decoder.text == "ok"
    assert decoder.answer.places[0] == (0, end, 30)
    assert (decoder.answer.counts.bad, decoder.answer.counts.bad_bytes) == (1, end)


def test_a_large_value_in_small_parts_is_read_in_time_that_grows_with_it() -> None:
    """Three megabytes in two thousand parts: work that grows with the square would copy three gigabytes."""
    text = "A" * 3_000_000
    body = b'{"text":"' + text.encode() + b'"}'
    decoder = decoded([body[start : start + 1400] for start in range(0, len(body), 1400)])
    assert decoder.text == text


def test_a_body_of_another_kind_than_it_seemed_is_decoded_anew() -> None:
    decoder = Decoder()
    assert [event.kind for event in decoder.push(b": hi\n", 0, 0.0)] == ["comment"]
    anew = decoder.push(b"there\n", 1, 0.5)
    assert decoder.restarts == 1
    assert [(event.text, event.part, event.at) for event in anew] == [(": hi\n", 0, 0.0), ("there\n", 1, 0.5)]
    assert decoder.answer.counts.comments == 0


def test_a_whole_body_may_be_longer_than_the_longest_event() -> None:
    body = b'{"generated_text":"' + b"A" * (9 << 20) + b'"}'
    assert len(decode_whole(body).text) == 9 << 20


def test_closing_twice_is_as_once() -> None:
    decoder = Decoder()
    decoder.push(b'data: {"text":"a"}', 0, 0.0)
    assert len(decoder.close()) == 1
    assert decoder.close() == []


@pytest.mark.parametrize("size", [1, 3, 5, 16, 100])
@pytest.mark.parametrize("options", [StreamOptions(), StreamOptions(decoder="text")], ids=["auto", "told"])
def test_many_parts_of_text_at_once_are_as_one_by_one(size: int, options: StreamOptions) -> None:
    body = (
        b"\xef\xbb\xbf"
        + b"ASCII " * 200
        + "Hello wörld 🙂 and so on. ".encode() * 60
        + b"\xffbad\xc3"
        + b"plain ASCII " * 60
    )
    payloads = [body[start : start + size] for start in range(0, len(body), size)]
    payloads.insert(70, b"")
    parts = [part(number, payload) for number, payload in enumerate(payloads)]
    one_by_one, at_once = Decoder(options), Decoder(options)
    single = [event for one in parts for event in one_by_one.push(one.payload, one.number, one.at)]
    batches = [event for start in range(0, len(parts), 20) for event in at_once.push_many(parts[start : start + 20])]
    assert batches == single
    assert at_once.close() == one_by_one.close()
    assert at_once.text == one_by_one.text == body.decode("utf-8-sig", "replace")
    assert at_once.cut_characters == one_by_one.cut_characters
    assert at_once.answer.texts == one_by_one.answer.texts
    places = [decoder.answer.places for decoder in (at_once, one_by_one)]
    assert [places[0][n] for n in range(len(places[0]))] == [places[1][n] for n in range(len(places[1]))]
    channels = [decoder.answer.choices[0].text for decoder in (at_once, one_by_one)]
    for index in range(0, channels[0].length, 7):
        assert channels[0].event_at(index) == channels[1].event_at(index)
    assert channels[0].cut(5, 500) == channels[1].cut(5, 500)


def test_a_marked_end_counts_even_without_its_line_end() -> None:
    body = b'data: {"choices":[{"delta":{"content":"Hi"},"finish_reason":null}]}\n\n'
    cut, marked = decoded([body + b"data: [DO"]), decoded([body + b"data: [DONE]"])
    assert (cut.ended_inside, cut.is_unterminated) == (True, True)
    assert (marked.ended_inside, marked.is_unterminated) == (True, False)
