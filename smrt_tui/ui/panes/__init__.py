"""The output side of the screen: everything that shows one call, drawn line by line.

Every pane takes a recorder and a decoder by `show`, is told "something new" by `refresh_from`, and "that was all" by
`finish`. Panes post messages up and touch neither the app, nor siblings, nor a clock, nor files. They read no bytes
from anywhere but the recorder, and every text passes `core.plain` on its way to the terminal.
"""

from smrt_tui.ui.panes.headers import WirePane
from smrt_tui.ui.panes.messages import BookmarksAsked, CopyRequested, FollowChanged, Located, Remarked, Searched
from smrt_tui.ui.panes.response import ResponsePane
from smrt_tui.ui.panes.timing import TimingPane

__all__ = [
    "BookmarksAsked",
    "CopyRequested",
    "FollowChanged",
    "Located",
    "Remarked",
    "ResponsePane",
    "Searched",
    "TimingPane",
    "WirePane",
]
