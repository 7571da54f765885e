"""What each vote weighs with the aggregators that weigh votes."""

from hexcli.runs.counting import Count
from hexcli.voter import Voter
from hexcli.voting.agreement import estimate
from hexcli.voting.calibration import Calibration, log_odds


def schedule_weights(counted: Count, calibration: Calibration | None = None) -> dict[str, dict[Voter, float]]:
    """By aggregator: the weight of one vote of each schedule, as `voting.weighted` computes it.

    `reliability` where several schedules vote, `schedule-weighted` where there is a calibration that knows them all.
    """
    found: dict[str, dict[Voter, float]] = {}
    experts = list(counted.names)
    if len(experts) > 1:
        estimated = estimate([ballot.election for ballot in counted.ballots], experts)
        found["reliability"] = {
            expert: log_odds(accuracy, estimated.alternatives) for expert, accuracy in estimated.accuracy.items()
        }
    if calibration is not None and set(experts) <= set(calibration.accuracy):
        found["schedule-weighted"] = {
            expert: log_odds(calibration.accuracy[expert], calibration.alternatives) for expert in experts
        }
    return found
