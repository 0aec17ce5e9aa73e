"""Two-way evaluation (双向鉴定): the firm and its instructor each say how it went, both unseen by
the other until both have spoken; then the supervisor, the instructor's answer, the grade."""
