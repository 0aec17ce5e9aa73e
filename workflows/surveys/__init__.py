"""Survey rounds (摸底普查): every firm of some areas is confirmed, changed or not found, once.

A firm in a round is one plain row and no conversation of the engine: a round of 2,000 firms is
opened in one request, and 2,000 processes with their tasks, locks and events would be written one
at a time. There is also nothing to claim or to hand on: whose a row is, is asked of the ledger each
time (the instructor who guides the firm now, who stands in for them, else the township's office), so
that it follows a change of instructor or a leave by itself. The inbox lists the rows beside its tasks.
"""
