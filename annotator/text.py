"""Which texts every database keeps."""


def unstorable(text: str) -> bool:
    """Whether a text holds NUL (PostgreSQL has none) or half a surrogate pair (UTF-8 has none)."""
    return "\0" in text or any("\ud800" <= character <= "\udfff" for character in text)
