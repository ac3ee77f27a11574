"""The output side of the screen: everything that shows one call, drawn line by line.

Every pane takes a recorder and a decoder by `show`, is told "something new" by `refresh_from`, and "that was all" by
`finish`. Panes post messages up and touch neither the app, nor siblings, nor a clock, nor files. They read no bytes
from anywhere but the recorder, and every text passes `core.plain` on its way to the terminal.

Nothing is imported here: each pane, and each view of the response, is loaded when it is first looked at.
"""
