"""People's accounts: for superusers."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.contrib.admin import ShowFacets, register
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth.admin import UserAdmin
from django.db.models import Field, Model
from django.forms import ChoiceField, ModelForm
from django.forms import Field as FormField
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from annotator.admin.lists import KeysetList
from annotator.models import User


@register(User)
class Users(UserAdmin):  # type: ignore[type-arg]  # generic in the stubs only
    """Accounts are made and switched off here. Removing one with all that it wrote is another deed."""

    ordering = ("username", "pk")
    sortable_by = ()
    show_facets = ShowFacets.NEVER
    change_list_template = "admin/list.html"
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("first_name", "last_name", "email")}),
        (_("Rights"), {"fields": ("is_active", "is_staff", "is_superuser", "groups")}),
        (_("Place"), {"fields": ("time_zone", "language")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    readonly_fields = ("last_login", "date_joined")
    filter_horizontal = ()  # a plain list: there is one group

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Pages by the last row shown."""
        return KeysetList

    def save_related(
        self, request: HttpRequest, form: ModelForm[Any], formsets: list[Any], change: bool
    ) -> None:
        """The form writes the groups as they were shown, which was before this user joined the staff."""
        super().save_related(request, form, formsets, change)
        if form.instance.is_staff and "is_staff" in form.changed_data:
            form.instance.join_reviewers()

    def formfield_for_dbfield(
        self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> FormField | None:
        """Time zones that this machine knows, and languages that the pages speak."""
        if db_field.name == "time_zone":
            zones = sorted(available_timezones())
            return ChoiceField(
                label=capfirst(db_field.verbose_name), choices=[(zone, zone) for zone in zones]
            )
        if db_field.name == "language":
            languages = [("", _("as the browser asks")), *settings.LANGUAGES]
            return ChoiceField(label=capfirst(db_field.verbose_name), choices=languages, required=False)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Not by a checkbox in a list: it would take whole libraries along."""
        return False
