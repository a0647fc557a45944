"""People's accounts: for superusers."""

from django.contrib.admin import register
from django.contrib.auth.admin import UserAdmin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from annotator.models import User


@register(User)
class Users(UserAdmin):  # type: ignore[type-arg]  # generic in the stubs only
    """Accounts are made and switched off here. Removing one with all that it wrote is another deed."""

    fieldsets = (*(UserAdmin.fieldsets or ()), (_("Place"), {"fields": ("time_zone", "language")}))

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Not by a checkbox in a list: it would take whole libraries along."""
        return False
