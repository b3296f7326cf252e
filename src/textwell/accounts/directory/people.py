"""People as a directory gives and takes them; each change is one transaction, under one lock.

A person's SCIM id is that of their account; only members of the workspace and people whom its
directory has named are found.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from textwell.accounts.actions import add_member, read_email, record_audit
from textwell.accounts.directory.errors import NameTaken
from textwell.accounts.directory.roles import LEAST, role_by_groups
from textwell.accounts.invitations import revoke_invitations_to
from textwell.accounts.leaving import close_ways_in, expel_member
from textwell.accounts.models import DirectoryPerson, Membership, Role, User, Workspace
from textwell.core.errors import Conflict, FieldError, NotFound

# What is kept of a person, with the most characters of each.
_LONGEST = {
    "user_name": 254,
    "external_id": 254,
    "given_name": 120,
    "family_name": 120,
    "display_name": 240,
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What a directory says of a person. `address` is the one that they sign in with."""

    user_name: str
    address: str
    is_active: bool
    external_id: str = ""
    given_name: str = ""
    family_name: str = ""
    display_name: str = ""

    @property
    def shown_name(self) -> str:
        return self.display_name or f"{self.given_name} {self.family_name}".strip()


@contextmanager
def locked(workspace: Workspace) -> Iterator[None]:
    """One transaction; changes by directories of one workspace come one by one."""
    with transaction.atomic():
        Workspace.objects.select_for_update(no_key=True).get(id=workspace.id)
        yield


def known_accounts(workspace: Workspace) -> QuerySet[User]:
    """Accounts of members and of people whom the directory has named, whoever they are elsewhere."""
    members = Membership.objects.filter(workspace=workspace).values("user_id")
    named = DirectoryPerson.objects.filter(workspace=workspace).values("user_id")
    return User.objects.filter(Q(id__in=members) | Q(id__in=named))


def access_account(workspace: Workspace, user_id: int) -> User:
    """Raises NotFound: nobody of that number is known here."""
    user = known_accounts(workspace).filter(id=user_id).first()
    if user is None:
        raise NotFound("user", user_id)
    return user


def adopt(workspace: Workspace, user: User) -> DirectoryPerson:
    """The directory's own row of a person who is known here; made for a member who came by hand."""
    person, _is_new = DirectoryPerson.objects.get_or_create(
        workspace=workspace, user=user, defaults={"user_name": user.email}
    )
    return person


def provision_person(*, workspace: Workspace, facts: Facts, actor: str) -> User:
    """Name a new person; an active one becomes a member, with an account if there is none.

    Raises:
        NameTaken: the person is known here already.
        FieldError: the address is none.
    """
    address = read_email(facts.address)
    with locked(workspace):
        _check_free(workspace, facts.user_name, address, besides=None)
        # Locked: another directory that gives the account another address is done before, or waits.
        user, is_new = User.objects.select_for_update(no_key=True).get_or_create(
            email=address,
            defaults={
                "name": facts.shown_name[:120],
                "language": workspace.language,
                "zone": workspace.zone,
                "password": make_password(None),  # signs in by the company's own sign-in
            },
        )
        person = DirectoryPerson.objects.create(
            workspace=workspace, user=user, user_name=facts.user_name, is_account_made=is_new
        )
        _keep_facts(person, facts)
        _audit(workspace, user, actor, "directory.person_added", facts)
        if facts.is_active:
            _let_in(workspace, person, actor)
        else:
            _let_out(workspace, user, actor)
    user.refresh_from_db()
    return user


def change_person(*, workspace: Workspace, user_id: int, facts: Facts, actor: str) -> User:
    """Make a person as the directory says, whatever they were before. The same again is no change.

    Whoever is not active loses the membership at once, with what `_let_out` ends.

    Raises:
        NotFound: nobody of that number is known here.
        NameTaken: somebody else here has the name or the address.
        Conflict: it would leave no owner, or change an account that is not the directory's own.
        FieldError: the address is none.
    """
    address = read_email(facts.address)
    with locked(workspace):
        user = access_account(workspace, user_id)
        is_readdressed = address != user.email
        if is_readdressed:  # whoever lets the account in elsewhere locks it too, or refers to it
            user = User.objects.select_for_update().get(id=user_id)
        person = adopt(workspace, user)
        _check_free(workspace, facts.user_name, address, besides=user)
        if is_readdressed:
            _readdress(workspace, person, address, actor)
        if _keep_facts(person, facts) or is_readdressed:
            _audit(workspace, user, actor, "directory.person_changed", facts)
        if person.is_account_made and not _is_elsewhere(workspace, user) and facts.shown_name:
            User.objects.filter(id=user.id).update(name=facts.shown_name[:120])
        is_member = Membership.objects.filter(workspace=workspace, user=user).exists()
        if facts.is_active and not is_member:
            _let_in(workspace, person, actor)
        elif not facts.is_active:
            _let_out(workspace, person.user, actor)
            if is_member:
                person.save(update_fields=["changed_at"])
    user.refresh_from_db()
    return user


def delete_person(*, workspace: Workspace, user_id: int, actor: str) -> None:
    """Take a person out and forget what the directory said of them; the account stays.

    Raises:
        NotFound: nobody of that number is known here.
        Conflict: it would leave the workspace without an owner.
    """
    with locked(workspace):
        user = access_account(workspace, user_id)
        _let_out(workspace, user, actor)
        DirectoryPerson.objects.filter(workspace=workspace, user=user).delete()
        _audit(workspace, user, actor, "directory.person_deleted", None)


def _let_in(workspace: Workspace, person: DirectoryPerson, actor: str) -> None:
    role = role_by_groups(person)
    add_member(workspace=workspace, email=person.user.email, role=role or LEAST, actor=actor)
    person.given_role = role.value if role else LEAST.value
    person.save(update_fields=["given_role", "changed_at"])


def _let_out(workspace: Workspace, user: User, actor: str) -> None:
    """Membership, keys, invitations, and the sessions of whoever belongs nowhere else any more.

    Somebody may have removed the person by hand and left the rest, or invited them since.
    Every request reads the membership, so a session that goes on for another workspace opens nothing
    of this one from this transaction on.
    """
    if Membership.objects.filter(workspace=workspace, user=user).exists():
        expel_member(workspace=workspace, user=user, actor=actor)
    else:
        close_ways_in(workspace=workspace, user=user, actor=actor)
    if not user.memberships.exists():
        _end_sessions(user)


def _end_sessions(user: User) -> None:
    for session in UserSession.objects.filter(user_id=user.id):
        session.end()


def _check_free(workspace: Workspace, user_name: str, address: str, besides: User | None) -> None:
    """Nobody else who is known here has the name or the address."""
    others = known_accounts(workspace)
    if besides is not None:
        others = others.exclude(id=besides.id)
    named = DirectoryPerson.objects.filter(workspace=workspace, user_name__iexact=user_name)
    if others.filter(Q(email=address) | Q(id__in=named.values("user_id"))).exists():
        raise NameTaken(_("Somebody here has this user name or address already."))


def _is_elsewhere(workspace: Workspace, user: User) -> bool:
    return (
        user.memberships.exclude(workspace=workspace).exists()
        or user.directory_entries.exclude(workspace=workspace).exists()
    )


def _readdress(workspace: Workspace, person: DirectoryPerson, address: str, actor: str) -> None:
    """Give an account another address, under the caller's lock of it: it is another mailbox's now.

    Whoever reads mail there can set its password, so it must be one that this directory has made and
    that opens nothing of others. Nothing that opened it before opens it any more: another workspace
    may let the holder of the new address in, and must not let in the holder of the old one.
    """
    user = person.user
    if not person.is_account_made or _is_elsewhere(workspace, user):
        words = _("The account is not this directory's own: its address stays.")
        raise Conflict(words)
    if _is_owner_by_hand(workspace, person):
        raise Conflict(_("This person was made an owner by hand: the address stays."))
    if User.objects.filter(email=address).exists():
        raise NameTaken(_("Another account has this address."))
    revoke_invitations_to(workspace=workspace, email=user.email, actor=actor)
    for kind in (EmailAddress, Authenticator, SocialAccount):
        kind.objects.filter(user_id=user.id).delete()
    _end_sessions(user)
    user.email, user.password = address, make_password(None)  # also ends sessions not in any list
    try:
        with transaction.atomic():
            user.save(update_fields=["email", "password"])
    except IntegrityError:  # another workspace made it in this moment
        raise NameTaken(_("Another account has this address.")) from None


def _is_owner_by_hand(workspace: Workspace, person: DirectoryPerson) -> bool:
    found = Membership.objects.filter(workspace=workspace, user=person.user, role=Role.OWNER)
    return person.given_role != Role.OWNER and found.exists()


def _keep_facts(person: DirectoryPerson, facts: Facts) -> bool:
    """True if something is not as it was.

    Raises:
        FieldError: a text is too long.
    """
    changed = []
    for name, most in _LONGEST.items():
        value = getattr(facts, name)
        if len(value) > most:
            problem = _("has more than %(count)d characters") % {"count": most}
            raise FieldError(name, problem, _("Shorten it."))
        if getattr(person, name) != value:
            setattr(person, name, value)
            changed.append(name)
    if changed:
        person.save(update_fields=[*changed, "changed_at"])
    return bool(changed)


def _audit(workspace: Workspace, user: User, actor: str, action: str, facts: Facts | None) -> None:
    after = None
    if facts is not None:
        after = {"user_name": facts.user_name, "is_active": facts.is_active}
    record_audit(
        workspace_id=workspace.id,
        actor=actor,
        action=action,
        subject=f"user:{user.id}",
        after=after,
    )
