"""The survey's figures that the demo county reproduces, and how they are split up."""

FIRMS = 408
ABOVE_SCALE = 15
EMPLOYEES = 7219

STANDALONE_FIRMS = 19
AFFILIATED_FIRMS = 60
FIRMS_WITH_MEMBERS = STANDALONE_FIRMS + AFFILIATED_FIRMS  # 79
FULL_MEMBERS = 168
STANDALONE_MEMBERS = 76  # ours: the survey leaves 57 to 108
AFFILIATED_MEMBERS = FULL_MEMBERS - STANDALONE_MEMBERS

AFFILIATED_BRANCHES = 36
ASSOCIATION_BRANCHES = 21
SELF_EMPLOYED_MEMBERS = 206

FIRMS_WITHOUT_MEMBERS = FIRMS - FIRMS_WITH_MEMBERS  # 329
INSTRUCTORS = 329
MASS_ORGANISATIONS = 76
DEVELOPED = 13  # probationary members
ACTIVISTS = 64

# Ours: where the 329 firms without members stand.
COVERED = 221  # an instructor really works there …
COVERED_LAPSED = 6  # … but here the last visit is too long ago by now
MASS = 44
MASS_VISITED = 6  # ready for work coverage
BLANK = FIRMS_WITHOUT_MEMBERS - COVERED - MASS  # 64
BLANK_VISITED = 5
BLANK_WITH_ORGANISATION = 3  # ready for the stage "mass organisation"
COVERED_WITH_ORGANISATION = 25
SECOND_ORGANISATION = MASS_ORGANISATIONS - MASS - BLANK_WITH_ORGANISATION - COVERED_WITH_ORGANISATION
PAUSED = 4  # seasonal firms at rest; figures count them

# Full members of the affiliated firms that have outgrown their joint branch, in the order of
# `roster.GROWN`.
GROWN_MEMBERS = (3, 4, 3, 3, 3)
