"""What decoding an answer tells a diagnosis: from a closed decoder and the recorder of the same call."""

from __future__ import annotations

from itertools import pairwise

from smrt_tui.core.badges import is_buffered
from smrt_tui.core.decode.decoder import Decoder
from smrt_tui.core.diagnose.evidence import StreamFacts
from smrt_tui.core.events import Phase
from smrt_tui.core.recorder import Recorder


def stream_facts(decoder: Decoder, recorder: Recorder) -> StreamFacts:
    """What the parts of a finished stream showed. A plain body has none of it but an error inside."""
    answer = decoder.answer
    is_framed = bool(recorder.parts) and bool(recorder.parts.headers(0))
    if not is_framed:
        return StreamFacts(in_band_error=answer.error or "", guess=decoder.guess)
    last = len(recorder.parts) - 1
    return StreamFacts(
        parts_cut_in_json=0 if decoder.is_whole else sum(part < last for part in decoder.cut_events),
        parts_cut_in_character=sum(part < last for part in decoder.cut_characters),
        parts_with_several_events=_parts_with_several(decoder),
        in_band_error=answer.error or "",
        is_unterminated=decoder.is_unterminated,
        is_buffered=is_buffered(recorder.parts.times, _sent_at(recorder)),
        guess=decoder.guess,
    )


def _parts_with_several(decoder: Decoder) -> int:
    """Parts that completed more than one message with text; an end marker beside the last one does not count."""
    places = decoder.answer.places
    if decoder.framing != "sse" or decoder.answer.counts.text_events < 2:
        return 0
    parts = [places[number].part for number in range(len(places))]
    shared = {one for one, following in pairwise(parts) if one == following}
    return len(shared - {parts[-1]})


def _sent_at(recorder: Recorder) -> float:
    return next((mark.at for mark in recorder.attempt.marks if mark.phase is Phase.SEND_HEAD), 0.0)
