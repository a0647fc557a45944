"""Personal tokens: what they are for and when they were used; never the token, nor its digest."""

from django.contrib.admin import action, display, register
from django.contrib.messages import success
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from annotator.admin import cells
from annotator.admin.browsers import Browsers
from annotator.admin.filters import choice
from annotator.admin.scope import ReadOnly, signed_in
from annotator.models import PersonalToken, User
from annotator.services.access import revoke_personal_token


@register(PersonalToken)
class PersonalTokens(Browsers, ReadOnly[PersonalToken]):
    """One's own; a superuser's list holds everybody's, so that a lost laptop's can be ended."""

    list_display = ("shown_name", "by", "scope", "created", "last_used", "expires", "revoked")
    list_filter = (choice(_("scope"), "scope", lambda user: PersonalToken.Scope.choices, "scope"),)
    search_fields = ("name__startswith", "user__username__startswith")
    ordering = ("-created", "-pk")
    fields = ("name", "user", "scope", "created", "last_used", "expires", "revoked")
    actions = ("revoke",)

    def visible(self, rows: QuerySet[PersonalToken], user: User) -> QuerySet[PersonalToken]:
        """Own ones, or all."""
        seen = rows if user.is_superuser else rows.filter(user=user)
        return seen.select_related("user").defer("digest")

    @display(description=_("name"))
    def shown_name(self, row: PersonalToken) -> SafeString:
        """What its user called it."""
        return cells.isolated(row.name)

    @display(description=_("user"))
    def by(self, row: PersonalToken) -> SafeString:
        """Whose it is."""
        return cells.isolated(row.user.shown_name, 40)

    @action(description=_("Revoke the selected tokens for good"))
    def revoke(self, request: HttpRequest, queryset: QuerySet[PersonalToken]) -> None:
        """What used them is signed out at its next request."""
        ended = sum(revoke_personal_token(token=token, actor=signed_in(request)) for token in queryset)
        success(request, ngettext("%d token was revoked.", "%d tokens were revoked.", ended) % ended)
