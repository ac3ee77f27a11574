"""smrt-tui: a terminal playground for the Amazon SageMaker Runtime API.

The map of the house, a room a line:

    core/           what is true: operations, profiles, drafts, events, timeline, decoding, diagnosis. Pure values.
    client/         how it happens: credentials, signing, the transport, event-stream frames, async jobs.
    local/          a stand-in for SageMaker on loopback, which shares no signer and no frame code with `client`.
    store/          files: profiles, history, drafts, and where they live.
    cli/            the headless commands.
    ui/             the screen.
    workbench.py    what the front ends need done outside themselves, by subject in the files below.
    connections.py  the client and the local endpoint of a sitting, each made when first needed.
    companion.py    the local endpoint as a child process, known only by its command line.
    library.py      profile files as a person works on them: new, edited, renamed, removed.
    payloads.py     payloads too large to be edited on the screen, kept in files.
    inputs.py       files, environment and clock, as far as a request is filled from them.
    logbook.py      the history of finished calls, in and out.
    memory.py       drafts, the place and the colours, from one sitting to the next.
    jobs.py         async jobs, listed and looked at again; ledger.py sees each step written down.
    main.py         argv -> one of the above, imported lazily; the only place that wires rooms together.

The rule: everything may import `core`; `core` imports nothing of ours; only `main` knows both a client and a
local endpoint. `tests/test_layers.py` keeps it.

One invocation flows like this: profile -> draft -> lint -> wire request -> signed request -> `client.invoke`,
which returns a `Call`: an async iterator of the events of `core.events`, and `cancel()`. The screen, the command
line and the tests all read those same events.
"""

__version__ = "0.1.0"
