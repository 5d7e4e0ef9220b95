"""`python -m portal.verification FILE...` says what the signatures of files are worth, anywhere and without network."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from portal.signatures.trust import read_trust
from portal.verification.report import Report, of_signatures, read


def main(arguments: list[str] | None = None) -> int:
    """Check each file; gives the exit status: 0 all valid, 1 one is not, 2 one could not be read."""
    parser = argparse.ArgumentParser(prog="python -m portal.verification", description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    trusted = os.environ.get("SIGNING_TRUST")
    parser.add_argument("--trust", type=Path, default=trusted, help="folder with the certificates that are believed")
    asked = parser.parse_args(arguments)
    try:
        trust = read_trust(asked.trust)
    except (OSError, ValueError) as error:
        parser.error(str(error))
    status = 0
    for path in asked.files:
        content = read(path)
        report = content if isinstance(content, Report) else of_signatures(content, trust)
        print(f"{path}: " + "\n".join(report.lines))  # noqa: T201 - this is what the terminal is for
        status = max(status, report.status)
    return status


if __name__ == "__main__":
    sys.exit(main())
