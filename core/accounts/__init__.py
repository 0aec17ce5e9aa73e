"""Who signs in, with which role, over which area; and what each role may do."""
