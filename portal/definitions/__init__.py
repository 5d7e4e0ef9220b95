"""The low-code data: forms, chains and documents, versioned, published, pinned by whatever runs on them."""
