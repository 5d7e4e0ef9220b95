"""Organisations, the seats in them, and who sits where from when to when."""
