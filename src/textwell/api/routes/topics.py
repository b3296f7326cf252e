"""What people agree to: topics and brands."""

from ninja import Router, Status

from textwell.accounts.types import Scope
from textwell.api.auth import ApiKey, KeyRequest
from textwell.api.schemas.topics import (
    BrandChange,
    BrandIn,
    BrandOut,
    TopicChange,
    TopicIn,
    TopicOut,
)
from textwell.consent import topics
from textwell.consent.models import Brand, Topic

router = Router(tags=["Topics"])
READ, WRITE = ApiKey(Scope.CONTACTS_READ), ApiKey(Scope.CONTACTS_WRITE)


@router.get("/topics", auth=READ, response=list[TopicOut])
def list_topics(request: KeyRequest) -> list[Topic]:
    """What the workspace writes about, by name."""
    return topics.list_topics(request.auth.workspace_id)


@router.post("/topics", auth=WRITE, response={201: TopicOut})
def define_topic(request: KeyRequest, new: TopicIn) -> Status[Topic]:
    """Define a topic. The same definition twice is once; another one with its key is a conflict."""
    made = topics.define_topic(
        workspace_id=request.auth.workspace_id,
        key=new.key,
        name=new.name,
        description=new.description,
        is_per_sender=new.is_per_sender,
        actor=request.auth.actor,
    )
    return Status(201, made)


@router.patch("/topics/{int:topic_id}", auth=WRITE, response=TopicOut)
def rename_topic(request: KeyRequest, topic_id: int, change: TopicChange) -> Topic:
    """Call it otherwise. What people agreed to stays."""
    holder = request.auth
    return topics.rename_topic(
        topic=topics.access_topic(holder.workspace_id, topic_id),
        name=change.name,
        description=change.description,
        actor=holder.actor,
    )


@router.post("/topics/{int:topic_id}/close", auth=WRITE, response=TopicOut)
def close_topic(request: KeyRequest, topic_id: int) -> Topic:
    """Offer and use it no more, for good. What people said of it stays; they can still say no."""
    holder = request.auth
    topic = topics.access_topic(holder.workspace_id, topic_id)
    return topics.close_topic(topic=topic, actor=holder.actor)


@router.get("/brands", auth=READ, response=list[BrandOut])
def list_brands(request: KeyRequest) -> list[Brand]:
    """The names under which the workspace writes."""
    return topics.list_brands(request.auth.workspace_id)


@router.post("/brands", auth=WRITE, response={201: BrandOut})
def define_brand(request: KeyRequest, new: BrandIn) -> Status[Brand]:
    """Define a brand. The same definition twice is once; another one with its key is a conflict."""
    made = topics.define_brand(
        workspace_id=request.auth.workspace_id,
        key=new.key,
        name=new.name,
        actor=request.auth.actor,
    )
    return Status(201, made)


@router.patch("/brands/{int:brand_id}", auth=WRITE, response=BrandOut)
def rename_brand(request: KeyRequest, brand_id: int, change: BrandChange) -> Brand:
    """Call it otherwise. What people agreed to stays."""
    holder = request.auth
    brand = topics.access_brand(holder.workspace_id, brand_id)
    return topics.rename_brand(brand=brand, name=change.name, actor=holder.actor)


@router.post("/brands/{int:brand_id}/close", auth=WRITE, response=BrandOut)
def close_brand(request: KeyRequest, brand_id: int) -> Brand:
    """Use it no more, for good. What people said of it stays; they can still say no."""
    holder = request.auth
    brand = topics.access_brand(holder.workspace_id, brand_id)
    return topics.close_brand(brand=brand, actor=holder.actor)
