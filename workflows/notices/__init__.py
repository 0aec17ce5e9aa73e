"""Being told: notices of events, for everybody concerned."""
