"""The life of a firm's coverage: the chart, its guards, the one door, and the transition flow."""
