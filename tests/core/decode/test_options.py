"""What is wrong in a profile's `stream:` section is told key by key."""

from __future__ import annotations

from smrt_tui.core.decode.decoder import Decoder
from smrt_tui.core.decode.options import validate_stream_options
from smrt_tui.core.profile import StreamOptions


def test_good_options_have_no_problems() -> None:
    good = StreamOptions(preset="openai-chat", text="choices[0].delta.content", skip_when="a == 'b'", done="[END]")
    assert validate_stream_options(StreamOptions()) == []
    assert validate_stream_options(good) == []


def test_every_problem_is_told_at_once() -> None:
    bad = StreamOptions(preset="openai_chat", text="choices[0.delta", usage_out="foo(@)")
    assert validate_stream_options(bad) == [
        ("preset", "there is no preset 'openai_chat'; did you mean `openai-chat`?"),
        ("text", "no JMESPath at column 10, '.': 'choices[0.delta'"),
        ("usage_out", "JMESPath has no function foo()"),
    ]


def test_an_unlike_preset_gets_the_list() -> None:
    (key, message) = validate_stream_options(StreamOptions(preset="zzz"))[0]
    assert key == "preset"
    assert message.startswith("there is no preset 'zzz'; there are openai-chat, openai-completions,")


def test_a_decoder_works_without_what_is_wrong() -> None:
    decoder = Decoder(StreamOptions(preset="zzz", text="a[", finish="why"))
    decoder.push(b'{"text": "a", "why": "enough"}\n', 0, 0.0)
    assert (decoder.text, decoder.answer.choices[0].finish) == ("a", "enough")
