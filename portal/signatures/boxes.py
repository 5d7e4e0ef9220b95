"""Where something is on a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Box:
    """A rectangle on a page, in PDF points from its lower left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def corners(self) -> tuple[float, float, float, float]:
        """Left, bottom, right, top."""
        return (self.x, self.y, self.x + self.width, self.y + self.height)

    def holds(self, other: Sequence[float], slack: float = 0) -> bool:
        """Whether another rectangle lies in this one, give or take some points.

        Args:
            other: two opposite corners, in any order.
            slack: points.
        """
        left, bottom, right, top = self.corners
        xs, ys = sorted(other[::2]), sorted(other[1::2])
        return left - slack <= xs[0] and xs[1] <= right + slack and bottom - slack <= ys[0] and ys[1] <= top + slack
