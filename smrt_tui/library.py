"""The library: the profile files as a person works on them. Implements `ui.ports.Library`.

Every call runs in a thread and raises `SmrtError` for what a person has to know. It decides where a file goes and never
what stands in it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from smrt_tui.core.errors import SmrtError
from smrt_tui.environment import Environment
from smrt_tui.payloads import Payloads

if TYPE_CHECKING:
    from smrt_tui.core.catalogue import ProfileEntry
    from smrt_tui.core.draft import Draft
    from smrt_tui.core.problem import Problem
    from smrt_tui.core.profile import Profile

T = TypeVar("T")


class Library:
    """One sitting's profile folders."""

    def __init__(self, environment: Environment, chosen: Path | None = None) -> None:
        self._environment = environment
        self._payloads = Payloads(environment.state_folder)
        self._chosen = chosen

    async def fingerprint(self) -> Hashable:
        """What the profile files look like from outside; another value once one was changed."""
        from smrt_tui.store.folders import fingerprint
        from smrt_tui.store.locations import profile_folders

        return await asyncio.to_thread(lambda: fingerprint(profile_folders(self._environment, self._chosen)))

    async def home(self) -> str:
        """The folder that new profiles go to."""
        return str(await asyncio.to_thread(self._home))

    async def is_own(self, entry: ProfileEntry) -> bool:
        """Whether the file is the person's to change; a starter is not."""
        from smrt_tui.store.files import is_writable

        return await asyncio.to_thread(is_writable, Path(entry.path))

    async def read(self, entry: ProfileEntry) -> str:
        """The text of a profile's file."""
        return await _told(lambda: Path(entry.path).read_bytes().decode("utf-8-sig"), f"{entry.path} cannot be read")

    async def check(self, text: str) -> tuple[Problem, ...]:
        """Everything that is wrong with a text as a profile, in the order of its lines."""
        from smrt_tui.store.profiles import read_profile

        return (await asyncio.to_thread(read_profile, text))[1]

    async def write(self, entry: ProfileEntry, text: str) -> None:
        """Replace a profile's file by edited text."""
        from smrt_tui.store.writing import write_profile_text

        await _told(lambda: write_profile_text(Path(entry.path), text), f"{entry.path} cannot be written")

    async def create(self, name: str, text: str) -> str:
        """A new file of that name for new profiles' folder; its path."""
        from smrt_tui.store.files import create_profile

        return str(await _told(lambda: create_profile(self._home(), name, text), "the profile cannot be written"))

    async def save_request(self, name: str, profile: Profile, draft: Draft, source_folder: str) -> str:
        """Write a draft as a profile of its own, its name numbered where one is taken; its path."""
        from smrt_tui.store.files import profile_stem
        from smrt_tui.store.writing import save_request

        def save() -> Path:
            group = profile_stem(name).rpartition("/")[0]
            title = name.strip().rstrip("/").rpartition("/")[2]
            whole = self._payloads.in_memory(draft)
            return save_request(self._home() / group, title, profile, whole, Path(source_folder))

        return str(await _told(save, "the request cannot be saved"))

    async def rename(self, entry: ProfileEntry, name: str) -> str:
        """Give a profile's file another name; its new path."""
        from smrt_tui.store.files import rename_profile

        def rename() -> Path:
            path = Path(entry.path)
            return rename_profile(path, _root_of(path, entry.id), name)

        return str(await _told(rename, f"{entry.path} cannot be renamed"))

    async def delete(self, entry: ProfileEntry) -> None:
        """Remove a profile's file."""
        from smrt_tui.store.files import delete_profile

        await _told(lambda: delete_profile(Path(entry.path)), f"{entry.path} cannot be removed")

    def _home(self) -> Path:
        from smrt_tui.store.files import new_files_folder

        return new_files_folder(self._environment, self._chosen)


def _root_of(path: Path, profile_id: str) -> Path:
    """The folder that a profile's id is relative to."""
    return path.parents[profile_id.count("/")]


async def _told(work: Callable[[], T], what: str) -> T:
    """The work's result, its failures in words."""
    try:
        return await asyncio.to_thread(work)
    except OSError as error:
        raise SmrtError(f"{what}: {error.strerror or error}") from error
    except UnicodeError as error:
        raise SmrtError(f"{what}: it is no UTF-8 text") from error
