"""Lists: filter, then a page by startIndex and count."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from scim2_models import Context, InvalidFilterException, Resource, SearchRequest
from scim2_models.path import CompareOperator, Comparison, FilterNode

from textwell.api.scim.answers import answer, read_query

MOST = 200  # resources in one answer; ServiceProviderConfig says so
LONGEST_FILTER = 2_000
LIST_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:ListResponse"


def read_search(request: HttpRequest, kind: type[Resource[Any]]) -> SearchRequest[Any]:
    """What was asked for, `count` between 0 and `MOST`.

    Raises:
        ValidationError, InvalidFilterException: it cannot be read.
    """
    query = read_query(request)
    if len(query.get("filter", "")) > LONGEST_FILTER:
        raise InvalidFilterException(detail="The filter is too long.")
    search: SearchRequest[Any] = SearchRequest[kind].model_validate(query)  # type: ignore[valid-type]  # known at run time alone
    search.count = MOST if search.count is None else min(search.count, MOST)
    return search


def equality(filter_: Any) -> tuple[str, str] | None:  # Any: ScimFilter of any resource
    """(attribute, text) of `attribute eq "text"` and no more, else None: the database can find that."""
    node: FilterNode = filter_.ast
    if not isinstance(node, Comparison) or node.op != CompareOperator.eq:
        return None
    path = node.attr_path
    name = path.attr if path.sub_attr is None else f"{path.attr}.{path.sub_attr}"
    return (name.lower(), node.value) if isinstance(node.value, str) else None


def page_of(
    search: SearchRequest[Any],
    rows: Any,  # Any: a query set
    build: Callable[[Sequence[Any]], Sequence[Resource[Any]]],
    *,
    is_filtered: bool,
) -> HttpResponse:
    """A page of the rows as resources; the filter is asked of each unless the database has done so."""
    start, stop = search.start_index_0 or 0, search.stop_index_0
    if search.filter is None or is_filtered:
        total = rows.count()
        found = build(list(rows[start:stop]))
    else:
        matching = [each for each in build(list(rows)) if search.filter.match(each)]
        total, found = len(matching), matching[start:stop]
    return list_answer(found, total=total, start=start + 1, search=search)


def list_answer(
    resources: Iterable[Resource[Any]],
    *,
    total: int,
    start: int = 1,
    search: SearchRequest[Any] | None = None,
) -> HttpResponse:
    """A ListResponse."""
    shown = [
        each.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE, response_parameters=search)
        for each in resources
    ]
    content = {
        "schemas": [LIST_SCHEMA],
        "totalResults": total,
        "startIndex": start,
        "itemsPerPage": len(shown),
        "Resources": shown,
    }
    return answer(content)
