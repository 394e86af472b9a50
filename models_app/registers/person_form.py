"""The form of a person in the registers."""

from __future__ import annotations

from models_app.masked_numbers import MaskedNumbersForm
from mofu.registers.forms import RecordForm


class PersonForm(MaskedNumbersForm, RecordForm):
    """Base of the forms of laureates and workers."""
