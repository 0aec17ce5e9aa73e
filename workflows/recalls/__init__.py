"""Taking an instructor away from a firm: a reason from a table, and an approver."""
