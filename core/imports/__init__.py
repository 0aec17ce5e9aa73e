"""Lists of firms brought in from a table: read, looked at row by row, applied at once, taken back."""
