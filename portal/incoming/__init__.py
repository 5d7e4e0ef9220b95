"""Incoming documents: numbered as they arrive, handed over, turned into tasks, answered."""
