"""AXES.md: its tables are those of the kept votes, and its text says what they say."""

import json
import re

import pytest

from tests.recipes.place import RECIPE

AXES, RESULTS = RECIPE / "AXES.md", RECIPE / "RESULTS.md"


@pytest.fixture(scope="module")
def study():
    from axes import COUNTED, Study

    return Study(json.loads(COUNTED.read_text()))


def numbers(text):
    return set(re.findall(r"\d+\.\d+", text))


def parts(path):
    """The text outside of tables and code, and the tables."""
    text = path.read_text()
    tables = "\n".join(re.findall(r"^\|.*", text, flags=re.MULTILINE))
    prose = re.sub(
        r"<!-- table .*?<!-- end -->|^    .*?$|^\|.*?$|`[^`]*`|\]\([^)]*\)", "", text, flags=re.S | re.MULTILINE
    )
    return prose, tables


def test_its_tables_are_those_of_the_kept_votes(study):
    from axes import TABLES, made

    text = AXES.read_text()
    assert set(re.findall(r"<!-- table (\w+) -->", text)) == set(TABLES)
    assert made(study, text) == text


def test_every_figure_in_its_text_is_in_its_tables():
    prose, tables = parts(AXES)
    said = numbers(prose) - {"0.9", "0.05", "0.02"}  # the temperature, the level, and a bound
    assert said
    assert said <= numbers(tables), said - numbers(tables)


def test_every_figure_in_the_text_of_the_results_is_in_its_tables_or_counted_here():
    import figures
    from figures import difference, vote
    from sheets import load
    from study import HEX, Study

    results = Study(load(RECIPE / "results" / "votes.json.gz"))
    hot, uniform = results._sheet("sums", 0.9), results._sheet("sums", 0.9, model="uniform")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(figures, "DRAWS", 60)
        draws = difference(vote(hot, HEX[16]), vote(hot, {"32": 16}))
    masks = [difference(vote(uniform, {"32": votes}), vote(hot, {"32": votes})) for votes in (1, 5)]
    assert (draws, masks) == ("+4.5 [+3.6, +5.4]", ["+2.5 [+1.0, +4.0]", "+2.0 [+0.4, +3.5]"])
    prose, tables = parts(RESULTS)
    counted = numbers(" ".join([draws, *masks]))
    audit = {"4.4", "3.5", "5.3"}  # its 60 draws, and
    others = {"0.9", "0.8", "1.5", "4.8", "1.2"}  # temperature, a deviation, a goal, shared numbers, the rule for ties
    left = numbers(prose) - numbers(tables) - counted - audit - others
    assert left == set()


def test_the_rule_for_ties_is_worth_what_the_results_say():
    from sheets import load
    from study import Study, deterministic

    from hexcli.scoring.draws import expected

    results = Study(load(RECIPE / "results" / "votes.json.gz"))
    sheet = results._sheet("sums", 0.0)
    split, columns = 0.0, deterministic()
    for place, target in enumerate(sheet.targets):
        given = [sheet.answers[column][0][place] for column in columns]
        candidates = list(dict.fromkeys(answer for answer in given if answer))
        pool = tuple(given.count(answer) for answer in (*candidates, ""))
        split += expected([(pool,)], [answer == target for answer in candidates], len(given)) if candidates else 0.0
    from figures import vote

    first = float(vote(sheet, dict.fromkeys(columns, 1)).sum())
    assert round(100 * (first - split) / len(sheet.targets), 1) == 1.2


def test_the_rival_is_the_best_voter_on_calibration_problems(study):
    from axes import FOLDER
    from rival import recipe, rival

    assert recipe(rival(study.calibration), study.calibration) == (FOLDER / "rival.yaml").read_text()


def test_no_exchange_makes_the_mixes_better_on_calibration_problems(study):
    from mixes import Ballots

    from hexcli.schedule import Schedule
    from hexcli.voter import voter_of

    ballots = Ballots(study.calibration)
    mix = study.counted["mixes"]["5"]
    voters = [voter_of(Schedule.from_dict(one["schedule"]), one["prompt"]) for one in mix["voters"]]
    reached = ballots.right(voters, 1).mean()
    assert reached == pytest.approx(mix["calibration"])
    for other in study.calibration.answers:
        if other not in voters:
            assert ballots.right([other, *voters[1:]], 1).mean() <= reached


def test_the_kept_correlations_are_those_of_the_votes(study):
    from axes import USUAL

    from hexcli.scoring.correlating import correlations
    from hexcli.scoring.grids import grids

    bench = study.test.bench(study.hot(), USUAL)
    told = {row["axis"]: row for row in study.counted["axes"]}
    for grid in grids(list(bench.names), USUAL)[0]:
        voters = [voter for line in grid.lines for voter in line]
        right = [{voter: problem.right_of(voter) for voter in voters} for problem in bench.problems(voters, 5)]
        assert correlations(grid, right) == told[grid.axis]["correlation"]


def test_gathered_votes_are_those_of_a_run_folder_and_are_kept_whole(tmp_path):
    from gather import restored, votes
    from kept import Kept, load, save

    from hexcli.cli.main import run
    from hexcli.recipe.file import expand
    from hexcli.tasks.registry import get_task

    fields = {"model": "tiny-prompts", "task": "sums", "schedules": [32], "temperature": 0.9, "samples": 2}
    fields |= {"prompts": ["plain", "answer"], "dtype": "float32", "gen_length": 32}
    (recipe,) = expand(fields)
    problems = list(get_task("sums").load())[:2]
    cast = [restored(vote) for vote in votes(recipe, problems, "cpu", float("inf"))]
    kept = Kept.of(recipe.model, recipe.task, {problem.id: problem for problem in problems}, cast)
    options = ["--model", "tiny-prompts", "--schedules", "32", "--temperature", "0.9", "--samples", "2"]
    options += ["--prompt", "plain,answer", "--dtype", "float32", "--gen-length", "32", "--limit", "2"]
    assert run(["decode", *options, "-o", str(tmp_path / "run")]) == 0
    assert Kept.of_run(tmp_path / "run") == kept
    assert {voter.prompt: len(own) for voter, own in kept.answers.items()} == {"": 2, "answer": 2}
    save([kept], tmp_path / "votes.json.gz")
    assert load(tmp_path / "votes.json.gz") == [kept]
    assert votes(recipe, problems, "cpu", 0.0) == [], "no second left"
