"""Measures: pure functions of tidy frames and explicit parameters."""
