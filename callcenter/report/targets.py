"""What a site has promised: the least that a figure should be. The standards recommend, plans differ; so they are
settings."""

from callcenter.config import Settings

TARGETS = {
    ("connection_rate", "queue"): "target_connection",
    ("connection_rate", "rolling24h_worst"): "target_connection",
    ("within_threshold", "answered_from_queue"): "target_within_threshold",
    ("satisfaction", "grades_1_3"): "target_satisfaction",
    ("survey_coverage", "of_answered"): "target_survey_coverage",
}
"""Figure -> the setting that holds its target."""


def target(settings: Settings, figure: tuple[str, str]) -> float | None:
    """None: there is no target for it."""
    name = TARGETS.get(figure)
    return None if name is None else float(getattr(settings, name))
