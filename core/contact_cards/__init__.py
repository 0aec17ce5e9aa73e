"""Contact cards (联系指导信息卡) for the wall of each firm: who looks after it at three tiers (a leader
of the county, a section-level leader, the instructor), on which days, under which phone.

The two leaders are named for an area or for one firm; the nearest one counts: the firm's own, then
its village's, its township's, the county's. Instructor and phone come from the register.
"""
