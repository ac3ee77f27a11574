"""What an access key's id tells by itself: the account it was made in. A deduction, not a promise of AWS's."""

from __future__ import annotations

import base64
import binascii
import re

_ID = re.compile(r"(?:AKIA|ASIA)[A-Z2-7]{16}")


def account_of(access_key_id: str) -> str | None:
    """The twelve digits of the account; None for an id that does not hold them, such as those made before 2019.

    After the prefix, the id is Base32: one bit for the generation, then forty bits of account (Tal Be'ery, "A short
    note on AWS KEY ID"; WithSecure, "A bitwise analysis of AWS access key identifiers").
    """
    if _ID.fullmatch(access_key_id) is None:
        return None
    try:
        bits = int.from_bytes(base64.b32decode(access_key_id[4:])[:6], "big")
    except binascii.Error:
        return None
    is_new = bits >> 47
    account = (bits >> 7) & ((1 << 40) - 1)
    return f"{account:012}" if is_new and account < 10**12 else None
