"""Every action of the screen, once: id, keys and words. Bindings, footer, palette, help and the docs come from here.

What an action does is a function of the same name in `ui.commands`; this table only says that it is there. Every action
has two keys at least, since no single key reaches every terminal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct
from textual.binding import Binding

QUIT_KEY = "ctrl+q"
"""Always quits, whatever a keymap says."""


class Action(Struct, frozen=True):
    """One thing a person can do."""

    id: str
    keys: tuple[str, ...]
    """The first is shown in the footer."""
    label: str
    """One word or two, for the footer."""
    help: str
    """What it does, in a sentence; also its line in the palette."""
    group: str
    is_in_footer: bool = False
    app_action: str = ""
    """Set for what works on every screen, also under a dialog: the name of the app's own action."""

    @property
    def command(self) -> str:
        """What a binding or a click runs, as Textual writes it."""
        return f"app.{self.app_action}" if self.app_action else f"screen.do('{self.id}')"


ACTIONS: tuple[Action, ...] = (
    Action(
        id="send",
        keys=("f5", "ctrl+j", "ctrl+enter", "alt+enter"),
        label="Send",
        help="Fire the request in the mode that is switched on",
        group="Call",
        is_in_footer=True,
    ),
    Action(
        id="cancel",
        keys=("escape", "ctrl+c"),
        label="Cancel",
        help="Stop the running call; what arrived stays on the screen",
        group="Call",
        is_in_footer=True,
    ),
    Action(
        id="set-aside",
        keys=("alt+g", "shift+f8"),
        label="Aside",
        help="Let the async job that is waited for go on in the background",
        group="Call",
        is_in_footer=True,
    ),
    Action(
        id="jobs",
        keys=("f8", "alt+k"),
        label="Jobs",
        help="List the async jobs of this and earlier sittings; show, copy or forget one",
        group="Call",
    ),
    Action(
        id="switch-mode",
        keys=("f2", "ctrl+t"),
        label="Mode",
        help="Switch between sync, async and stream",
        group="Call",
        is_in_footer=True,
    ),
    Action(
        id="preview-request",
        keys=("f3", "ctrl+r"),
        label="Preview",
        help="Show the signed request as it would go out, without sending it",
        group="Call",
    ),
    Action(
        id="save-answer",
        keys=("alt+s", "alt+b"),
        label="Save",
        help="Write the answer's body, its text or its parts to a file in the working folder",
        group="Call",
    ),
    Action(
        id="save-request",
        keys=("ctrl+s", "alt+w"),
        label="Save",
        help="Save the request under a name, as a profile of its own",
        group="Request",
    ),
    Action(
        id="history",
        keys=("alt+h", "alt+8"),
        label="History",
        help="List the finished calls; put one back into the composer, or send it again",
        group="Request",
    ),
    Action(
        id="bring-back",
        keys=("alt+y", "shift+f4"),
        label="Back",
        help="Bring back the request that another one took the place of",
        group="Request",
    ),
    Action(
        id="edit-outside",
        keys=("f4", "ctrl+g"),
        label="Editor",
        help="Open the payload in $VISUAL or $EDITOR and take back what is saved",
        group="Request",
    ),
    Action(
        id="format-payload",
        keys=("alt+j", "alt+i"),
        label="Format",
        help="Indent the JSON payload; numbers, order and placeholders stay as they are",
        group="Request",
    ),
    Action(
        id="minify-payload",
        keys=("alt+shift+j", "alt+up"),
        label="Minify",
        help="Take the blanks out of the JSON payload",
        group="Request",
    ),
    Action(
        id="attach-file",
        keys=("shift+f2", "alt+shift+f"),
        label="File",
        help="Send a file as the payload, byte for byte: a picture, an array, anything",
        group="Request",
    ),
    Action(
        id="next-payload",
        keys=("alt+down", "ctrl+down"),
        label="Payload",
        help="Take the profile's next payload",
        group="Request",
    ),
    Action(
        id="reset-draft",
        keys=("alt+r", "alt+backspace"),
        label="Reset",
        help="Go back to the payload as the profile has it",
        group="Request",
    ),
    Action(
        id="apply-fix",
        keys=("f7", "alt+f"),
        label="Fix",
        help="Apply the repair of the worst finding that has one",
        group="Request",
    ),
    Action(
        id="show-findings",
        keys=("ctrl+l", "alt+l"),
        label="Findings",
        help="List everything found about the request and the answer",
        group="Request",
    ),
    Action(
        id="container-log",
        keys=("alt+shift+l", "shift+f12"),
        label="Log",
        help="Read the container's log around the latest call: CloudWatch Logs, or the local endpoint's",
        group="Call",
    ),
    Action(
        id="header-table",
        keys=("alt+shift+h", "shift+f3"),
        label="Headers",
        help="Show each header as typed, signed, sent, seen by the container and answered, with the reasons",
        group="Diagnosis",
    ),
    Action(
        id="probe-types",
        keys=("alt+shift+p", "shift+f9"),
        label="Probe",
        help="Fire the payload under many content types and Accepts, and tabulate the answers",
        group="Diagnosis",
    ),
    Action(
        id="three-ways",
        keys=("alt+shift+t", "shift+f11"),
        label="Three ways",
        help="Fire the payload sync, as a stream and async at once, and compare the answers",
        group="Diagnosis",
    ),
    Action(
        id="templates",
        keys=("alt+p", "alt+7"),
        label="Gallery",
        help="Take a request from the gallery: chat, embeddings, rows, pictures, speech and more",
        group="Request",
    ),
    Action(
        id="import-command",
        keys=("alt+m", "alt+6"),
        label="Import",
        help="Paste a curl or aws sagemaker-runtime command as a request",
        group="Request",
    ),
    Action(
        id="faults",
        keys=("shift+f5", "alt+shift+d"),
        label="Faults",
        help="Have the local endpoint break or cut the answer in a way that you choose",
        group="Request",
    ),
    Action(
        id="fill-variables",
        keys=("alt+v", "alt+9"),
        label="Variables",
        help="Give the request's {{variables}} their values",
        group="Request",
    ),
    Action(
        id="new-profile",
        keys=("alt+n", "alt+1"),
        label="New profile",
        help="Begin a profile with a request from the gallery",
        group="Profiles",
    ),
    Action(
        id="endpoints",
        keys=("alt+shift+e", "shift+f1"),
        label="Endpoints",
        help="List the endpoints of an AWS account, or the local ones, and make a profile of one",
        group="Profiles",
    ),
    Action(
        id="edit-profile",
        keys=("alt+e", "alt+2"),
        label="Edit profile",
        help="Edit the open profile's file, its problems listed as you type",
        group="Profiles",
    ),
    Action(
        id="edit-profile-outside",
        keys=("alt+x", "alt+3"),
        label="Profile in editor",
        help="Edit the open profile's file in $VISUAL or $EDITOR",
        group="Profiles",
    ),
    Action(
        id="duplicate-profile",
        keys=("alt+d", "alt+4"),
        label="Copy profile",
        help="Copy the open profile's file under another name",
        group="Profiles",
    ),
    Action(
        id="rename-profile",
        keys=("alt+a", "alt+5"),
        label="Rename profile",
        help="Give the open profile's file another name",
        group="Profiles",
    ),
    Action(
        id="delete-profile",
        keys=("alt+q", "alt+0"),
        label="Delete profile",
        help="Delete the open profile's file, after a question",
        group="Profiles",
    ),
    Action(
        id="next-view",
        keys=("f6", "ctrl+n"),
        label="View",
        help="Go on to the next of Response, Timing and Wire",
        group="View",
        is_in_footer=True,
    ),
    Action(
        id="find",
        keys=("ctrl+f", "/"),
        label="Find",
        help="Look for a text in the answer, or in the payload while that is written",
        group="View",
    ),
    Action(
        id="bookmark",
        keys=("shift+f6", "alt+shift+m"),
        label="Bookmark",
        help="Bookmark the place of the answer that you look at, or drop the bookmark there",
        group="View",
    ),
    Action(
        id="bookmarks",
        keys=("shift+f7", "alt+shift+b"),
        label="Bookmarks",
        help="List the bookmarks of the answer; go to one, or drop it",
        group="View",
    ),
    Action(
        id="maximise",
        keys=("f10", "alt+z"),
        label="Maximise",
        help="Give the focused pane the whole screen, and back",
        group="View",
    ),
    Action(
        id="toggle-sidebar",
        keys=("f9", "ctrl+b"),
        label="Profiles",
        help="Show or hide the profiles",
        group="View",
        is_in_footer=True,
    ),
    Action(
        id="reload-profiles",
        keys=("alt+u", "f11"),
        label="Reload",
        help="Read the profile files again",
        group="View",
    ),
    Action(
        id="jump",
        keys=("ctrl+o", "alt+o"),
        label="Jump",
        help="Name every place on the screen by a letter; press it to go there",
        group="App",
        is_in_footer=True,
    ),
    Action(
        id="palette",
        keys=("ctrl+p", ":"),
        label="Palette",
        help="Find an action or a profile by typing a part of its name",
        group="App",
        is_in_footer=True,
        app_action="command_palette",
    ),
    Action(
        id="change-theme",
        keys=("alt+t", "alt+c"),
        label="Theme",
        help="Choose the colours",
        group="App",
        app_action="change_theme",
    ),
    Action(
        id="help",
        keys=("f1", "?"),
        label="Help",
        help="Explain the focused part of the screen and list every key",
        group="App",
        is_in_footer=True,
    ),
    Action(
        id="quit",
        keys=(QUIT_KEY, "f12"),
        label="Quit",
        help="Leave; the draft is kept",
        group="App",
        is_in_footer=True,
        app_action="quit",
    ),
)

ACTION: Mapping[str, Action] = {action.id: action for action in ACTIONS}

_GIVES_WAY = frozenset({"escape", ":", "?", "/"})
"""Keys that whatever has the focus may want for itself first. All others win over the widgets' own keys."""


def bindings(*, of_app: bool) -> list[Binding]:
    """The app's or the screen's part of the table as Textual's bindings, under their ids so that a keymap fits."""
    return [
        Binding(key, action.command, action.label, show=False, priority=key not in _GIVES_WAY, id=action.id)
        for action in ACTIONS
        if bool(action.app_action) is of_app
        for key in action.keys
    ]


def checked_keymap(
    keymap: Mapping[str, str], places: Mapping[str, str] | None = None
) -> tuple[dict[str, str], tuple[str, ...]]:
    """The overrides (action id to comma-separated keys) that can be followed, and a sentence for each that cannot.

    `places` says where each override was written, as `file:line`; a sentence begins with it.

    A key that another action holds is left with that action, and `ctrl+q` quits whatever the keymap says.
    """
    at = places or {}
    wanted = {action_id: _keys(text) for action_id, text in keymap.items() if action_id in ACTION}
    problems = [f"{at.get(i, 'keymap')}: {_unknown(i)}" for i in keymap if i not in ACTION]
    held = {action.id: wanted.get(action.id) or action.keys for action in ACTIONS}
    good: dict[str, str] = {}
    for action_id, keys in wanted.items():
        others = {key: other for other in held if other != action_id for key in held[other]}
        others |= {} if action_id == "quit" else {QUIT_KEY: "quit"}
        place = at.get(action_id, "keymap")
        problems += [f"{place}: {key} for {action_id} is taken by {others[key]}" for key in keys if key in others]
        free = tuple(key for key in keys if key not in others)
        if action_id == "quit":
            free = tuple(dict.fromkeys((*free, QUIT_KEY)))
        held[action_id] = free or ACTION[action_id].keys
        if free:
            good[action_id] = ",".join(free)
    return good, tuple(problems)


def _keys(text: str) -> tuple[str, ...]:
    return tuple(key.strip() for key in text.split(",") if key.strip())


def _unknown(action_id: str) -> str:
    import difflib

    near = difflib.get_close_matches(action_id, ACTION, n=1)
    return f"there is no action {action_id}" + (f"; did you mean {near[0]}?" if near else "")


def keys_of(action: Action, keymap: Mapping[str, str]) -> tuple[str, ...]:
    """The keys that an action has under a checked keymap, first the one to show."""
    return _keys(keymap[action.id]) if action.id in keymap else action.keys


def shown_key(key: str) -> str:
    """A key as a person reads it in the footer: `^j`, `f5`, `esc`, `alt+enter`."""
    if key.startswith("ctrl+") and len(key) == 6:
        return f"^{key[-1]}"
    return "esc" if key == "escape" else key


def key_table(keymap: Mapping[str, str] | None = None) -> str:
    """The actions as a Markdown table, for the README."""
    rows = [f"| {_code(keys_of(action, keymap or {}))} | `{action.id}` | {action.help} |" for action in ACTIONS]
    return "\n".join(("| keys | action | what it does |", "|---|---|---|", *rows)) + "\n"


def _code(keys: Iterable[str]) -> str:
    return " ".join(f"`{key}`" for key in keys)
