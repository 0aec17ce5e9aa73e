"""Long work outside the web process: started by a person, watched, stopped, resumed, fetched."""
