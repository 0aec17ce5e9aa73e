"""What leaves the house: digests by e-mail, messages to chat robots, the calendar of deadlines."""
