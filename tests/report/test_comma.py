"""CSV: digits that say something."""

from hexcli.report.comma import csv_text


def test_a_whole_number_has_no_point_whatever_it_was_before() -> None:
    assert csv_text([["share", "right"], [1.0, 1], [0.0, 0], [-0.0, 0], [float("nan"), 0]]) == (
        "share,right\n1,1\n0,0\n0,0\nnan,0\n"
    )


def test_numbers_have_six_decimals_small_ones_four_digits_and_the_rest_is_as_it_is() -> None:
    lines = [["a", "b"], [5 / 24, 5 / 3], [0.0000123456, 1087.0], [7, None], [True, "1.23456789"]]
    assert csv_text(lines) == "a,b\n0.208333,1.666667\n1.235e-05,1087\n7,\nTrue,1.23456789\n"
