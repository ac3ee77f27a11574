"""Markdown as lines for a width: markdown-it's tokens, drawn in the styles of the palette. Pure.

No HTML is followed and no image is fetched; both are named.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeAlias

from markdown_it import MarkdownIt
from markdown_it.token import Token
from rich.cells import cell_len

from smrt_tui.core.plain import plain
from smrt_tui.ui.panes.rows import Line, Piece, Run
from smrt_tui.ui.panes.wrap import wrap

_PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])

Text: TypeAlias = list[Piece]


class Margin(NamedTuple):
    """What stands left of a block: of its first line, and of the others."""

    first: str = ""
    rest: str = ""

    def deeper(self, first: str, rest: str) -> Margin:
        """The margin of what is inside."""
        return Margin(self.first + first, self.rest + rest)

    @property
    def continued(self) -> Margin:
        """The margin of whatever comes after the first line."""
        return Margin(self.rest, self.rest)


class Block(NamedTuple):
    """One top-level block: the lines of the source that it comes from, and its tokens."""

    first_line: int
    tokens: list[Token]


def parse(text: str, references: dict[str, object]) -> list[Block]:
    """The top-level blocks of a text. Link targets found are added to `references`, and used from there."""
    env = {"references": references}
    blocks: list[Block] = []
    for token in _PARSER.parse(plain(text.replace("\r\n", "\n")), env):
        if token.level == 0 and token.nesting >= 0 and token.map is not None:
            blocks.append(Block(token.map[0], []))
        if blocks:
            blocks[-1].tokens.append(token)
    references.update(env["references"])
    return blocks


def render(tokens: Sequence[Token], width: int) -> list[Line]:
    """The lines of one top-level block, an empty one after it."""
    return [*_render_all(list(tokens), Margin(), max(8, width)), Line("")]


def _render_all(tokens: list[Token], margin: Margin, width: int) -> list[Line]:
    lines: list[Line] = []
    position = 0
    while position < len(tokens):
        end = _closing(tokens, position)
        lines += _render_one(tokens[position : end + 1], margin if not lines else margin.continued, width)
        position = end + 1
    return lines


def _closing(tokens: Sequence[Token], position: int) -> int:
    """Where the block that opens at `position` closes."""
    depth = 0
    for index in range(position, len(tokens)):
        depth += tokens[index].nesting
        if depth <= 0:
            return index
    return len(tokens) - 1


def _render_one(tokens: list[Token], margin: Margin, width: int) -> list[Line]:
    token, inside = tokens[0], tokens[1:-1]
    match token.type:
        case "heading_open":
            return flow([(f"{token.markup} ", "faint"), *_inline(inside, "heading")], margin, width)
        case "paragraph_open":
            return flow(_inline(inside, ""), margin, width)
        case "blockquote_open":
            return _render_all(inside, margin.deeper("▌ ", "▌ "), width)
        case "bullet_list_open" | "ordered_list_open":
            return _render_list(token, inside, margin, width)
        case "fence" | "code_block":
            return _render_code(token, margin, width)
        case "table_open":
            return _render_table(inside, margin, width)
        case "hr":
            return [Line(margin.first + "─" * max(3, width - cell_len(margin.first)), (Run(width, "faint"),))]
        case _:
            return flow([(token.content.rstrip("\n"), "dim")], margin, width) if token.content else []


def _render_list(opening: Token, tokens: list[Token], margin: Margin, width: int) -> list[Line]:
    lines: list[Line] = []
    number = int(opening.attrGet("start") or 1)
    position = 0
    while position < len(tokens):
        end = _closing(tokens, position)
        bullet = f"{number}. " if opening.type == "ordered_list_open" else "• "
        inner = (margin if not lines else margin.continued).deeper(bullet, " " * len(bullet))
        lines += _render_all(tokens[position + 1 : end], inner, width) or flow([], inner, width)
        number += 1
        position = end + 1
    return lines


def _render_code(token: Token, margin: Margin, width: int) -> list[Line]:
    """Verbatim, behind a bar; the language above it."""
    inner = margin.continued.deeper("│ ", "│ ")
    language = token.info.strip().split(" ")[0]
    title = [(f"╭ {language}", "faint")] if language else []
    lines = flow(title, margin, width) if title else []
    for row in token.content.rstrip("\n").split("\n"):
        lines += flow([(row, "code")], inner, width, is_code=True)
    return lines


def _render_table(tokens: list[Token], margin: Margin, width: int) -> list[Line]:
    rows: list[list[Text]] = []
    for index, token in enumerate(tokens):
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            is_head = tokens[index - 1].type == "th_open"
            rows[-1].append(_inline([token], "strong" if is_head else ""))
    columns = max((len(row) for row in rows), default=0)
    sizes = [max((_cells(row[column]) for row in rows if column < len(row)), default=1) for column in range(columns)]
    room = max(columns * 4, width - cell_len(margin.rest) - 3 * (columns - 1))
    while sum(sizes) > room:
        sizes[sizes.index(max(sizes))] -= 1
    lines = [line for row in rows for line in _table_row(row, sizes, margin.continued)]
    rule = [("─┼─".join("─" * size for size in sizes), "faint")]
    return [*lines[:1], *flow(rule, margin.continued, width), *lines[1:]]


def _table_row(row: list[Text], sizes: Sequence[int], margin: Margin) -> list[Line]:
    pieces: Text = [(margin.first, "faint")]
    for column, size in enumerate(sizes):
        text = row[column] if column < len(row) else []
        cut = _cut(text, size)
        pieces += [(" │ ", "faint")] if column else []
        pieces += [*cut, (" " * (size - _cells(cut)), "")]
    return [_line(pieces)]


def _cells(text: Text) -> int:
    return sum(cell_len(words) for words, _ in text)


def _cut(text: Text, size: int) -> Text:
    """As much of a text as fits, `…` where it did not."""
    if _cells(text) <= size:
        return text
    kept: Text = []
    for words, style in text:
        for character in words:
            if _cells(kept) + cell_len(character) > size - 1:
                return [*kept, ("…", "faint")]
            kept.append((character, style))
    return kept


def _inline(tokens: Iterable[Token], base: str) -> Text:
    """The texts of a line, each in the style of what it is inside of."""
    found: Text = []
    styles = [base]
    for token in (child for parent in tokens for child in parent.children or ()):
        match token.type:
            case "text":
                found.append((token.content, styles[-1]))
            case "code_inline":
                found.append((token.content, "code"))
            case "strong_open":
                styles.append("strong")
            case "em_open":
                styles.append("emphasis")
            case "s_open":
                styles.append("faint")
            case "link_open":
                styles.append("link")
            case "strong_close" | "em_close" | "s_close" | "link_close":
                styles.pop()
            case "softbreak":
                found.append((" ", styles[-1]))
            case "hardbreak":
                found.append(("\n", ""))
            case "image":
                found.append((f"[image: {token.content} {token.attrGet('src') or ''}]", "dim"))
            case _:
                found.append((token.content, "dim"))
    return found


def flow(text: Text, margin: Margin, width: int, *, is_code: bool = False) -> list[Line]:
    """A text wrapped between its margins."""
    whole = "".join(words for words, _ in text)
    raw = whole.encode()
    room = max(4, width - cell_len(margin.rest))
    starts = [len(raw[:start].decode()) for start in wrap(raw, room)] or [0]
    styles = [style for words, style in text for _ in words]
    lines = []
    for number, (start, end) in enumerate(zip(starts, [*starts[1:], len(whole)], strict=True)):
        left = margin.first if not number else margin.rest
        row = whole[start:end].rstrip("\n") if is_code else whole[start:end].rstrip()
        lines.append(_line([(left, "faint"), *_runs(row, styles[start : start + len(row)])]))
    return lines


def _runs(row: str, styles: Sequence[str]) -> Text:
    runs: Text = []
    for character, style in zip(row, styles, strict=True):
        if runs and runs[-1][1] == style:
            runs[-1] = (runs[-1][0] + character, style)
        else:
            runs.append((character, style))
    return runs


def _line(pieces: Text) -> Line:
    runs: list[Run] = []
    end = 0
    for words, style in pieces:
        end += len(words)
        if words:
            runs.append(Run(end, style))
    return Line("".join(words for words, _ in pieces), tuple(runs))
