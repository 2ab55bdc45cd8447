"""Reads a statement from its file, and reports all errors of the file."""
