"""The headless commands. stdout carries the answer and nothing else; narration goes to stderr."""
