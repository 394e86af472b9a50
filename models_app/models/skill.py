"""Skill levels of the national “new eight-grade” system, in rising order."""

from django.db import models


class SkillLevel(models.IntegerChoices):
    """技能等级: comparable, so that “the level rose” is a comparison of two numbers."""

    APPRENTICE = 1, "学徒工"
    JUNIOR = 2, "初级工"
    MIDDLE = 3, "中级工"
    SENIOR = 4, "高级工"
    TECHNICIAN = 5, "技师"
    SENIOR_TECHNICIAN = 6, "高级技师"
    SPECIAL_TECHNICIAN = 7, "特级技师"
    CHIEF_TECHNICIAN = 8, "首席技师"
