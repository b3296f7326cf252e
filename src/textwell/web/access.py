"""The door of every page: who is it, in which workspace, may they do this?"""

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import resolve_url
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from textwell.accounts.models import Membership, User, Workspace
from textwell.accounts.policy import Policy, policy_of
from textwell.accounts.selectors import access_membership
from textwell.accounts.types import Permission
from textwell.core.errors import Forbidden, NotFound

SESSION_WORKSPACE = "workspace_id"
P = ParamSpec("P")


class MemberRequest(HttpRequest):
    """A request of a signed-in person inside one workspace, as `member_page` hands it on."""

    user: User
    membership: Membership
    workspace: Workspace
    policy: Policy
    actor: str  # who, in the audit log: user:7
    htmx: HtmxDetails


def find_membership(request: HttpRequest) -> Membership:
    """The person's part in the workspace chosen in this session, else in their first one.

    One that the middleware knows already (`watchers`) is not asked for again.

    Raises:
        NotFound: the person belongs to none.
    """
    assert isinstance(request.user, User)
    known: Membership | None = getattr(request, "known_membership", None)
    if known is not None:
        return known
    chosen = request.session.get(SESSION_WORKSPACE)
    try:
        return access_membership(user=request.user, workspace_id=chosen)
    except NotFound:
        if chosen is None:
            raise
        del request.session[SESSION_WORKSPACE]  # left it, or it is gone
        return access_membership(user=request.user)


def enter(request: Any) -> None:  # Any: Django's request gets attributes that its type lacks
    """Give the request its workspace, policy and actor."""
    membership = find_membership(request)
    request.membership = membership
    request.workspace = membership.workspace
    request.policy = policy_of(membership)
    request.actor = f"user:{request.user.pk}"


def _to_the_door(request: Any) -> HttpResponseBase:  # Any: as in `enter`
    """To the sign-in page, the whole page also where only a part of it was asked for."""
    if request.htmx:
        return HttpResponseClientRedirect(resolve_url(settings.LOGIN_URL))
    return redirect_to_login(request.get_full_path())


def own_page(
    view: Callable[Concatenate[MemberRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """A view about a person's own account: for whoever is signed in, member of a workspace or not."""

    @wraps(view)
    def guarded(request: Any, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _to_the_door(request)
        with suppress(NotFound):  # was taken out of the last workspace: the account is still theirs
            enter(request)
        return view(request, *args, **kwargs)

    guarded.is_own = True  # type: ignore[attr-defined]  # read by the policy test
    return guarded  # type: ignore[return-value]  # wraps names its parameter request


def member_page(
    permission: Permission,
) -> Callable[
    [Callable[Concatenate[MemberRequest, P], HttpResponseBase]],
    Callable[Concatenate[HttpRequest, P], HttpResponseBase],
]:
    """A view for members who have `permission`.

    Strangers go to the sign-in page, members without the permission get 403, and whatever the view
    does not find in its own workspace is 404.
    """

    def decorate(
        view: Callable[Concatenate[MemberRequest, P], HttpResponseBase],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @wraps(view)
        def guarded(request: Any, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _to_the_door(request)
            try:
                enter(request)
                request.policy.require(permission)
                return view(request, *args, **kwargs)
            except NotFound as error:
                raise Http404(str(error)) from error
            except Forbidden as error:
                raise PermissionDenied(str(error)) from error

        guarded.permission = permission  # type: ignore[attr-defined]  # read by the policy test
        return guarded  # type: ignore[return-value]  # wraps names its parameter request

    return decorate
