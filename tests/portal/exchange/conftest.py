"""The printed document that the tests of signing share."""

from __future__ import annotations

from tests.portal.signatures.conftest import document

__all__ = ["document"]
