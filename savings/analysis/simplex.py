"""Weights that are not negative and add up to one, fitted exactly.

Question: which mix of the columns of `a` comes nearest to `b`? Minimises |a w - b|^2 + ridge |w|^2 over the simplex
to optimality, not for a number of steps: the answer must not depend on where a search was stopped. Leans on the
ridge being above zero, which makes the answer unique. One too small for double precision to feel is first raised to
where it can be, which picks out the columns of the least-norm solution, and then taken as none for those columns.
Method: primal active set (Lawson & Hanson 1974, chapter 23, with the sum as one equality), each step solved by least
squares on the columns in use rather than by normal equations, which would lose half the digits.
"""

import numpy as np

GAP = 1e-12  # what may be left to gain, as a share of the objective
ROUNDING = 1e-15  # the same as a share of the mean square of a column: nothing smaller can be seen
SAME = 1e-10  # columns that differ by less, relative to the widest difference, are one
FELT = 1e-12  # the least ridge that can be felt, as a share of the mean square of a column


def weights(a: np.ndarray, b: np.ndarray, ridge: float) -> np.ndarray:
    """The weights, one per column of `a` (at least one). Raises ArithmeticError if it cannot be solved."""
    gaps = a - b[:, None]  # as weights add up to one, a w - b is (a - b) w: smaller numbers, less rounding
    size = float((gaps**2).sum()) / gaps.shape[1]
    felt = FELT * size if size > 0 else 1.0  # all columns fit: the even mix has the least norm
    w = _active_set(_stacked(gaps, max(ridge, felt)), ROUNDING * size)
    if ridge >= felt:
        return w
    used = w > 0
    sharper = np.zeros_like(w)
    sharper[used] = _on_the_plane(gaps[:, used])
    closer = float(((gaps @ sharper) ** 2).sum()) <= float(((gaps @ w) ** 2).sum())
    return sharper if closer and (sharper >= 0).all() else w


def _stacked(gaps: np.ndarray, ridge: float) -> np.ndarray:
    """The ridge as further rows of a least-squares problem whose target is nothing."""
    return np.vstack([gaps, np.sqrt(ridge) * np.eye(gaps.shape[1])])


def _active_set(a: np.ndarray, rounding: float) -> np.ndarray:
    """Minimise |a w|^2 over the simplex, from the best single column."""
    columns = a.shape[1]
    w = np.zeros(columns)
    w[np.argmin((a**2).sum(axis=0))] = 1.0
    for _ in range(20 * columns + 100):
        residual = a @ w
        slope = a.T @ residual
        entering = int(np.argmin(slope))
        objective = float(residual @ residual)
        # By convexity the objective is at most twice this above its minimum.
        if objective - slope[entering] <= max(GAP * objective, rounding) or w[entering] > 0:
            return w
        w = _settle(a, w, entering)
    raise ArithmeticError("the weights could not be solved to optimality")


def _settle(a: np.ndarray, w: np.ndarray, entering: int) -> np.ndarray:
    """Move to the best mix of the columns in use and one more, dropping on the way what would turn negative."""
    used = w > 0
    used[entering] = True
    while True:
        wanted = np.zeros_like(w)
        wanted[used] = _on_the_plane(a[:, used])
        negative = used & (wanted <= 0)
        if not negative.any():
            return wanted
        reach = np.full_like(w, np.inf)
        reach[negative] = w[negative] / (w[negative] - wanted[negative])
        leaving = int(np.argmin(reach))
        w = np.maximum(w + reach[leaving] * (wanted - w), 0.0)
        used[leaving] = False
        w[~used] = 0.0


def _on_the_plane(a: np.ndarray) -> np.ndarray:
    """Least squares to nothing with weights of any sign adding up to one: even ones plus steps that cancel out.

    The steps are an orthonormal basis of the plane (Helmert), so the least norm of the steps is that of the weights.
    """
    columns = a.shape[1]
    even = np.full(columns, 1 / columns)
    if columns == 1:
        return even
    steps = _helmert(columns)
    return even + steps @ np.linalg.lstsq(a @ steps, -(a @ even), rcond=SAME)[0]


def _helmert(columns: int) -> np.ndarray:
    """Columns by columns - 1, orthonormal and each adding up to nothing."""
    order = np.arange(1, columns)
    basis = np.triu(np.ones((columns, columns - 1)))
    basis[order, order - 1] = -order
    return basis / np.sqrt(order * (order + 1))
