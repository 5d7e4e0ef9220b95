"""The engine: chains, cases and forms as pure values, built on the standard library alone."""
