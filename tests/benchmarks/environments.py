"""Environments of the benchmarks' own, for what is compared with and is in no list of requirements."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

from tests.benchmarks.timing import CannotRunError


def python_with(name: str, *packages: str) -> str:
    """The interpreter of an environment with these packages alone; made once and kept in the user's cache.

    Args:
        name: of the environment; it holds every pin, so that another pin makes another one.
        packages: with their versions, as pip reads them.

    Raises:
        CannotRunError: they cannot be had.
    """
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "trinh-benchmarks"
    folder = cache / f"{name}-{sys.version_info.major}.{sys.version_info.minor}"
    python = folder / "bin" / "python"
    if not (folder / "ready").exists():
        venv.create(folder, with_pip=True, clear=True)
        command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages]
        made = subprocess.run(command, check=False, capture_output=True, text=True)
        if made.returncode:
            raise CannotRunError(
                f"{' and '.join(packages)} cannot be installed: {made.stderr.strip().splitlines()[-1]}"
            )
        (folder / "ready").touch()
    return str(python)
