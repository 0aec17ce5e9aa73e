"""Which instructor goes to which firm: proposed, agreed to by all, issued as a list."""
