"""A factory below 东台 and its county's clerk: who hands in the sheets of the ten ones."""

import pytest

from mofu.accounts.models import OrganizationKind
from tests.actions.registers.natural import make_items
from tests.makers import make_org


@pytest.fixture
def factory(cast):
    make_items()
    return make_org(name="东台机械厂", kind=OrganizationKind.ENTERPRISE, parent=cast.dongtai)


@pytest.fixture
def client(cast, factory, signed_in):
    return signed_in(cast.county)
