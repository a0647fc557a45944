"""What django-oauth-toolkit leaves open in handing out tokens."""

from typing import Any

from django.db import transaction
from oauth2_provider.models import get_access_token_model, get_refresh_token_model
from oauth2_provider.oauth2_validators import OAuth2Validator


class Validator(OAuth2Validator):  # type: ignore[misc]  # the toolkit has no types
    """The toolkit's rules, and two more: nothing for the deactivated, and a lost refresh can be asked again.

    Only hashes of tokens are stored, so that the pair which a refresh made cannot be told a second time, as
    the toolkit would do within the grace period (it answers empty tokens). A repeated refresh makes a new
    pair instead and takes back the one whose answer was lost; whoever still uses that one shows that two
    parties hold the same token, and reuse protection ends the whole family.
    """

    def validate_refresh_token(
        self, refresh_token: str, client: Any, request: Any, *args: Any, **kwargs: Any
    ) -> bool:
        """Whether the token may be used now."""
        valid = super().validate_refresh_token(refresh_token, client, request, *args, **kwargs)
        return bool(valid and request.user is not None and request.user.is_active)

    def _save_bearer_token(self, token: dict[str, Any], request: Any, *args: Any, **kwargs: Any) -> None:
        refreshed = getattr(request, "refresh_token_instance", None)
        if refreshed is not None:
            _take_back_successor(refreshed.pk)
        super()._save_bearer_token(token, request, *args, **kwargs)


def _take_back_successor(refresh_token_id: int) -> None:
    """Revoke the pair that a refresh with this token made before, if it did.

    Runs in the transaction that saves.
    """
    assert transaction.get_connection().in_atomic_block
    tokens, accesses = get_refresh_token_model().objects, get_access_token_model().objects
    # The lock makes two refreshes with one token wait for each other.
    tokens.select_for_update().filter(pk=refresh_token_id).first()
    for access in accesses.select_for_update().filter(source_refresh_token=refresh_token_id):
        for successor in tokens.filter(access_token=access):
            successor.revoke()
        accesses.filter(pk=access.pk).delete()
