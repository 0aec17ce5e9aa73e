"""What changed, said at once to the open pages of each who may see it, and to nobody else."""
