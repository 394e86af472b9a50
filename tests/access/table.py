"""The declared table: one line for every named address, with who may ask what there and whose it has to be.

An address without a line fails the build (``test_every_address_has_a_line``).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from django.contrib import admin

from mofu.registers.register import REGISTERS
from tests.access.people import (
    ADMINISTER,
    CARE,
    ENTER,
    ENTER_CITY,
    EVERYBODY,
    EXPORT,
    MAINTAIN,
    PAYS,
    REVEAL,
    REVIEW,
    SEE,
    SEE_PEOPLE,
    SIGNED_IN,
    TRAIL,
)
from tests.access.verdicts import FORBIDDEN, HIDDEN, NO_METHOD, OK, SIGN_IN

RECORD, OWNED, UNIT = "record", "owned", "unit"  # seen with their unit; by their owner; as ``?org=``
KEEPS_CITY = {"honour-titles", "teams", "memberships", "tasks"}  # registers that the city alone enters
PAPERS = {"consents", "care-files"}  # registers that only keepers of personal data see
SHARED = {"honour-titles", "teams", "tasks"}  # their records are everybody's


@dataclass(frozen=True)
class Line:
    """Who may ask with which methods (G, P), what the address names (``of``) and how it is visible (``seen_by``).

    ``query`` is added to the address, ``data`` is what a POST sends, ``htmx`` says that the page answers htmx otherwise
    and is worth making twice, ``anyone`` that it is there before signing in. ``tells`` says who is told numbers in full,
    which is what they ask for. ``gives`` is what an allowed request comes to, ``refused`` what one without the right
    does, ``not_served`` what a method that is not there does. Pages of the
    administration name any object of a ``model``, or have no name but a ``path``.
    """

    who: frozenset[str]
    methods: str = "G"
    of: str = ""
    seen_by: str = ""
    query: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    fixed: dict[str, Any] = field(default_factory=dict)
    htmx: bool = False
    anyone: bool = False
    slug: str = ""
    tells: frozenset[str] = frozenset()
    gives: frozenset[str] = frozenset({OK})
    refused: str = FORBIDDEN
    not_served: str = NO_METHOD
    model: str = ""
    path: str = ""


def _own(kind, who, methods="G", **more):
    return Line(who, methods, kind, OWNED, **more)


def _of(kind, who, methods="G", **more):
    return Line(who, methods, kind, RECORD, **more)


_TO_SEE = {"ask": "1", "purpose": "report"}


def pages(slug):
    """Return the lines of a register's pages."""
    register = REGISTERS[slug]
    see, enter, export = SEE, ENTER_CITY if slug in KEEPS_CITY else ENTER, EXPORT
    if slug in PAPERS:
        see = enter = export = CARE if slug == "care-files" else ENTER
    found = {
        "list": [Line(see, htmx=True), Line(export, query="?export=xlsx")],
        "columns": [Line(see, "P")],
        "pick": [Line(see), Line(see, query="?q=鸿")],
        "export": [
            Line(export, "GP", data={"columns": "all", "style": "strict"}),
            Line(
                export,
                "P",
                data={"columns": "all", "style": "strict", "full": "on", "purpose": "核对"},
                tells=PAYS if slug == "care-files" else ENTER,
            ),
        ],
        "views": [Line(see, "GP", htmx=True)],
        "view": [_own("view", see, "GP")],
        "new": [Line(enter, "GP")],
        "import": [Line(enter, "GP")],
        "template": [Line(enter)],
        "batch": [_own("batch", enter, "GP")],
        "refused": [_own("batch", enter)],
        "detail": [_of("record", see)],
        "edit": [_of("record", enter, "GP")],
        "delete": [_of("record", enter, "GP")],
        "history": [_of("record", see)],
        "reveal": list(_reveals(slug)),
        "erase": [_of("record", ENTER_CITY, "GP")],
        "photo": [_of("record", SEE_PEOPLE)],
        "batch-edit": [Line(enter, "GP")],
        "files": [_of("record", enter, "P")],
        "bulk": [Line(REVIEW, "P"), Line(enter, "P", data={"action": "submit"})],
        "submit": [_of("record", enter, "P")],
        "approve": [_of("record", REVIEW, "P")],
        "return": [_of("record", REVIEW, "P", data={"reason": "x"})],
    }
    assert register.city_only == (slug in KEEPS_CITY), slug
    return {
        f"registers:{slug}-{page}": [replace(line, slug=slug) for line in lines]
        for page, lines in found.items()
    }


def _reveals(slug):
    """Yield the lines of looking at one secret in full: the question first, then each secret for a purpose."""
    secrets = {"id_number": REVEAL, "phone": REVEAL}
    if slug == "care-files":
        secrets = {"illness": CARE, "hardship_note": CARE, "bank_account": PAYS}
    for name, who in secrets.items():
        yield _of("record", who, "P", data={"field": name})
        yield _of("record", who, "P", data={"field": name, **_TO_SEE}, tells=who)


def _reports():
    yearly = f"?year={2024}&span=year"
    figures = ("annual", "circular", "tasks")
    found: dict[str, list[Line]] = {"report": [], "report-file": []}
    for kind in figures:
        found["report"].append(Line(SIGNED_IN, "G", UNIT, RECORD, yearly, fixed={"kind": kind}))
    found["report"].append(
        Line(SIGNED_IN, "G", UNIT, RECORD, yearly + "&subject=six-ins", fixed={"kind": "action"})
    )
    found["report"].append(Line(SIGNED_IN, "G", UNIT, RECORD, yearly, fixed={"kind": "board"}))
    for kind in ("roster", "studios"):
        found["report"].append(Line(SEE, "G", UNIT, RECORD, "?year=2024", fixed={"kind": kind}))
        found["report-file"].append(
            Line(EXPORT, "G", UNIT, RECORD, "?year=2024", fixed={"kind": kind, "suffix": "xlsx"})
        )
    found["report-file"].append(
        Line(EXPORT, "G", UNIT, RECORD, yearly, fixed={"kind": "circular", "suffix": "docx"})
    )
    for kind, slug, see, export in (
        ("registration", "laureates", SEE, EXPORT),
        ("agreement", "mentorships", SEE, EXPORT),
        ("appointment", "memberships", ENTER_CITY, ENTER_CITY),
    ):
        fixed = {"kind": kind, "suffix": "docx"}
        found["report"].append(Line(see, "G", fixed={"kind": kind}))
        found["report-file"].append(Line(export, "GP", "paper", RECORD, "?pk=", fixed=fixed, slug=slug))
    paper = Line(
        EXPORT,
        "P",
        "paper",
        RECORD,
        "?pk=",
        fixed={"kind": "registration", "suffix": "pdf"},
        slug="laureates",
    )
    found["report-file"].append(paper)
    found["report-file"].append(
        replace(
            paper,
            fixed={"kind": "registration", "suffix": "docx"},
            who=ENTER,
            data={"purpose": "报省总"},
            tells=ENTER,
        )
    )
    issue = {
        name: [Line(ENTER, "P", UNIT, RECORD, yearly, fixed={"kind": "circular"})]
        for name in ("passage", "draft", "freeze")
    }
    return {
        "actions:reports": [Line(SIGNED_IN)],
        "actions:report-settings": [Line(ENTER_CITY, "GP")],
        "actions:annual": [Line(EXPORT, "G", UNIT, RECORD, fixed={"year": 2024, "suffix": "xlsx"})],
        "actions:frozen": [_of("frozen", SIGNED_IN)],
        "actions:frozen-file": [_of("frozen", EXPORT, fixed={"suffix": "docx"})],
        **{f"actions:{name}": lines for name, lines in found.items()},
        **{f"actions:report-{name}": lines for name, lines in issue.items()},
    }  # fmt: skip


_OUT = "&export=xlsx"
PROGRESS = {
    "actions:home": [Line(SIGNED_IN, "GP", UNIT, RECORD, "?year=2024")],
    "actions:index": [
        Line(SIGNED_IN, "GP", UNIT, RECORD, "?year=2024"), Line(EXPORT, "G", UNIT, RECORD, "?year=2024" + _OUT),
    ],
    "actions:campaign": [
        *(
            Line(SIGNED_IN, "GP", UNIT, RECORD, "?year=2024", fixed={"code": code})
            for code in ("six-ins", "assist-enterprise", "mentoring", "craftsmen", "double-strive")
        ),
        Line(EXPORT, "G", UNIT, RECORD, "?year=2024" + _OUT, fixed={"code": "mentoring"}),
    ],
    "actions:people": [
        Line(SIGNED_IN, "GP", UNIT, RECORD, "?year=2024"), Line(EXPORT, "G", UNIT, RECORD, "?year=2024" + _OUT),
    ],
    "actions:screen": [Line(SIGNED_IN, "GP", UNIT, RECORD, "?year=2024")],
}  # fmt: skip

_REASON = {"reason": "核实"}
ACCOUNTS = {
    "entrance:accounts": [Line(ADMINISTER)],
    "entrance:account-new": [Line(ADMINISTER, "GP")],
    "entrance:account": [_of("account", ADMINISTER)],
    "entrance:account-edit": [_of("account", ADMINISTER, "GP")],
    **{
        f"entrance:account-{step}": [_of("account", ADMINISTER, "P", data=_REASON)]
        for step in ("password", "factor", "sessions", "disable", "enable")
    },
}
_WITH_FACTOR = ("deactivate_totp", "view_recovery_codes", "download_recovery_codes")
_NO_FACTOR = frozenset({HIDDEN})  # nobody here has one; what there is to see is the user's own
_PUBLIC = Line(EVERYBODY, "G", anyone=True)
DOOR = {
    "favicon": [_PUBLIC],
    "health": [_PUBLIC],
    "account_login": [replace(_PUBLIC, methods="GP")],
    "account_logout": [Line(SIGNED_IN, "GP", gives=frozenset({OK, SIGN_IN}))],
    "account_change_password": [Line(SIGNED_IN, "GP")],
    "account_inactive": [replace(_PUBLIC, who=SIGNED_IN)],
    "time-left": [Line(SIGNED_IN)],
    "resume": [Line(SIGNED_IN, "GP")],
    "account_reauthenticate": [Line(SIGNED_IN, "GP")],
    **{
        f"mfa_{page}": [Line(SIGNED_IN, methods, gives=_NO_FACTOR if page in _WITH_FACTOR else frozenset({OK}))]
        for page, methods in (
            ("index", "G"), ("reauthenticate", "GP"), ("activate_totp", "GP"), ("deactivate_totp", "GP"),
            ("view_recovery_codes", "G"), ("generate_recovery_codes", "GP"), ("download_recovery_codes", "GP"),
        )
    },
    "mfa_authenticate": [replace(_PUBLIC, methods="GP", gives=frozenset({OK, SIGN_IN}))],
    "usersessions_list": [Line(SIGNED_IN, "GP")],
}  # fmt: skip

_TWO = {"slug": "laureates"}
OTHERS = {
    "operations:system": [Line(MAINTAIN)],
    "registers:inbox": [Line(REVIEW)],
    "registers:returned": [Line(ENTER)],
    "registers:trail": [Line(TRAIL)],
    "registers:trail-entry": [_of("trailed", TRAIL)],
    "registers:trail-export": [Line(TRAIL, "P"), Line(TRAIL, "P", data={"format": "csv"})],
    "registers:jobs": [Line(SIGNED_IN)],
    "registers:job": [_own("job", SIGNED_IN, htmx=True)],
    "registers:job-cancel": [_own("job", SIGNED_IN, "P")],
    "registers:job-again": [_own("job", SIGNED_IN, "P")],
    "registers:job-result": [_own("job", SIGNED_IN)],
    "registers:duplicates": [Line(ENTER)],
    "registers:distinct": [Line(ENTER)],
    "registers:merges": [Line(ENTER)],
    "registers:distinct-back": [_of("distinct", ENTER, "P")],
    "registers:merge-undo": [_of("merged", ENTER, "P")],
    "registers:merge": [_of("pair", ENTER, "GP", fixed=_TWO)],
    "registers:merge-distinct": [_of("pair", ENTER, "P", fixed=_TWO)],
    "registers:large_text": [Line(SIGNED_IN, "P")],
    "registers:file": [_of("file", SEE)],
    "registers:file-delete": [_of("file", ENTER, "P")],
}
# What comes about elsewhere is looked up in the administration, some of it removed; the settings are one row each.
_LOOKED_UP = {"add": "", "change": "G"}
_NEVER_REMOVED = _LOOKED_UP | {"delete": ""}
ADMIN_METHODS = {
    **dict.fromkeys(("attachment", "savedview", "importbatch", "distinctpair", "job"), _LOOKED_UP),
    **dict.fromkeys(("frozenreport", "merge", "user", "trailentry", "trailblock"), _NEVER_REMOVED),
    "programmesettings": {"delete": ""},
    "papersettings": {"delete": ""},
}


def administration():
    """Return the lines of Django's administration: the city's administrators alone, others are led to signing in."""
    page = Line(MAINTAIN, "GP", refused=SIGN_IN, not_served=FORBIDDEN)
    none, shown = replace(page, gives=frozenset({HIDDEN})), replace(page, methods="G", not_served=NO_METHOD)
    found = {"admin:None": [replace(none, path="/admin/no/such/page/")]}
    found |= {f"admin:{name}": [page] for name in ("index", "password_change")}
    found |= {f"admin:{name}": [shown] for name in ("password_change_done", "jsi18n")}
    found["admin:login"] = [replace(page, refused=FORBIDDEN)]
    found["admin:logout"] = [Line(EVERYBODY, "GP", anyone=True, gives=frozenset({OK, SIGN_IN, NO_METHOD}))]
    found["admin:app_list"] = [replace(page, fixed={"app_label": "models_app"})]
    found["admin:autocomplete"] = [
        replace(shown, query="?app_label=models_app&model_name=honour&field_name=laureate&term=鸿"),
    ]
    found["admin:view_on_site"] = [replace(none, fixed={"content_type_id": "1", "object_id": "1"})]
    for model in admin.site._registry:
        label, stem = model._meta.label_lower, f"admin:{model._meta.app_label}_{model._meta.model_name}"
        methods = ADMIN_METHODS.get(model._meta.model_name, {})
        found["admin:None"].append(replace(page, path=f"/admin/{label.replace('.', '/')}/1/"))
        for step in ("changelist", "add", "history", "change", "delete"):
            named = label if step in ("history", "change", "delete") else ""
            found[f"{stem}_{step}"] = [replace(page, methods=methods.get(step, "GP"), model=named)]
    return found


GROUPS = {
    **{slug: pages(slug) for slug in REGISTERS},
    "progress": PROGRESS,
    "reports": _reports(),
    "accounts": ACCOUNTS,
    "door": DOOR,
    "others": OTHERS,
    "administration": administration(),
}
LINES = {name: lines for group in GROUPS.values() for name, lines in group.items()}
