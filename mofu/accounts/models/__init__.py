"""Models of the accounts floor."""

from mofu.accounts.models.industry import Industry, IndustryChain
from mofu.accounts.models.organization import Organization, OrganizationKind
from mofu.accounts.models.trail import TrailBlock, TrailEntry
from mofu.accounts.models.user import Role, User

__all__ = [
    "Industry",
    "IndustryChain",
    "Organization",
    "OrganizationKind",
    "Role",
    "TrailBlock",
    "TrailEntry",
    "User",
]
