"""The register of team members."""

from actions.models import Membership
from mofu.registers.register import Register, Section, register


@register
class MembershipRegister(Register):
    """团队成员台账: the city decides who belongs to its teams; units see their own people."""

    slug = "memberships"
    model = Membership
    group = "五大行动"
    order = 30
    icon = "user-check"
    city_only = True
    key_fields = (("team", "laureate", "joined_on"),)
    columns = (
        "laureate",
        "laureate__org",
        "team",
        "team__kind",
        "position",
        "joined_on",
        "left_on",
        "is_upright",
        "is_exemplary",
        "is_skilled",
        "is_eloquent",
        "note",
    )
    default_columns = ("laureate", "laureate__org", "team", "position", "joined_on", "left_on")
    ordering = ("-joined_on", "-id")
    sections = (
        Section("成员", ("team", "laureate", "position", "joined_on", "left_on")),
        Section("宣讲服务团选拔标准", ("is_upright", "is_exemplary", "is_skilled", "is_eloquent", "note")),
    )
    batch_fields = ("team", "position", "left_on")
    filter_fields = ("team", "team__kind")
