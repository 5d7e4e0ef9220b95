"""Signatures: who signs what with which key, and whether what is signed holds."""
