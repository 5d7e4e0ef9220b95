"""What follows a document after its issue: certified copies and extracts, and the recall of what was sent."""
