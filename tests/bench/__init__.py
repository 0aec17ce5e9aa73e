"""What the desk costs, measured: `script/bench transition|inbox|live|weight`."""
