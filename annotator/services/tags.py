"""Tags on annotations."""

from collections.abc import Collection

from annotator.models.annotations import Annotation, AnnotationTag, Tag


def set_tags(*, annotation: Annotation, names: Collection[str]) -> None:
    """Make these the annotation's tags, all of them. Has to run inside the library's writing transaction."""
    library_id = annotation.library_id
    links = AnnotationTag.objects.filter(library_id=library_id, annotation=annotation)
    on_it = {name: link for link, name in links.values_list("pk", "tag__name")}
    if gone := [link for name, link in on_it.items() if name not in names]:
        links.filter(pk__in=gone).delete()
    if missing := set(names) - on_it.keys():
        known = {tag.name: tag for tag in Tag.objects.filter(library_id=library_id, name__in=missing)}
        new = [Tag(library_id=library_id, name=name) for name in sorted(missing - known.keys())]
        Tag.objects.bulk_create(new)
        AnnotationTag.objects.bulk_create(
            AnnotationTag(library_id=library_id, annotation=annotation, tag=tag)
            for tag in [*known.values(), *new]
        )
    # An earlier prefetch would go on showing the old ones.
    getattr(annotation, "_prefetched_objects_cache", {}).clear()
