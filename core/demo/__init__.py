"""The demo county: deterministic, and true to every printed figure that can be true."""
