"""What things cost, measured in one run against the plain way of doing the same."""
