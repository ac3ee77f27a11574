"""Bytes into events into an answer: framers, the presets of the field, and the decoder that puts them together.

Pure and incremental. Nothing here reads a clock or draws; raw parts stay with the recorder.
"""

from smrt_tui.core.decode.answer import Answer, Choice, Counts, ToolCall
from smrt_tui.core.decode.binary import BinaryFacts
from smrt_tui.core.decode.channel import Channel
from smrt_tui.core.decode.decoded import Decoded, Kind, ToolFragment
from smrt_tui.core.decode.decoder import Decoder, decode_whole
from smrt_tui.core.decode.options import validate_stream_options
from smrt_tui.core.decode.places import Place, Places
from smrt_tui.core.decode.presets import PRESETS, Preset, Shape, find_preset
from smrt_tui.core.decode.sniff import Framing

__all__ = [
    "PRESETS",
    "Answer",
    "BinaryFacts",
    "Channel",
    "Choice",
    "Counts",
    "Decoded",
    "Decoder",
    "Framing",
    "Kind",
    "Place",
    "Places",
    "Preset",
    "Shape",
    "ToolCall",
    "ToolFragment",
    "decode_whole",
    "find_preset",
    "validate_stream_options",
]
