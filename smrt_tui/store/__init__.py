"""Files on disk: profiles, history, drafts. No import does I/O, and no look-up makes a directory."""
