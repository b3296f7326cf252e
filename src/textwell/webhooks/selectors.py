"""Reads of webhooks for pages and the API."""

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from textwell.core.errors import NotFound
from textwell.webhooks.models import Delivery, DeliveryState, Endpoint
from textwell.webhooks.types import Form


def list_endpoints(workspace_id: int) -> QuerySet[Endpoint]:
    """Endpoints of one's own, newest first, each with `waiting_count` and `failed_count`."""
    mine = Endpoint.objects.filter(
        workspace_id=workspace_id, deleted_at=None, form=Form.STANDARD.value
    )
    return mine.annotate(
        waiting_count=_count_deliveries(DeliveryState.WAITING),
        failed_count=_count_deliveries(DeliveryState.FAILED),
    ).order_by("-id")


def list_stopped(workspace_id: int) -> QuerySet[Endpoint]:
    """Those that we stopped since nobody took what was told; none that a person switched off."""
    return list_endpoints(workspace_id).filter(is_active=False).exclude(stopped_reason="")


def _count_deliveries(state: DeliveryState) -> Coalesce:
    """By the state's own index: those that were delivered are many, and are not read."""
    rows = Delivery.objects.filter(endpoint=OuterRef("pk"), state=state.value).order_by()
    counted = rows.values("endpoint").annotate(count=Count("*")).values("count")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def access_endpoint(workspace_id: int, endpoint_id: int) -> Endpoint:
    """Raises NotFound for one of another workspace, deleted, or unknown."""
    found = list_endpoints(workspace_id).filter(id=endpoint_id).first()
    if found is None:
        raise NotFound("webhook", endpoint_id)
    return found


def list_deliveries(
    endpoint: Endpoint, *, state: str | None = None, before_id: int | None = None, limit: int = 50
) -> list[Delivery]:
    """Newest first, with their happenings; `before_id` goes on behind the page before."""
    rows = Delivery.objects.filter(endpoint=endpoint).select_related("happening")
    if state:
        rows = rows.filter(state=state)
    if before_id is not None:
        rows = rows.filter(id__lt=before_id)
    return list(rows.order_by("-id")[:limit])


def access_delivery(endpoint: Endpoint, delivery_id: int) -> Delivery:
    found = Delivery.objects.filter(endpoint=endpoint, id=delivery_id).first()
    if found is None:
        raise NotFound("delivery", delivery_id)
    return found
