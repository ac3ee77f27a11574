"""The screen. Shows values and posts what the person wants; knows no HTTP, no YAML and no clock."""
