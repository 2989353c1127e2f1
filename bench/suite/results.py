"""What a run leaves behind: one JSON file a rotation, one for the run."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from .context import Settings
from .rotation import Turned


def settings_json(settings: Settings) -> dict:
    told = asdict(settings)
    told.pop("processor")  # which of them it was says nothing on another machine
    return told


def turned_json(turned: Turned) -> dict:
    return {
        "name": turned.rotation.name,
        "about": turned.rotation.about,
        "rounds": turned.rounds,
        "sides": {name: {"label": outcome.label, "unit": outcome.unit, "missing": outcome.missing, "broken": outcome.broken,
                         "rounds": [{"value": sample.value, "invalid": sample.invalid, **sample.details} for sample in outcome.samples]}
                  for name, outcome in turned.outcomes.items() if outcome.samples or outcome.missing or outcome.broken},
        "results": [each.as_json() for each in turned.results],
    }


def write(path: Path, what: dict) -> None:
    """Whole or not at all: a run that is cut short leaves no half file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(json.dumps(what, indent=1, ensure_ascii=False) + "\n")
    part.replace(path)
