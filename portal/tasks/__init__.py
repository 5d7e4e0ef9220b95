"""Assignments given to units: what, who, by when, how far."""
