"""`/api/v1/` (without signing in) and `/api/v1/me`."""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

import annotator
from annotator import limits
from annotator.api.authentication import Credential
from annotator.api.base import ALWAYS, caller, refusals
from annotator.models.libraries import Membership, Role
from annotator.oauth.client import CLIENT_ID
from annotator.services.libraries import own_library


class OAuthShape(serializers.Serializer[Any]):
    """How the extension signs in: OAuth 2 code with PKCE (S256). Addresses are relative to this server."""

    client_id = serializers.CharField()
    authorize = serializers.CharField()
    token = serializers.CharField()
    revoke = serializers.CharField()
    scopes = serializers.ListField(child=serializers.CharField())


class AboutShape(serializers.Serializer[Any]):
    product = serializers.CharField(help_text="Always `annotator`")
    version = serializers.CharField()
    api_version = serializers.CharField()
    oldest_extension = serializers.CharField()
    oauth = OAuthShape()


class MeUser(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    username = serializers.CharField()
    name = serializers.CharField()


class MeLibrary(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    role = serializers.ChoiceField(Role.choices)
    own = serializers.BooleanField(help_text="The library that `me` stands for")
    version = serializers.IntegerField()
    epoch = serializers.UUIDField()


class MeShape(serializers.Serializer[Any]):
    user = MeUser()
    scopes = serializers.ListField(child=serializers.CharField())
    libraries = MeLibrary(many=True)
    limits = serializers.DictField(child=serializers.IntegerField())
    version = serializers.CharField()
    api_version = serializers.CharField()
    oldest_extension = serializers.CharField()


VERSIONS = {
    "version": annotator.__version__,
    "api_version": annotator.API_VERSION,
    "oldest_extension": annotator.OLDEST_EXTENSION,
}


class AboutView(APIView):
    """What this server is."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(operation_id="about", auth=[], responses={200: AboutShape})
    def get(self, request: Request) -> Response:
        """Product, versions, and how to sign in."""
        oauth = {
            "client_id": CLIENT_ID,
            "authorize": reverse("oauth2_provider:authorize"),
            "token": reverse("oauth2_provider:token"),
            "revoke": reverse("oauth2_provider:revoke-token"),
            "scopes": ["read", "write"],
        }
        return Response({"product": "annotator", **VERSIONS, "oauth": oauth})


class MeView(APIView):
    """Who the caller is here."""

    @extend_schema(operation_id="me", responses={200: MeShape, **refusals(*ALWAYS)})
    def get(self, request: Request) -> Response:
        """The user, their libraries with role, version and epoch, and the limits."""
        user = caller(request)
        own = own_library(user=user)
        memberships = Membership.objects.filter(user=user).select_related("library").order_by("created", "pk")
        libraries = [
            {
                "id": one.library_id,
                "name": one.library.name,
                "role": one.role,
                "own": one.library_id == own.pk,
                "version": one.library.version,
                "epoch": one.library.epoch,
            }
            for one in memberships
        ]
        return Response(
            {
                "user": {"id": user.pk, "username": user.username, "name": user.shown_name},
                "scopes": sorted(request.auth.scopes if isinstance(request.auth, Credential) else ()),
                "libraries": libraries,
                "limits": limits.TOLD,
                **VERSIONS,
            }
        )
