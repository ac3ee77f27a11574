"""The headless commands: the answer on stdout, narration on stderr, and an exit code that is an API."""
