"""The group *Reviewers*: what a member of staff may open on the review desk."""

from django.db import migrations

NAME = "Reviewers"
SEEN = (
    "annotation", "document", "snapshot", "tag", "event", "job", "library", "personaltoken",
)


def make(apps, schema_editor):
    """Permissions are usually made after all migrations; the group needs them now."""
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    ContentType = apps.get_model("contenttypes", "ContentType")
    group, _ = Group.objects.get_or_create(name=NAME)
    for model in SEEN:
        kind, _ = ContentType.objects.get_or_create(app_label="annotator", model=model)
        name = apps.get_model("annotator", model)._meta.verbose_name
        permission, _ = Permission.objects.get_or_create(
            content_type=kind, codename=f"view_{model}", defaults={"name": f"Can view {name}"}
        )
        group.permissions.add(permission)
    # Until now being staff was enough.
    User = apps.get_model("annotator", "User")
    for user in User.objects.filter(is_staff=True, is_superuser=False).iterator(chunk_size=500):
        user.groups.add(group)


def remove(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name=NAME).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("annotator", "0005_review_desk"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make, remove)]
