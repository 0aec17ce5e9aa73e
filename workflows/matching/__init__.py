"""The matching board: for firms without an instructor it proposes one, with reasons, to be edited."""
