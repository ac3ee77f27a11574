"""The styles every pane draws with: component classes and their colours, all of them from the theme."""

from __future__ import annotations

STYLES = (
    "dim",
    "faint",
    "label",
    "heading",
    "column",
    "strong",
    "accent",
    "success",
    "warning",
    "error",
    "key",
    "string",
    "number",
    "constant",
    "punctuation",
    "reasoning",
    "emphasis",
    "code",
    "link",
    "bar",
    "bar-wait",
    "cursor",
    "cursor-blurred",
    "match",
    "match-current",
    "selection",
    "located",
    "bookmark",
    "indicator",
    "track",
    "thumb",
    "thumb-active",
)
"""What lines name as their runs' styles."""

COMPONENT_CLASSES = frozenset(f"pane--{style}" for style in STYLES)

CSS = """
LinePane {
    height: 1fr;
    background: $surface;
    color: $foreground;
    pointer: text;
    & > .pane--dim { color: $foreground 65%; }
    & > .pane--faint { color: $foreground 40%; }
    & > .pane--label { color: $text-secondary; }
    & > .pane--heading { color: $text-primary; text-style: bold; }
    & > .pane--column { color: $foreground 60%; background: $foreground 6%; }
    & > .pane--strong { text-style: bold; }
    & > .pane--accent { color: $text-accent; }
    & > .pane--success { color: $text-success; }
    & > .pane--warning { color: $text-warning; }
    & > .pane--error { color: $text-error; }
    & > .pane--key { color: $text-primary; }
    & > .pane--string { color: $text-success; }
    & > .pane--number { color: $text-accent; }
    & > .pane--constant { color: $text-warning; }
    & > .pane--punctuation { color: $foreground 50%; }
    & > .pane--reasoning { color: $foreground 55%; text-style: italic; }
    & > .pane--emphasis { text-style: italic; }
    & > .pane--code { color: $text-accent; background: $foreground 6%; }
    & > .pane--link { color: $text-primary; text-style: underline; }
    & > .pane--bar { color: $primary; }
    & > .pane--bar-wait { color: $warning; }
    & > .pane--cursor { background: $primary 45%; color: $foreground; text-style: bold; }
    & > .pane--cursor-blurred { background: $foreground 10%; }
    & > .pane--match { background: $warning 35%; }
    & > .pane--match-current { background: $warning; color: $background; }
    & > .pane--selection { background: $primary 60%; }
    & > .pane--located { background: $accent 30%; }
    & > .pane--bookmark { color: $text-accent; text-style: bold; }
    & > .pane--indicator { background: $warning; color: $background; text-style: bold; }
    & > .pane--track { background: $scrollbar-background; color: $scrollbar; }
    & > .pane--thumb { background: $scrollbar-background; color: $scrollbar; }
    & > .pane--thumb-active { background: $scrollbar-background-active; color: $scrollbar-active; }
}
"""
