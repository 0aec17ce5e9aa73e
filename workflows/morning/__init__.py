"""The page that the day begins with: what waits, what is late and where, which firms want a look."""
