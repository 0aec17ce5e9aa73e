"""Official letters: an office's letterhead, the letters it numbered, and their paper.

What a letter says is frozen when it is numbered: printed again years later it is the same letter,
whatever the ledger and the letterhead say by then.
"""
