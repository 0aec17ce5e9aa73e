"""Figures and ledger for the platforms of higher offices, read only: nobody types them again."""
