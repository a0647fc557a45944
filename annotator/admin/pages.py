"""Which pages the desk has: importing a page's module puts it there."""

from django.contrib import admin
from django.contrib.auth.models import Group
from oauth2_provider.models import (
    get_access_token_model,
    get_application_model,
    get_grant_model,
    get_id_token_model,
    get_refresh_token_model,
)

from annotator.admin import annotations, documents, events, jobs, libraries, tags, tokens, users

__all__ = ["annotations", "documents", "events", "jobs", "libraries", "tags", "tokens", "users"]

# The toolkit puts its tables here with everything that can be edited in them. The extension's client follows
# the settings, and codes and tokens are nobody's to read or make by hand. Groups have no meaning yet.
for model in (
    get_access_token_model(),
    get_application_model(),
    get_grant_model(),
    get_id_token_model(),
    get_refresh_token_model(),
    Group,
):
    if admin.site.is_registered(model):
        admin.site.unregister(model)
