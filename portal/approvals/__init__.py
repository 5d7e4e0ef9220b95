"""Cases, work items, decisions: the only caller of the engine."""
