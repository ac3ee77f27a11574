"""The pictures in the documents are what the app draws."""

from __future__ import annotations

import re

import pytest

from tests.pictures import SCENARIOS, SCREENSHOTS, Scenario, picture


def words(svg: str) -> list[str]:
    """The text of a picture, line by line."""
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
async def test_the_picture_is_fresh(scenario: Scenario) -> None:
    kept = (SCREENSHOTS / f"{scenario.name}.svg").read_text(encoding="utf-8")
    drawn = await picture(scenario)
    assert words(drawn) == words(kept), "run `make pictures`, and look at what changed"
    assert drawn == kept, "the same words in other places or colours: run `make pictures`, and look at them"
