"""Who is late with what, and the letters that urge them: from a list to a draft with everything filled in."""
