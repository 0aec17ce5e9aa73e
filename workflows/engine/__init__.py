"""The only room that knows viewflow's insides: locks, scope, human tasks, deadlines."""
