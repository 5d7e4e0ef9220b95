"""Runs the benchmarks and prints a line for each comparison: `make bench`, or `python -m tests.benchmarks pages`."""

from __future__ import annotations

import importlib
import logging
import os
import platform
import sqlite3
import sys
from datetime import UTC, datetime
from importlib.metadata import version

from tests.benchmarks.timing import CannotRunError

NAMES = ("engine", "decision", "viewflow", "worklist", "definitions", "pages", "pdf", "signing", "sample", "start")


def main() -> None:
    """Run those that are named, all of them otherwise."""
    logging.disable(logging.WARNING)
    print(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC; {versions()}", flush=True)
    for name in sys.argv[1:] or NAMES:
        benchmark = importlib.import_module(f"tests.benchmarks.{name}")
        try:
            for line in benchmark.run():
                print(line, flush=True)
        except CannotRunError as reason:
            print(f"{name}: not run, {reason}", flush=True)


def versions() -> str:
    """What the figures depend on."""
    packages = ("SQLAlchemy", "Flask-AppBuilder", "psycopg", "WeasyPrint")
    named = ", ".join(f"{each} {version(each)}" for each in packages)
    machine = f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the start"
    return f"{machine}, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {named}"


if __name__ == "__main__":
    main()
