"""OAuth 2 for the extension, on django-oauth-toolkit."""
