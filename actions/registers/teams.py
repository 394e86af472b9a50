"""The register of teams."""

from actions.models import Team
from mofu.registers.register import Register, Section, register


@register
class TeamRegister(Register):
    """团队台账: only the city sets teams up, all units see them."""

    slug = "teams"
    model = Team
    group = "五大行动"
    order = 20
    icon = "users-group"
    city_only = True
    columns = ("name", "kind", "org", "founded_on", "description", "active", "updated_at")
    default_columns = ("name", "kind", "org", "founded_on", "description", "active")
    ordering = ("kind", "name_key", "id")
    sections = (
        Section("团队", ("name", "kind", "org", "founded_on", "active")),
        Section("职责", ("description",)),
    )
    batch_fields = ("kind", "active")
    filter_fields = ("kind", "active")
