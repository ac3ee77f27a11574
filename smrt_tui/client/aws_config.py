"""What AWS's own two files say: profiles, regions, endpoint addresses. Found through the environment that is given.

Only `AWS_CONFIG_FILE`, `AWS_SHARED_CREDENTIALS_FILE`, `AWS_PROFILE` and `HOME` of that mapping count, never those of
the process. Secrets in the files are not looked at here; nothing is written and nothing is cached.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from smrt_tui.client.faults import trouble


class AwsFiles(Struct, frozen=True):
    """Where the two files are. They may not exist."""

    config: Path
    credentials: Path

    def stamps(self) -> tuple[int, ...]:
        """When each was changed last, in nanoseconds; 0 when it is not there. Changes as soon as a log-in writes."""
        return tuple(_changed_at(path) for path in (self.config, self.credentials))


def aws_files(environ: Mapping[str, str]) -> AwsFiles:
    """The paths that botocore would read, with `~` standing for the HOME (or USERPROFILE) of `environ`."""
    home = environ.get("HOME") or environ.get("USERPROFILE")

    def placed(variable: str, default: str) -> Path:
        path = environ.get(variable) or default
        if home and (path == "~" or path.startswith(("~/", "~\\"))):
            return Path(home) / path[2:]
        return Path(path).expanduser()

    return AwsFiles(
        placed("AWS_CONFIG_FILE", "~/.aws/config"), placed("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials")
    )


def chosen_profile(environ: Mapping[str, str]) -> str | None:
    """The AWS profile that the environment names, in botocore's order."""
    return environ.get("AWS_DEFAULT_PROFILE") or environ.get("AWS_PROFILE") or None


class AwsProfile(Struct, frozen=True):
    """The settings of one AWS profile; empty when there is none of that name."""

    settings: Mapping[str, Any]
    services: Mapping[str, Any]
    """The `[services …]` section that the profile names."""

    @property
    def region(self) -> str | None:
        """Its region."""
        return self.settings.get("region") or None

    def endpoint_url(self, service: str) -> str | None:
        """The address it gives a service (`sagemaker_runtime`, `s3`), its own one before the one for all."""
        section = self.services.get(service, {})
        own = section.get("endpoint_url") if isinstance(section, Mapping) else None
        return own or self.settings.get("endpoint_url") or None

    def flag(self, name: str) -> bool:
        """Whether a yes-or-no setting says yes."""
        return is_true(self.settings.get(name))


def is_true(value: object) -> bool:
    """Whether a setting of AWS's says yes: botocore takes `true` in any case, and nothing else."""
    return str(value or "").strip().lower() == "true"


def read_aws_profile(name: str | None, environ: Mapping[str, str]) -> AwsProfile:
    """The settings of that profile, or of the one that the environment names, or of `default`.

    Raises `ClientTrouble` when the file cannot be parsed.
    """
    path = aws_files(environ).config
    if not path.is_file():  # saves 40 ms of import for everyone without the file
        return AwsProfile({}, {})
    from botocore.configloader import load_config
    from botocore.exceptions import BotoCoreError

    try:
        config = load_config(str(path))
    except (BotoCoreError, OSError) as broken:
        raise trouble("aws-config-broken", detail=f"{path}: {broken}") from broken
    settings = config.get("profiles", {}).get(name or chosen_profile(environ) or "default", {})
    services = config.get("services", {}).get(settings.get("services", ""), {})
    return AwsProfile(settings, services if isinstance(services, Mapping) else {})


def _changed_at(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
