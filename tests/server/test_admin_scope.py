"""Who sees what on the review desk."""

import pytest
from django.contrib import admin
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from annotator.errors import NotAllowed
from annotator.models import (
    Annotation,
    Document,
    Event,
    Library,
    Membership,
    PersonalToken,
    Snapshot,
    Tag,
    User,
)
from annotator.models.libraries import Role
from annotator.services.access import open_library, revoke_personal_token
from tests.server.people import Person, person, staff

pytestmark = pytest.mark.django_db
SCOPED = ("annotation", "document", "snapshot", "tag", "event")


def browser(who: Person, *, is_staff: bool = False, is_superuser: bool = False) -> Client:
    if is_staff:
        return staff(who, is_superuser=is_superuser)
    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.get(pk=who.user.pk))
    return client


@pytest.fixture
def seeded(ada: Person) -> Person:
    """Ada with the demo annotations in her own library."""
    call_command("loadseeds", user="ada", verbosity=0)
    return ada


def pages_of_ada() -> list[str]:
    rows = [Annotation, Document, Snapshot, Tag, Event]
    first = {model: model._default_manager.values_list("pk", flat=True)[0] for model in rows}
    return [
        reverse(f"admin:annotator_{model._meta.model_name}_change", args=[key])
        for model, key in first.items()
    ]


def test_who_is_not_signed_in_is_led_to_the_sign_in() -> None:
    response = Client(SERVER_NAME="localhost").get("/admin/annotator/annotation/", follow=True)
    assert response.redirect_chain[-1][0] == "/sign-in/?next=/admin/annotator/annotation/"


def test_whoever_joins_the_staff_can_open_the_desk_and_may_be_taken_off_it_again(seeded: Person) -> None:
    user = User.objects.get(pk=seeded.user.pk)
    user.is_staff = True
    user.save()
    client = browser(seeded)
    assert client.get("/admin/annotator/annotation/").status_code == 200
    user = User.objects.get(pk=seeded.user.pk)
    user.groups.clear()
    user.save()
    assert client.get("/admin/annotator/annotation/").status_code == 403


def test_a_member_of_staff_made_in_the_desk_can_open_it_too(ada: Person, seeded: Person) -> None:
    admin_browser = browser(person("root"), is_staff=True, is_superuser=True)
    page = f"/admin/annotator/user/{seeded.user.pk}/change/"
    form = {"username": "ada", "is_active": "on", "is_staff": "on", "time_zone": "UTC", "language": ""}
    dates = {"date_joined_0": "2026-01-01", "date_joined_1": "00:00:00"}
    assert admin_browser.post(page, form | dates).status_code == 302
    assert browser(seeded).get("/admin/annotator/annotation/").status_code == 200


def test_who_is_not_staff_is_told_so_instead_of_being_asked_to_sign_in_again(stranger: Person) -> None:
    assert browser(stranger).get("/admin/", follow=True).status_code == 403


@pytest.mark.parametrize("superuser", [False, True])
def test_staff_and_superusers_see_nothing_of_a_library_they_do_not_belong_to(
    seeded: Person, stranger: Person, superuser: bool
) -> None:
    client = browser(stranger, is_staff=True, is_superuser=superuser)
    for name in SCOPED:
        html = client.get(f"/admin/annotator/{name}/").content.decode()
        for words in ("Mossoul", "Daech", "127.0.0.1:8000", "coquille"):
            assert words not in html, (name, words)
    for address in pages_of_ada():
        response = client.get(address)
        assert response.status_code in {302, 404}, address
        assert "Mossoul" not in response.content.decode()


def test_a_filter_does_not_tell_which_sites_tags_and_authors_others_have(
    seeded: Person, stranger: Person
) -> None:
    client = browser(stranger, is_staff=True)
    stranger.highlights(url="https://mine.example/")
    html = client.get("/admin/annotator/annotation/").content.decode()
    assert "mine.example" in html
    assert "127.0.0.1" not in html
    assert "coquille" not in html
    assert str(seeded.user.pk) not in html


def test_staff_see_the_library_that_they_joined(seeded: Person, stranger: Person) -> None:
    Membership.objects.create(library=seeded.library, user=stranger.user, role=Role.REVIEWER)
    client = browser(stranger, is_staff=True)
    for address in pages_of_ada():
        assert client.get(address).status_code == 200, address


def test_a_superuser_opens_a_library_only_by_a_confirmed_deed_that_its_owner_sees(
    seeded: Person, stranger: Person
) -> None:
    client = browser(stranger, is_staff=True, is_superuser=True)
    door = reverse("admin:annotator_library_open", args=[seeded.library.pk])
    assert door in client.get("/admin/annotator/library/").content.decode()
    assert client.get(door).status_code == 200
    assert client.get(pages_of_ada()[0]).status_code == 404  # asking is not opening
    assert client.post(door, {"reason": "a complaint"}, follow=True).status_code == 200
    assert client.get(pages_of_ada()[0]).status_code == 200
    event = Event.objects.get(verb="open")
    assert event.actor == stranger.user
    assert event.after == {"role": "reader", "reason": "a complaint"}
    home = browser(seeded).get("/").content.decode()
    assert "a complaint" in home
    assert "stranger" in home


def test_the_door_is_shut_for_staff_who_are_no_superusers(seeded: Person, stranger: Person) -> None:
    client = browser(stranger, is_staff=True)
    door = reverse("admin:annotator_library_open", args=[seeded.library.pk])
    assert client.get(door).status_code == 403
    assert client.post(door).status_code == 403
    assert door not in client.get("/admin/annotator/library/").content.decode()
    with pytest.raises(NotAllowed):
        open_library(library=seeded.library, superuser=stranger.user)
    assert not Event.objects.filter(verb="open").exists()


def test_opening_twice_is_one_deed(seeded: Person) -> None:
    boss = User.objects.create_superuser("boss", password="a long password")
    for _ in range(2):
        open_library(library=seeded.library, superuser=boss)
    assert Event.objects.filter(verb="open").count() == 1


def test_a_superuser_who_did_not_open_it_does_not_get_its_page(seeded: Person, stranger: Person) -> None:
    client = browser(stranger, is_staff=True, is_superuser=True)
    address = reverse("admin:annotator_library_change", args=[seeded.library.pk])
    assert client.get(address).status_code == 403
    assert browser(seeded, is_staff=True).get(address).status_code == 200


def test_a_token_is_revoked_and_its_digest_is_nowhere(ada: Person) -> None:
    client = browser(ada, is_staff=True)
    token = PersonalToken.objects.get()
    address = "/admin/annotator/personaltoken/"
    detail = reverse("admin:annotator_personaltoken_change", args=[token.pk])
    for page in (address, detail):
        assert token.digest not in client.get(page).content.decode()
    response = client.post(address, {"action": "revoke", "_selected_action": str(token.pk)}, follow=True)
    assert "1 token was revoked." in response.content.decode()
    assert ada.get("me").status_code == 401
    assert Event.objects.get(verb="revoke").row == token.pk


def test_nobody_sees_or_revokes_the_token_of_somebody_else(ada: Person, stranger: Person) -> None:
    client = browser(stranger, is_staff=True)
    token = PersonalToken.objects.get(user=ada.user)
    address = "/admin/annotator/personaltoken/"
    assert str(token.pk) not in client.get(address).content.decode()
    client.post(address, {"action": "revoke", "_selected_action": str(token.pk)})
    with pytest.raises(NotAllowed):
        revoke_personal_token(token=token, actor=stranger.user)
    token.refresh_from_db()
    assert token.revoked is None


def test_accounts_are_for_superusers_and_nobody_deletes_one_here(ada: Person, stranger: Person) -> None:
    assert browser(stranger, is_staff=True).get("/admin/annotator/user/").status_code == 403
    client = browser(stranger, is_staff=True, is_superuser=True)
    assert client.get("/admin/annotator/user/").status_code == 200
    assert client.get(reverse("admin:annotator_user_change", args=[ada.user.pk])).status_code == 200
    delete = reverse("admin:annotator_user_delete", args=[ada.user.pk])
    assert client.post(delete, {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=ada.user.pk).exists()


def test_oauth_tables_are_not_on_the_desk() -> None:
    assert {model._meta.app_label for model in admin.site._registry} == {"annotator"}


def test_libraries_show_their_members(seeded: Person, stranger: Person) -> None:
    Membership.objects.create(library=seeded.library, user=stranger.user, role=Role.REVIEWER)
    address = reverse("admin:annotator_library_change", args=[seeded.library.pk])
    html = browser(seeded, is_staff=True).get(address).content.decode()
    assert "stranger" in html
    assert "reviewer" in html
    assert Library.objects.count() >= 1
