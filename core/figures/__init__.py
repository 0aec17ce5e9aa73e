"""One function for each number, with its definition."""
