"""Tags on annotations."""

from collections.abc import Collection

from annotator.models.annotations import Annotation, AnnotationTag, Tag


def set_tags(*, annotation: Annotation, names: Collection[str]) -> None:
    """Make these the annotation's tags, all of them. Has to run inside the library's writing transaction."""
    library_id = annotation.library_id
    on_it = AnnotationTag.objects.filter(library_id=library_id, annotation=annotation)
    on_it.exclude(tag__name__in=names).delete()
    missing = set(names) - set(on_it.values_list("tag__name", flat=True))
    known = {tag.name: tag for tag in Tag.objects.filter(library_id=library_id, name__in=missing)}
    new = [Tag(library_id=library_id, name=name) for name in sorted(missing - known.keys())]
    Tag.objects.bulk_create(new)
    AnnotationTag.objects.bulk_create(
        AnnotationTag(library_id=library_id, annotation=annotation, tag=tag)
        for tag in [*known.values(), *new]
    )
    # An earlier prefetch would go on showing the old ones.
    getattr(annotation, "_prefetched_objects_cache", {}).clear()
