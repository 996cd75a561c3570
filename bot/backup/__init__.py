"""The whole desk in one file, and back: made while it runs, proved by restoring it."""
