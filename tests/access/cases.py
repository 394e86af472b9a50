"""From the table to cases: who asks for what of whose with which method, and what has to come of it."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from tests.access.people import PERSONAS
from tests.access.table import OWNED, SHARED, UNIT, Line
from tests.access.verdicts import HIDDEN, SIGN_IN
from tests.routes import routes

COLLEAGUE = "colleague"  # what is somebody else's of the same unit
KNOWN = {route.name for route in routes()}


@dataclass(frozen=True)
class Case:
    """One request."""

    name: str
    line: Line
    persona: str
    place: str
    method: str

    def __str__(self):
        return f"{self.persona}: {self.method} {self.name} {self.line.fixed or ''}{self.line.query} of {self.place or '-'}"

    @property
    def expected(self):
        """What may come of it: success, or any of the reasons that stand against it."""
        line = self.line
        if self.persona == "anonymous" and not line.anyone:
            return {SIGN_IN}
        reasons = [
            (line.refused, self.persona not in line.who and not line.anyone),
            (line.not_served, not self._is_served),
            (HIDDEN, not self._is_visible),
        ]
        return {reason for reason, stands in reasons if stands} or set(line.gives)

    @property
    def is_allowed(self):
        """Whether nothing stands against it."""
        return self.expected == set(self.line.gives)

    @property
    def _is_served(self):
        return ("P" if self.method == "POST" else "G") in self.line.methods

    @property
    def _is_visible(self):
        if not self.line.of or (self.line.of == "record" and self.line.slug in SHARED):
            return True
        if self.line.seen_by == OWNED:
            return self.place == "own"
        persona = PERSONAS[self.persona]
        return persona.places[self.place] in persona.sees

    @property
    def is_worthwhile(self):
        """Whether the answer is another than that of a case like it: a page shown in full is made once for htmx and not."""
        if self.method == "HTMX" and self.name.startswith("admin:"):
            return False  # the administration knows no htmx
        if not self._is_served:
            return (
                self.place in ("", "own")
                and self.method != "HTMX"
                and not (self.line.query or self.line.data)
            )
        if self.is_allowed:
            return self._is_rendered_anew
        if self.expected == {HIDDEN}:
            return self.method != "HTMX" or self.place in ("parent", "unrelated", COLLEAGUE)
        return self.place in ("", "own", "unrelated")  # without the right the unit makes no difference

    @property
    def _is_rendered_anew(self):
        persona = PERSONAS[self.persona]
        again = self.method == "HTMX" and not self.line.htmx
        again = again or (self.place not in ("", "own", "child") and persona.unit == "城")
        made_of_many = self.line.of in (UNIT, "paper")  # takes long; GET asks for those of other units
        again = again or (self.method == "POST" and made_of_many and self.place != "own")
        return not (again and persona.role)

    def url(self, world):
        """Return the address."""
        line, kwargs, query = self.line, dict(self.line.fixed), self.line.query
        persona = PERSONAS[self.persona]
        node = persona.unit if self.place == COLLEAGUE else persona.places.get(self.place)
        if line.of == UNIT:
            query += ("&" if query else "?") + f"org={world.units[node].code}"
        elif line.of == "paper":
            query += str(world.record(line.slug, node).pk)
        elif line.of == "pair":
            kwargs |= dict(
                zip(("one", "other"), [found.pk for found in world.thing("pair", node)], strict=True)
            )
        elif line.of == "record":
            kwargs["pk"] = world.record(line.slug, node).pk
        elif line.seen_by == OWNED:
            owner = world.users.get(self.persona) if self.place == "own" else None
            kwargs["pk"] = world.thing(line.of, node, owner, line.slug).pk
        elif line.of:
            kwargs["pk"] = world.thing(line.of, node).pk
        if line.model:
            kwargs["object_id"] = world.some(line.model)
        return (line.path or reverse(self.name, kwargs=kwargs)) + query


def cases_of(lines):
    """Return the cases of some lines of the table."""
    found = []
    for name, variants in lines.items():
        for line in variants if name in KNOWN else ():
            for persona in PERSONAS.values():
                places = (
                    [""]
                    if not line.of
                    else [*persona.places, *([COLLEAGUE] if line.seen_by == OWNED else [])]
                )
                for place in places:
                    for method in ("GET", "POST", "HTMX"):
                        found.append(Case(name, line, persona.name, place, method))
    return [case for case in found if case.is_worthwhile]
