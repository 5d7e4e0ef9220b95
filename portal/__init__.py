"""The application: rooms with tables and screens, around the pure engine in `workflows`."""
