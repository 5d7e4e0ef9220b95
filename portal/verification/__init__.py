"""Verification: what anybody may know of a document that was issued, by its code or its file; no tables of its own."""
