"""Files and environment as a request is filled from them: looked at, completed, never a way to hang or to raise."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from msgspec.structs import replace

from smrt_tui.core.catalogue import ProfileEntry
from smrt_tui.core.draft import Draft
from smrt_tui.core.errors import SmrtError
from smrt_tui.core.fills import Fill
from smrt_tui.inputs import Inputs
from tests.cli.stage import a_stage


def at(folder: Path, **environ: str) -> tuple[Inputs, ProfileEntry]:
    environment = replace(a_stage(folder).environment, environ=environ)
    return Inputs(environment), ProfileEntry("p", str(folder / "p.yaml"), str(folder), None)


async def test_a_file_beside_the_profile_is_looked_at(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_bytes(b"1,2\n" * 100_000)
    inputs, entry = at(tmp_path)
    found = await inputs.look(entry, "rows.csv")
    assert (found.media_type, found.size, len(found.head)) == ("text/csv", 400_000, 65_536)


@pytest.mark.parametrize("path", ["nowhere", ".", "pipe", "a\x00b", "~nobody-of-that-name/x", "x" * 5000])
async def test_what_cannot_be_sent_is_said_and_not_waited_for(tmp_path: Path, path: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    inputs, entry = at(tmp_path)
    with pytest.raises(SmrtError):
        await inputs.look(entry, path)
    await inputs.complete(entry, path)


async def test_a_path_is_completed_to_the_first_that_fits(tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    for name in ("images/cat.jpg", "images/car.jpg", ".hidden", "b"):
        (tmp_path / name).touch()
    inputs, entry = at(tmp_path)
    typed = ["", "im", "images/", "images/cat", str(tmp_path / "b"), "zzz", "zzz/a"]
    assert [await inputs.complete(entry, path) for path in typed] == [
        None,
        "images/",
        "images/car.jpg",
        "images/cat.jpg",
        str(tmp_path / "b"),
        None,
        None,
    ]


async def test_what_fills_itself_is_told_without_any_secret(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(bytes(1234))
    inputs, entry = at(tmp_path, KEY="secret")
    body = "{{uuid}} {{env:KEY}} {{env:NO}} {{file_b64:a.png}} {{file_b64:no}} {{what:x}} {{name}} {{uuid}}"
    assert await inputs.fills(entry, Draft("sync", "e", body=body)) == (
        Fill("{{uuid}}", "another one each time"),
        Fill("{{env:KEY}}", "is set"),
        Fill("{{env:NO}}", "is not set", is_missing=True),
        Fill("{{file_b64:a.png}}", "1,234 bytes"),
        Fill("{{file_b64:no}}", "No such file or directory", is_missing=True),
        Fill("{{what:x}}", "unknown function", is_missing=True),
    )
    assert await inputs.fills(entry, Draft("sync", "e", body="{{uuid}}", variables=(("uuid", "mine"),))) == ()
