"""What happened, by whom, in one sentence. Rows are added, never changed."""
