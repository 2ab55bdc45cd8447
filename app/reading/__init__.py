"""Reads a statement's file, and reports its errors."""
