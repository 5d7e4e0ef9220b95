"""The demonstration province: data in YAML, and its loader."""
