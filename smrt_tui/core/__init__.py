"""What is true about an invocation, as pure values: no sockets, no asyncio, no clock, no files, no screen."""
