"""What laureates and workers have in common: name, ID number, birth date, sex, phone."""

from __future__ import annotations

from typing import Self

from django.core.exceptions import ValidationError
from django.db import models

from models_app.models.checked import Checked
from mofu.accounts.pinyin import search_key, sort_key
from mofu.encryption import BlindIndexField, EncryptedField, blind_index
from mofu.registers import id_numbers
from mofu.registers.masks import mask
from mofu.registers.partial_dates import PartialDate, PartialDateField

NAMESAKE = "本单位已登记同名且出生日期相同的人员，请核对是否重复；确为两人的请补填身份证号。"

SHORTEST_PHONE = 7  # digits, without the area code
ERASED = "该同志的个人信息已按申请删除，不再登记此项。"
ERASED_BIRTH = "该同志的个人信息已按申请删除，出生日期只保留年份。"


class Sex(models.TextChoices):
    """性别, as the 17th digit of the ID number says."""

    MALE = "M", "男"
    FEMALE = "F", "女"


class Person(Checked):
    """A person; ID number and phone are encrypted, equal ID numbers are found by their keyed hash.

    ``birth_date`` and ``sex`` follow from the ID number (GB 11643) and may only be typed where it is unknown.
    """

    first_year = 1900  # years of birth
    erased_fields: tuple[str, ...] = ("id_number", "phone", "note")  # emptied when a person asks for it
    past_dates = ("birth_date",)
    unique_messages = {"id_number_hash": ("id_number", "该身份证号已登记，请勿重复录入。")}
    trail_hidden = ("id_number", "phone")
    trail_ignored = ("search", "name_key", "updated_at", "created_at", "created_by", "id_number_hash")

    name = models.CharField("姓名", max_length=40)
    sex = models.CharField("性别", max_length=1, choices=Sex, blank=True, help_text="填身份证号后自动得出")
    id_number = EncryptedField("身份证号", blank=True, help_text="18位；暂缺可留空待补")
    id_number_hash = BlindIndexField(of="id_number", unique=True)  # NULL: not known
    birth_date = PartialDateField("出生日期", blank=True)
    phone = EncryptedField("联系电话", blank=True)
    erased_on = models.DateField("个人信息删除日期", null=True, editable=False)  # NULL: nobody asked for it
    search = models.CharField(max_length=300, editable=False, default="")
    name_key = models.CharField(max_length=200, editable=False, default="")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def masked_id_number(self) -> str:
        """The ID number as a page may show it (``320999***********4``)."""
        return mask("id_number", self.id_number)

    @property
    def masked_phone(self) -> str:
        """The phone number as a page may show it (``138****5678``)."""
        return mask("phone", self.phone)

    def is_same_person(self, other: Person) -> bool:
        """Whether both rows mean one person: by ID number, else by name and birth date."""
        if self.id_number_hash and other.id_number_hash:
            return self.id_number_hash == other.id_number_hash
        return (
            self.name == other.name
            and bool(self.birth_date)
            and _may_be_equal(self.birth_date, other.birth_date)
        )

    def clean(self) -> None:
        """Check the ID number, derive what follows from it, refuse a second entry of the same person."""
        self.name = self.name.strip() if self.name.isascii() else "".join(self.name.split())
        self.id_number = id_numbers.normalise(self.id_number)
        if self.erased_on and (found := self._come_back()):
            raise ValidationError(found)
        if self.id_number:
            self._check_id_number()
        if self.phone and sum(map(str.isdecimal, self.phone)) < SHORTEST_PHONE:
            raise ValidationError({"phone": f"联系电话至少应有 {SHORTEST_PHONE} 位数字，请核对。"})
        super().clean()

    def duplicates(self) -> dict[str, str]:
        others = self._others().filter(id_number_hash=blind_index(self.id_number)) if self.id_number else None
        if others is not None and others.exists():
            return {"id_number": "该身份证号已登记，请勿重复录入。"}
        if self._has_namesake():
            return {"name": NAMESAKE}
        return {}

    def derive(self) -> None:
        """Fill hash, birth date, sex and search text."""
        super().derive()
        self.search, self.name_key = search_key(self.name), sort_key(self.name)
        self.id_number_hash = blind_index(self.id_number)
        missing = self.id_number and not (self.birth_date and self.sex)
        if missing and id_numbers.birth_date(self.id_number):
            self.birth_date = self.birth_date or _birth_date(self.id_number)
            self.sex = self.sex or id_numbers.sex(self.id_number)

    def entered(self) -> list[str]:
        """Return the fields emptied by an erasure that hold something, ``birth_date`` where it is more than the year."""
        found = [name for name in self.erased_fields if getattr(self, name)]
        return [*found, "birth_date"] if self.birth_date and len(self.birth_date) > len("1970") else found

    def _come_back(self) -> dict[str, str]:
        """Return the messages at the fields that an erased person may not have again."""
        return {name: ERASED_BIRTH if name == "birth_date" else ERASED for name in self.entered()}

    def _check_id_number(self) -> None:
        try:
            id_numbers.validate(self.id_number)
        except ValidationError as error:
            raise ValidationError({"id_number": error.messages}) from error
        birth, sex = _birth_date(self.id_number), id_numbers.sex(self.id_number)
        if self.birth_date and not _may_be_equal(self.birth_date, birth):
            raise ValidationError({"birth_date": f"出生日期与身份证号（{birth.shown()}）不一致，请核对。"})
        if self.sex and self.sex != sex:
            raise ValidationError({"sex": f"性别与身份证号（{Sex(sex).label}）不一致，请核对。"})
        self.birth_date, self.sex = birth, sex

    def _others(self) -> models.QuerySet[Self]:
        return type(self).everything.exclude(pk=self.pk)

    def _has_namesake(self) -> bool:
        """Whether the unit already has this name with the same birth date and no ID number to tell them apart."""
        same_name = self._others().filter(name=self.name, org_id=self.org_id)
        for other_hash, birth in same_name.values_list("id_number_hash", "birth_date"):
            told_apart = bool(self.id_number and other_hash)
            if not told_apart and (self.birth_date or "") == (birth or ""):
                return True
        return False


def _birth_date(number: str) -> PartialDate:
    return PartialDate(id_numbers.birth_date(number).isoformat())


def _may_be_equal(one: str, other: str) -> bool:
    """Whether two dates agree as far as both are known (``1970`` and ``1970-05-01`` do)."""
    return bool(one and other) and (one.startswith(other) or other.startswith(one))
