"""What waits for whom: one list over all flows, and being told."""
