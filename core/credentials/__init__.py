"""Credentials of instructors: numbers that never repeat, cards, and the page behind their QR code.

Plain verbs over one table of moves (`moves.py`) instead of a flow: nobody waits for anybody here,
each move is one act of the county office or of the calendar, so there is nothing to converse about.
"""
