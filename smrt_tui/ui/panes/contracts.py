"""What a pane needs of a decoder."""

from __future__ import annotations

from typing import Protocol


class Decoder(Protocol):
    """Whatever `core.decode` made of the body so far."""
