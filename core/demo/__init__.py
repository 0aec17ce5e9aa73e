"""The demo county: deterministic, and true to every printed figure that can be true at once.

The figures are those of a county's survey at the end of 2014, with two readings:

- "Affiliated branches cover 79 firms and 168 members" only fits if the 79 firms with full members
  are 19 firms with a branch of their own and 60 affiliated ones. Here the 19 hold 76 members and
  the 60 hold 92.
- 329 instructors are sent to the 329 firms without full members, one each. Four of them guide
  five affiliated firms as well (一人多企): firms that have grown to three full members or more and
  should have a branch of their own. So instructors stay 329, and so do the guided firms without
  members.

Everything is invented: the county, its code (no province begins with 69), firms and people.
"""
