"""Profile files made, renamed and removed. Nothing here ever writes over a file that is there.

Which folder takes new files is decided here too; what stands in them is `store.writing`'s.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from smrt_tui.core.errors import SmrtError
from smrt_tui.environment import Environment
from smrt_tui.store.folders import SUFFIXES
from smrt_tui.store.locations import PROFILES, project_profiles, starter_profiles

_LONGEST_PART = 80
"""Characters of one part of a name; file systems take 255 bytes."""


def new_files_folder(environment: Environment, chosen: Path | None = None) -> Path:
    """Where new profiles go: the first folder of the look-up that may be written to; the starters never are.

    That is `--profiles PATH` where it is a folder, `./profiles` of the working folder or a parent, or `profiles` under
    the user's config folder, which need not be there yet.
    """
    folders = [
        *([environment.working_folder / chosen.expanduser()] if chosen is not None else []),
        *project_profiles(environment.working_folder),
    ]
    own = environment.config_folder / PROFILES
    return next((folder for folder in folders if folder.is_dir() and is_writable(folder)), own)


def is_writable(path: Path) -> bool:
    """Whether a file or folder is the person's to change: the system lets them, and it is no starter."""
    return not is_starter(path) and os.access(path, os.W_OK)


def is_starter(path: Path) -> bool:
    """Whether it came with the app."""
    real = path.resolve()
    return any(real.is_relative_to(folder.resolve()) for folder in starter_profiles())


def profile_stem(name: str) -> str:
    """A person's name for a profile as a path below its folder, without suffix: `aws/my chat` is `aws/my-chat`.

    Raises `SmrtError` for a name that leaves nothing.
    """
    parts = (re.sub(r"[^\w.-]+", "-", part).strip("-.")[:_LONGEST_PART] for part in name.replace("\\", "/").split("/"))
    stem = "/".join(part for part in parts if part)
    stem = next((stem.removesuffix(suffix) for suffix in SUFFIXES if stem.endswith(suffix)), stem)
    if not stem:
        raise SmrtError(f"{name.strip()!r} is no name for a file", "use letters or digits; a / makes a folder")
    return stem


def create_profile(folder: Path, name: str, text: str) -> Path:
    """Write a new profile below a folder; the file made. Raises `OSError`, `SmrtError` when the name is taken."""
    path = _free(folder / f"{profile_stem(name)}.yaml")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8", errors="surrogatepass", newline="") as file:
            file.write(text)
    except FileExistsError:
        raise _taken(path) from None
    return path


def rename_profile(path: Path, folder: Path, name: str) -> Path:
    """Give a profile's file another name below the folder it was found in. Raises `OSError` and `SmrtError`."""
    target = _free(folder / f"{profile_stem(name)}{path.suffix}")
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        target.hardlink_to(path)  # unlike a rename, never over another file
    except FileExistsError:
        raise _taken(target) from None
    except OSError:  # a file system without links
        path.rename(_free(target))
    else:
        path.unlink()
    return target


def delete_profile(path: Path) -> None:
    """Remove a profile's file. Raises `OSError`."""
    path.unlink()


def _free(path: Path) -> Path:
    if any(os.path.lexists(path.with_name(path.name.removesuffix(path.suffix) + suffix)) for suffix in SUFFIXES):
        raise _taken(path)
    return path


def _taken(path: Path) -> SmrtError:
    return SmrtError(f"{path} is there already", "choose another name")
