"""Below the profiles: what can be done to them and to requests, each a link. Five rows."""

from __future__ import annotations

from textual.content import Content
from textual.style import Style
from textual.widget import Widget

from smrt_tui.ui.actions import ACTION

ROWS = (
    (("new", "new-profile"), ("edit", "edit-profile"), ("copy", "duplicate-profile"), ("delete", "delete-profile")),
    (("rename", "rename-profile"), ("history", "history"), ("import", "import-command")),
    (("save", "save-request"), ("gallery", "templates"), ("endpoints", "endpoints")),
    (("headers", "header-table"), ("probe", "probe-types"), ("3 ways", "three-ways")),
    (("container's log", "container-log"),),
)


class ProfileBar(Widget):
    """Rows of links."""

    COMPONENT_CLASSES = {"profile-bar--link"}  # noqa: RUF012  as Textual declares it

    DEFAULT_CSS = """
    ProfileBar {
        dock: bottom;
        width: 100%;
        height: 5;
        link-style: none;
        link-background-hover: $block-hover-background;
        link-style-hover: none;
        .profile-bar--link { color: $text-accent; }
    }
    """

    def render(self) -> Content:
        """The words, each a link to its action."""
        look = self.get_visual_style("profile-bar--link", partial=True)
        lines = []
        for row in ROWS:
            pieces = [(word, look + Style.from_meta({"@click": ACTION[action].command})) for word, action in row]
            lines.append(Content("  ").join(Content.styled(word, style) for word, style in pieces))
        return Content("\n").join(lines)
