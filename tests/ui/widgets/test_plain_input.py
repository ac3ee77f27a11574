"""A field takes one line, and says what of a paste it does not take."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult
from textual.events import Paste

from smrt_tui.core.kept_text import EDITABLE_BYTES
from smrt_tui.ui.widgets.plain_input import PlainInput
from tests.ui.until import eventually


class OneField(App[None]):
    def compose(self) -> ComposeResult:
        yield PlainInput()

    def toasts(self) -> list[str]:
        return [notification.message for notification in self._notifications]


@pytest.mark.parametrize(
    ("pasted", "value", "told"),
    [
        ("one", "one", []),
        ("one\n", "one", []),
        ("one\r\n", "one", []),
        ("one\r\ntwo\rthree\nfour", "one", ["Only the first of 4 lines was pasted: a field holds one"]),
    ],
)
async def test_the_first_line_of_a_paste_is_taken_and_the_rest_is_told(
    pasted: str, value: str, told: list[str]
) -> None:
    app = OneField()
    async with app.run_test():
        field = app.query_one(PlainInput)
        field.post_message(Paste(pasted))
        await eventually(lambda: field.value == value)
        assert app.toasts() == told


async def test_a_paste_of_many_thousand_characters_is_refused() -> None:
    app = OneField()
    async with app.run_test():
        field = app.query_one(PlainInput)
        field.post_message(Paste("x" * (EDITABLE_BYTES + 1)))
        words = "65,537 characters are too many to paste into a field; the payload takes them"
        await eventually(lambda: app.toasts() == [words])
        assert field.value == ""
