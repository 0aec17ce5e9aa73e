"""What somebody should look into: findings of the nightly check, and handovers."""
