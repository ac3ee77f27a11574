"""The top of the screen says where a request goes before it says anything else about the profile."""

from __future__ import annotations

import pytest

from smrt_tui.core.catalogue import ProfileEntry
from smrt_tui.core.profile import Profile
from smrt_tui.ui.widgets.top_bar import ProfileTitle
from tests.ui.panes.host import Host

ENTRY = ProfileEntry("aws/chat", "", "", Profile(endpoint="llama-8b", region="eu-west-1", title="A model for the team"))


@pytest.mark.parametrize(
    ("width", "said"),
    [
        (80, "aws/chat  A model for the team  → llama-8b, eu-west-1"),
        (46, "aws/chat  A model fo…  → llama-8b, eu-west-1"),
        (36, "aws/chat  → llama-8b, eu-west-1"),
        (20, "aws/chat  → llama…"),
    ],
)
async def test_the_title_makes_room_for_the_endpoint(width: int, said: str) -> None:
    title = ProfileTitle()
    async with Host(title).run_test(size=(width, 1)) as pilot:
        title.entry = ENTRY
        await pilot.pause()
        assert title.render().plain == said
