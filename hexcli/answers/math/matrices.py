"""Matrices that are sums, products or multiples of others, worked out cell by cell."""

from collections.abc import Callable
from functools import reduce

from hexcli.answers.math.tree import Matrix, Negative, Node, Product, Quotient, Row, Sum

_MOST_CELLS = 100


def matrix_of(node: Node) -> Matrix | None:
    """The matrix that an expression of matrices is; None where it is none, or its sizes do not fit."""
    match node:
        case Matrix("matrix"):
            return node if sum(len(row.cells) for row in node.rows) <= _MOST_CELLS else None
        case Negative():
            return _each(matrix_of(node.of), Negative)
        case Quotient():
            return _each(matrix_of(node.over), lambda cell: Quotient(cell, node.under))
        case Sum():
            terms = [matrix_of(term) for term in node.terms]
            return reduce(_added, terms[1:], terms[0])
        case Product():
            scalars = tuple(factor for factor in node.factors if not _holds_matrix(factor))
            found = [matrix_of(factor) for factor in node.factors if _holds_matrix(factor)]
            product = reduce(_multiplied, found[1:], found[0]) if found else None
            return _each(product, lambda cell: Product((*scalars, cell))) if scalars else product
    return None


def _holds_matrix(node: Node) -> bool:
    return (isinstance(node, Matrix) and node.kind == "matrix") or any(map(_holds_matrix, node.parts()))


def _each(matrix: Matrix | None, change: Callable[[Node], Node]) -> Matrix | None:
    if matrix is None:
        return None
    return Matrix("matrix", tuple(Row(tuple(map(change, row.cells))) for row in matrix.rows))


def _added(a: Matrix | None, b: Matrix | None) -> Matrix | None:
    if a is None or b is None or [len(row.cells) for row in a.rows] != [len(row.cells) for row in b.rows]:
        return None
    rows = zip(a.rows, b.rows, strict=True)
    return Matrix("matrix", tuple(Row(tuple(map(_sum, one.cells, two.cells))) for one, two in rows))


def _sum(a: Node, b: Node) -> Node:
    return Sum((a, b))


def _multiplied(a: Matrix | None, b: Matrix | None) -> Matrix | None:
    if a is None or b is None or any(len(row.cells) != len(b.rows) for row in a.rows):
        return None
    columns = list(zip(*(row.cells for row in b.rows), strict=False))
    return Matrix(
        "matrix",
        tuple(Row(tuple(_scalar_product(row.cells, column) for column in columns)) for row in a.rows),
    )


def _scalar_product(a: tuple[Node, ...], b: tuple[Node, ...]) -> Node:
    return Sum(tuple(Product(pair) for pair in zip(a, b, strict=True)))
