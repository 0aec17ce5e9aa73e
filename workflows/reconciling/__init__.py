"""Lists of other authorities (market, tax, social insurance) compared with the ledger, and decided."""
