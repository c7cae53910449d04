"""Typed tables to one tidy, audited history a child."""
