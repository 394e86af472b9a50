"""A small year, the people of the cast, and orders for reports."""

import pytest
from django.http import QueryDict

from actions.models import Campaign
from actions.reports.kinds import KINDS
from actions.reports.orders import read_order
from tests import makers
from tests.actions.progress import scene


@pytest.fixture
def year_of_work(cast):
    """The records of the scene, of 2024, with targets for the city and both boards."""
    Campaign.objects.create(code="six-ins", title="“六进”行动")
    scene.build(cast)
    values = {"year": 2024, "unit": "家", "period": "year"}
    for org, value in ((cast.city.organization, 6), (cast.dongtai, 4), (cast.sheyang, 2)):
        makers.make_target(org=org, indicator="craftsmen.academies", value=value, **values)
        makers.make_target(org=org, indicator="assist.enterprises", value=1, **values)


@pytest.fixture
def ordered(year_of_work):
    """Return a function that gives an order as an address would."""

    def order(kind, user, query="year=2024"):
        return read_order(KINDS[kind], QueryDict(query), user)

    return order
