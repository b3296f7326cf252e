"""What happened to an import, for those above (consent). Published in the transaction of the step."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ImportJudged:
    """The staged rows have their verdicts; whoever knows of opt-outs marks them."""

    workspace_id: int
    import_run_id: int


@dataclass(frozen=True, slots=True)
class ImportChunkApplied:
    """The people of these lines are there; their consent columns can be recorded."""

    workspace_id: int
    import_run_id: int
    first_line: int
    last_line: int
    actor: str


@dataclass(frozen=True, slots=True)
class ImportUndone:
    """The people of these lines are about to be taken back; so is the consent that they brought."""

    workspace_id: int
    import_run_id: int
    first_line: int
    last_line: int
    actor: str
