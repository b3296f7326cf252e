"""Metrics as the handbook lists them: read from the code, each with a sentence and known labels."""

from docs_made.metrics import all_metrics

# Names of people, numbers and workspaces, and ids that grow with use, must never be labels.
LABELS = {
    "gateway", "outcome", "reason", "role", "task", "kind", "stream", "state", "view", "method",
    "status", "why",
}  # fmt: skip


def test_a_metric_is_listed_once_with_its_labels_and_its_role() -> None:
    found = {metric.name: (metric.kind, metric.labels, metric.role) for metric in all_metrics()}

    assert found["textwell_connector_outcomes_total"] == (
        "counter", ("gateway", "outcome", "reason"), "connector",
    )  # fmt: skip
    assert found["textwell_request_seconds"] == ("histogram", ("view",), "web")
    assert len(found) == len(all_metrics()) > 30


def test_labels_are_of_a_few_known_kinds() -> None:
    used = {label for metric in all_metrics() for label in metric.labels}

    assert used <= LABELS
