"""What units hand in: drafts, frozen versions, and the case that carries them."""
