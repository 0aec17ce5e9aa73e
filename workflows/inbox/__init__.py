"""What waits for whom: one list over all flows, and the page of one task."""
