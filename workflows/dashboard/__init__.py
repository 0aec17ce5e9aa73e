"""The state of the county on one page, for a meeting or a wall: as far as the reader's reach goes."""
