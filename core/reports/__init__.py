"""Tables for superiors, with the office's own headings; and what was reported, kept as it was."""
