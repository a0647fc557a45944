#!/usr/bin/env python3
"""Django's commands for this project; `dev.py` calls them inside its virtual environment."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "annotator.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError as missing:
        raise SystemExit(
            "Django is not installed here. Use .venv/bin/python, which `dev.py run` makes."
        ) from missing
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
