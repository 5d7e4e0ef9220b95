"""The portal's sentences in the languages of its readers."""
