"""Files to typed tables."""
