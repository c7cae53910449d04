"""What will be needed: children, bed nights and placements over the next ten years."""
