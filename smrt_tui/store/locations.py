"""Where profiles are looked for, in which order. Looks, and never makes a folder."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from smrt_tui.environment import Environment

PROFILES = "profiles"
"""The folder's name in a project and under the user's config folder."""


def profile_folders(environment: Environment, chosen: Path | None = None) -> tuple[Path, ...]:
    """The folders to read profiles from; where two hold the same id, the first wins.

    1. `chosen` (`--profiles PATH`, relative to the working folder), listed even when it is not there, so that the
       catalogue can say so; it may be one file;
    2. the nearest `profiles` folder of the working folder or a parent;
    3. `profiles` under the user's config folder;
    4. the starters.
    """
    folders = [
        *([environment.working_folder / chosen.expanduser()] if chosen is not None else []),
        *project_profiles(environment.working_folder),
        *existing(environment.config_folder / PROFILES),
        *starter_profiles(),
    ]
    return tuple(dict.fromkeys(folders))


def project_profiles(working_folder: Path) -> tuple[Path, ...]:
    """The nearest `profiles` folder, from the working folder upwards; empty when there is none."""
    candidates = (folder / PROFILES for folder in (working_folder, *working_folder.parents))
    return next((found for candidate in candidates if (found := existing(candidate))), ())


def starter_profiles() -> tuple[Path, ...]:
    """The profiles that come with the app: inside the package when installed, else the repository's own."""
    package = Path(str(files("smrt_tui")))
    return existing(package / "starters") or existing(package.parent / PROFILES)


def existing(folder: Path) -> tuple[Path, ...]:
    """The folder, if it is one."""
    try:
        return (folder,) if folder.is_dir() else ()
    except OSError:  # a parent that may not be entered
        return ()
