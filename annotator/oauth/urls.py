"""The three doors of OAuth 2 that the extension needs; the toolkit's other views stay shut."""

from django.urls import path

from annotator.oauth.views import Authorize, Revoke, Token

app_name = "oauth2_provider"
urlpatterns = [
    path("authorize/", Authorize.as_view(), name="authorize"),
    path("token/", Token.as_view(), name="token"),
    path("revoke/", Revoke.as_view(), name="revoke-token"),
]
