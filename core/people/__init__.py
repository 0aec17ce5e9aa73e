"""People who are not accounts: members, instructors, who guides which firm, what was done there."""
