"""What the palette offers: every action of the table with its keys, and every profile. User text is never markup."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from smrt_tui.core.plain import plain
from smrt_tui.ui.actions import ACTIONS, keys_of, shown_key
from smrt_tui.ui.commands.view import open_profile

if TYPE_CHECKING:
    from smrt_tui.ui.screen import MainScreen


class Offer(Struct, frozen=True):
    """One line of the palette."""

    text: str
    help: str
    run: Callable[[], object]


class TableCommands(Provider):
    """Actions first, then profiles."""

    async def discover(self) -> Hits:
        """Everything, before a word is typed."""
        for offer in self._offers():
            yield DiscoveryHit(Content(offer.text), offer.run, offer.text, offer.help)

    async def search(self, query: str) -> Hits:
        """What fits the letters typed."""
        matcher = self.matcher(query)
        for offer in self._offers():
            score, places = matcher.fuzzy_search.match(query, offer.text)
            if score > 0:
                content = Content(offer.text)
                for place in places:
                    content = content.stylize(matcher.match_style, place, place + 1)
                yield Hit(score, content, offer.run, offer.text, offer.help)

    def _offers(self) -> Iterator[Offer]:
        main = self._main()
        if main is None:
            return
        for action in ACTIONS:
            if main.can_do(action.id):
                keys = " ".join(shown_key(key) for key in keys_of(action, main.keymap)[:2])
                run = partial(self.app.run_action, action.command)
                yield Offer(f"{action.id.replace('-', ' ')}  {keys}", action.help, run)
        catalogue = main.session.profiles.catalogue
        for entry in catalogue.entries if catalogue else ():
            title = plain(entry.title) if entry.profile else "has problems"
            yield Offer(f"open {plain(entry.id)}", title, partial(open_profile, main, entry.id))

    def _main(self) -> MainScreen | None:
        from smrt_tui.ui.screen import MainScreen

        return next((screen for screen in self.app.screen_stack if isinstance(screen, MainScreen)), None)
