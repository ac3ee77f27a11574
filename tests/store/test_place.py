"""Where a person was comes back; what cannot be read is as if it were not there."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from smrt_tui.core.place import MOST, Place
from smrt_tui.store.place import read_place, write_place


def test_a_place_comes_back(tmp_path: Path) -> None:
    place = Place().at("local/chat", "haiku").at("aws/a\ud800", "").at("local/chat", "ask")
    write_place(tmp_path, place)
    assert read_place(tmp_path) == place == Place("local/chat", (("aws/a\ud800", ""), ("local/chat", "ask")))
    assert place.payload("local/chat") == "ask"
    assert stat.S_IMODE((tmp_path / "place.json").stat().st_mode) == 0o600


def test_only_the_latest_are_remembered() -> None:
    place = Place()
    for number in range(MOST + 5):
        place = place.at(str(number), "p")
    assert (len(place.payloads), place.payloads[0][0]) == (MOST, "5")


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"profile_id": 1, "payloads": []}', b"\xff", b"[" * 100_000])
def test_a_damaged_place_is_no_place(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "place.json").write_bytes(content)
    assert read_place(tmp_path) == Place()
