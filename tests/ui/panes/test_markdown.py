"""Markdown as lines, and the same whether it came at once or letter by letter."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from smrt_tui.core.decode.decoder import Decoder
from smrt_tui.core.recorder import Recorder
from smrt_tui.ui.panes import markdown_view
from smrt_tui.ui.panes.markdown_lines import parse, render
from smrt_tui.ui.panes.markdown_view import MarkdownView
from tests.ui.panes.calls import add, ended, opening, parts
from tests.ui.panes.host import Host
from tests.ui.until import eventually

SOURCE = """# Title with *care*

A **bold** word, `code` and a [link][1].

1. one
2. two
   - deep

> quoted

```python
x = [1]  # **not bold**
```

| a | b |
|---|---|
| 1 | two |

[1]: https://example.com
"""


def lines_of(text: str, width: int = 40) -> list[str]:
    return [line.text.rstrip() for block in parse(text, {}) for line in render(block.tokens, width)]


def test_blocks_look_like_what_they_are() -> None:
    assert lines_of(SOURCE) == [
        "# Title with care",
        "",
        "A bold word, code and a link.",
        "",
        "1. one",
        "2. two",
        "   • deep",
        "",
        "▌ quoted",
        "",
        "╭ python",
        "│ x = [1]  # **not bold**",
        "",
        "a │ b",
        "──┼────",
        "1 │ two",
        "",
    ]


@settings(max_examples=60)
@given(st.text(st.sampled_from("ab *_`#>-1.|[]()\n\t<日"), max_size=120), st.integers(10, 60))
def test_any_text_is_drawn_within_the_width(text: str, width: int) -> None:
    for block in parse(text, {}):
        for line in render(block.tokens, width):
            assert cell_len(line.text.rstrip()) <= max(width, 30)
            assert not line.runs or line.runs[-1].end == len(line.text)


def test_html_and_markup_are_only_text() -> None:
    assert lines_of("<script>x</script> [bold]y[/bold] \x1b[31m") == ["<script>x</script> [bold]y[/bold] ␛[31m", ""]


@pytest.mark.parametrize("step", [1, 7, 100_000], ids=["letters", "pieces", "at once"])
async def test_it_is_complete_at_the_end_however_it_came(step: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markdown_view, "_CHARACTERS_AT_ONCE", 64)
    source = SOURCE * 3
    view = MarkdownView()
    async with Host(view).run_test(size=(41, 30)):
        recorder, decoder = Recorder(), Decoder(None, "text/markdown")
        recorder.add(opening())
        view.show(recorder, decoder)
        for part in parts([source[at : at + step].encode() for at in range(0, len(source), step)]):
            add(recorder, decoder, [part])
            view.refresh_from(decoder)
        add(recorder, decoder, [ended(1.0)])
        view.finish()

        def drawn() -> list[str]:
            return [view.rows.line(row).text.rstrip() for row in range(len(view.rows))]

        await eventually(lambda: not view.is_busy and drawn() == lines_of(source), "all of it is drawn")
        assert any(run.style == "link" for run in view.rows.line(2).runs)
