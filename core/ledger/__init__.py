"""The ledger: firms, their branches and mass organisations, files, and the dated changes of stage."""
