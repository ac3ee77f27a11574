"""Says what went wrong, from the record of one invocation: `diagnose(evidence)` gives ranked findings.

A rule is a row: what triggers it, why that happens, what to do, where it was seen in public. Rules look at `Evidence`
and nothing else; no rule knows a socket, a file or a screen. What no public source tells stays untold.
"""

from smrt_tui.core.diagnose.engine import diagnose
from smrt_tui.core.diagnose.evidence import Evidence, StreamFacts

__all__ = ["Evidence", "StreamFacts", "diagnose"]
