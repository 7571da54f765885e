"""Aggregators that weigh each schedule's votes by its reliability, known or estimated."""

import math
from collections.abc import Mapping, Sequence

from hexcli.voter import Voter, in_cast_order
from hexcli.voting.agreement import estimate
from hexcli.voting.calibration import Calibration, log_odds
from hexcli.voting.rules import MissingSignalError
from hexcli.voting.votes import Decision, Election


def schedule_weighted(elections: Sequence[Election], calibration: Calibration | None) -> list[Decision]:
    """Votes weighted by the log-odds of their schedule on labelled calibration problems of another split.

    The classical weighted majority (Nitzan and Paroush 1982; see `calibration`). Ties as in `reliability`. Raises
    MissingSignalError without `--calibration`, or where that lacks a schedule.
    """
    if calibration is None:
        raise MissingSignalError("it needs labelled problems of another split: --calibration RUN")
    weights: dict[Voter, float] = {}
    for expert in _experts(elections):
        if expert not in calibration.accuracy:
            raise MissingSignalError(f"the calibration run has no schedule {expert.schedule.label} with these settings")
        weights[expert] = log_odds(calibration.accuracy[expert], calibration.alternatives)
    return [_weighted(election, weights) for election in elections]


def reliability(elections: Sequence[Election], calibration: Calibration | None) -> list[Decision]:
    """Votes weighted by the log-odds of their schedule, estimated from how the votes of the run agree.

    No labels are used: neither votes nor elections carry any (see `agreement`). Where answers weigh
    the same, the one with more votes wins, then that of the costliest schedule (more forward passes think longer; they
    are those that the schedule plans, whatever a generation took of them; schedules of one canvas and as many steps do
    not differ in that), then the first cast. Raises MissingSignalError where there is one schedule only.
    """
    experts = _experts(elections)
    if len(experts) < 2:
        raise MissingSignalError("all votes are of one schedule: there is no other to agree with")
    estimated = estimate(elections, experts)
    weights = {expert: log_odds(accuracy, estimated.alternatives) for expert, accuracy in estimated.accuracy.items()}
    return [_weighted(election, weights) for election in elections]


def _weighted(election: Election, weights: Mapping[Voter, float]) -> Decision:
    return election.decide(
        lambda candidate: math.fsum(weights[vote.expert] for vote in candidate.votes),
        prefer=lambda candidate: max(vote.expert.schedule.nfe for vote in candidate.votes),
    )


def _experts(elections: Sequence[Election]) -> list[Voter]:
    return in_cast_order({vote.expert for election in elections for vote in election.votes})
