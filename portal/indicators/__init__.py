"""Indicators: what is measured across units and periods, each under one lasting key."""
