"""How a model of the recipe is scored."""

import torch

from hexcli.schedule import Schedule
from hexcli.stats import wilson
from hexcli.voting.votes import Vote


def test_a_table_has_wilsons_intervals():
    from evaluate import Part, Score, table

    low, high = wilson(30, 40)
    score = Score(part=Part("sums", 40), name="8", right=30, unanswered=2)
    assert f"| sums | 64 | 8 | 75.0% | {low:.1%} to {high:.1%} | 5.0% | 40 |" in table([score])


def test_a_model_is_scored_by_block_by_majority_and_by_oracle(monkeypatch):
    import evaluate

    a, b, c = (problem.target for problem in evaluate.TASKS["sums"].load()[:3])
    answers = [("0", a, a), (b, "0", None), ("0", c, None)]
    schedule = Schedule.parse("8", gen_length=64)
    ballots = [[Vote(answer=answer, schedule=schedule) for answer in row] for row in answers]
    monkeypatch.setattr(evaluate, "_ballots", lambda *_: ballots)
    scores = evaluate.evaluate(None, None, evaluate.Part("sums", 3, blocks=(8, 16, 32)))
    assert [(score.name, score.right, score.unanswered) for score in scores] == [
        ("8", 1, 0),
        ("16", 2, 0),
        ("32", 1, 2),
        ("majority", 2, 0),
        ("oracle", 3, 0),
    ]


def test_votes_come_smallest_block_first(trainer):
    from evaluate import Part, evaluate

    scores = evaluate(trainer.averaged(torch.float32), trainer.tokenizer, Part("choices", 2, blocks=(64, 32)))
    assert [score.name for score in scores] == ["32", "64", "majority", "oracle"]
