import pytest

from hexcli.errors import NotDownloadedError
from hexcli.records import Problem
from hexcli.tasks.sudoku import SUDOKU, credit, from_row, grid, target
from tests.shared import published_rows

ROW = {"Puzzle": "4320004330100004", "Solution": "4321124334122134"}
PROBLEM = from_row(ROW, 0)
TARGET = "4320004330100004 4321124334122134"


def test_a_row_becomes_a_problem() -> None:
    assert from_row(ROW, 0) == Problem(
        id="sudoku-0001", question="Solve the following Sudoku puzzle: 4320004330100004\n", target=TARGET
    )


@pytest.mark.parametrize(
    "row",
    [
        {**ROW, "Puzzle": "432000433010000"},
        {**ROW, "Puzzle": "1320004330100004"},
        {**ROW, "Solution": "4321124334122143"},
        {**ROW, "Solution": "unsolvable"},
    ],
)
def test_rows_that_are_no_puzzle_with_its_solution(row: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="must be a 4x4 grid"):
        from_row(row, 0)


def test_where_the_puzzles_are() -> None:
    with pytest.raises(NotDownloadedError, match=r"4x4_test_sudoku.csv and give it: --data FILE"):
        SUDOKU.load()


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("<answer>\n4321124334122134\n</answer><|eot_id|>", "4321124334122134"),
        ("\\boxed{4321124334122134}", "4321124334122134"),
        ("<answer>\n```\n4321\n1243\n3412\n2134\n```\n</answer>", "4321124334122134"),
        ("<answer>| 4 3 | 2 1 |\n| 1 2 | 4 3 |\n| 3 4 | 1 2 |\n| 2 1 | 3 4 |</answer>", "4321124334122134"),
        ("<answer>4321\n12\n34123\n2134</answer>", "4321120034122134"),  # four lines are four rows
        ("<answer>4321124</answer>", "4321124000000000"),
        ("<answer>43211243341221340</answer>", "4321124334122134"),
        ("so it is\n</answer>\n4321124334122134<|eot_id|>", "4321124334122134"),
        ("The solved grid is 4321124334122134.", "4321124334122134"),
        ("<answer>There is no solution.</answer>", None),
        ("<answer>\n4320004330100004\n</answer>", None),  # the puzzle again
        ("<answer>4320</answer>", None),
        ("", None),
    ],
)
def test_extract(text: str, answer: str | None) -> None:
    assert SUDOKU.extract(text, PROBLEM) == answer


def test_the_prompt_is_no_answer() -> None:
    user, prefill = SUDOKU.prompt(PROBLEM)
    assert "4320004330100004" in user
    assert prefill == "<reasoning>"


def test_only_a_grid_that_is_solved_whole_is_right() -> None:
    assert SUDOKU.grade("4321124334122134", TARGET)
    for wrong in ("4320004330100004", "4321124334122143", "1234341221434321", "4321"):
        assert not SUDOKU.grade(wrong, TARGET)
    two_ways = "1200340021430000 1234341221434321"
    assert SUDOKU.grade("1234341221434321", two_ways)


def test_credit_is_the_share_of_the_empty_cells_that_are_right() -> None:
    assert credit("4321124334122134", TARGET) == 1
    assert credit("4320004330100004", TARGET) == 0
    assert credit("4321004330100004", TARGET) == 1 / 8
    assert SUDOKU.credit is credit


def test_hostile_answers_cost_nothing() -> None:
    for text in ("0" * 1_000_000, "<answer>" * 100_000, "\\boxed{" * 50_000, "１" * 16, "\n" * 1_000_000):
        assert grid(text) in (None, "0" * 16)
        SUDOKU.extract(text, PROBLEM)


@pytest.mark.parametrize(("canvas", "reference"), [(128, 13.2299), (256, 7.7554), (512, 5.1094)])
def test_published_generations(canvas: int, reference: float) -> None:
    """d1's own parser finds 13.23, 7.76 and 5.11 % of the empty cells right, and no grid is solved."""
    rows = published_rows("sudoku", canvas)
    assert len(rows) == 137
    cells = solved = 0.0
    for row in rows:
        problem = Problem(id="p", question=row["question"])
        goal, answer = target(row["ground_truth"], problem), SUDOKU.extract(row["generations"], problem)
        assert goal is not None
        if answer is not None:
            cells += credit(answer, goal)
            solved += SUDOKU.grade(answer, goal)
    print(f"sudoku {canvas}: {cells / 137:.2%} of the cells, {solved:.0f} solved")
    assert 100 * cells / 137 >= reference


def test_the_puzzle_itself_says_which_grids_are_possible() -> None:
    problem = Problem(id="s", question="Solve: 4320004330100004", target=None)
    assert SUDOKU.check is not None
    assert SUDOKU.check("4321124334122134", problem)
    assert SUDOKU.check("4321004330100004", problem), "what is open may stay open"
    assert not SUDOKU.check("1321124334122134", problem), "a given is changed"
    assert not SUDOKU.check("4324004330100004", problem), "a digit stands twice in a row"
