"""The desk itself: home, health, rulebook page, pages for what goes wrong."""
