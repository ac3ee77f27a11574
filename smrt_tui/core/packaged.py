"""Files of botocore's data folder, read as data: botocore is found and not imported (its loader takes 150 ms)."""

from __future__ import annotations

import gzip
import json
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any


def packaged_bytes(name: str) -> bytes:
    """A file such as `partitions.json`, packed or not. Raises `FileNotFoundError` when botocore came without it."""
    spec = find_spec("botocore")
    for root in (spec.submodule_search_locations or ()) if spec else ():
        plain = Path(root) / "data" / name
        packed = plain.with_name(f"{plain.name}.gz")
        if packed.exists():
            return gzip.decompress(packed.read_bytes())
        if plain.exists():
            return plain.read_bytes()
    raise FileNotFoundError(f"botocore's {name} is not installed")


def packaged_json(name: str) -> Any:
    """The same, parsed."""
    return json.loads(packaged_bytes(name))


@lru_cache(maxsize=1)
def partitions() -> tuple[dict[str, Any], ...]:
    """AWS's partitions: regions and DNS suffixes of each."""
    return tuple(packaged_json("partitions.json")["partitions"])
