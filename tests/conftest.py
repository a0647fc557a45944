"""What holds for every test that runs inside Django."""

from __future__ import annotations

from django.conf import settings


def pytest_configure() -> None:
    # Passwords are hashed slowly on purpose; tests have none worth protecting, and hash them by the hundred.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
