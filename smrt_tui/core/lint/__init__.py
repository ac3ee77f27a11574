"""What is wrong or suspicious about a request before it is sent. Pure: reads no file, sends nothing, changes nothing.

`lint` looks at a draft as it is being written, `lint_resolved` at what is about to go out. Both run the same rules, a
function each; a rule yields findings and knows nothing of the others.
"""

from smrt_tui.core.lint.engine import RULES, lint, lint_resolved

__all__ = ["RULES", "lint", "lint_resolved"]
