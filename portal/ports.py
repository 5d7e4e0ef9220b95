"""Ports: what a lower room needs from a higher one is declared here by type and filled by `app` at start."""

from __future__ import annotations

from typing import Generic, TypeVar

T = TypeVar("T")


class Port(Generic[T]):
    """An empty socket with a name; using it before it is filled is a mistake of wiring and says so."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._filling: T | None = None

    def plug(self, filling: T) -> None:
        """Fill the port; a second app in the same process fills it again."""
        self._filling = filling

    @property
    def plugged(self) -> T:
        """What the port was filled with.

        Raises:
            RuntimeError: nothing was.
        """
        if self._filling is None:
            raise RuntimeError(f"port {self.name!r} is not filled; app.py fills every port at start")
        return self._filling
