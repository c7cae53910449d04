"""Whether there is enough: need against supply, targets, the duty clause by clause, priorities."""
