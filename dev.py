#!/usr/bin/env python3
"""The one entry point: `python3 dev.py run` serves, `python3 dev.py test` proves. See `--help`.

Standard library only, so that a machine with Python 3.11 and nothing else prepared can start here; the
commands themselves live in `devtools/`.
"""

import sys

# Compared before anything else of ours is imported, so that an old interpreter gets a sentence
# instead of a traceback.
if sys.version_info < (3, 11):  # noqa: UP036
    found = ".".join(map(str, sys.version_info[:2]))
    sys.exit(f"Annotator needs Python 3.11 or newer; this is Python {found} ({sys.executable}).")

from devtools.command_line import main

if __name__ == "__main__":
    raise SystemExit(main())
