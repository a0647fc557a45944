"""`/healthz` and `/readyz`, for supervisors and proxies. They tell nothing that an outsider may not know."""

import logging
import shutil

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

log = logging.getLogger(__name__)

# Below this much free space, in bytes, SQLite's log may not fit any more.
FREE_BYTES = 64 * 1024 * 1024


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """The process is up."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Database, migrations and disk are fine: 200, otherwise 503 and which is not."""
    checks = {"database": _database_answers(), "migrations": False, "disk": _disk_has_room()}
    checks["migrations"] = checks["database"] and _migrated()
    ready = all(checks.values())
    told = {name: "ok" if fine else "failed" for name, fine in checks.items()}
    return JsonResponse({"status": "ok" if ready else "failed", "checks": told}, status=200 if ready else 503)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return bool(cursor.fetchone() == (1,))
    except DatabaseError:
        log.warning("readyz: the database does not answer")
        return False


def _migrated() -> bool:
    try:
        executor = MigrationExecutor(connection)
        return not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return False


def _disk_has_room() -> bool:
    try:
        return shutil.disk_usage(settings.DATA_DIR).free >= FREE_BYTES
    except OSError:
        return False
