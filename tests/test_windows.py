from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.windows import cut_windows, pack

LENGTHS = st.lists(st.integers(1, 40), max_size=60)


@pytest.mark.parametrize(
    ("lengths", "room", "overlap", "expected"),
    [
        ([], 10, 0, []),
        ([3], 10, 0, [(0, 1)]),
        ([5, 5, 5], 10, 0, [(0, 2), (2, 3)]),
        ([5, 5, 5], 10, 5, [(0, 2), (1, 3)]),
        ([30, 5, 30], 10, 0, [(0, 1), (1, 2), (2, 3)]),
        ([4, 4, 4, 4], 8, 8, [(0, 2), (1, 3), (2, 4)]),
    ],
)
def test_bounds(lengths, room, overlap, expected):
    assert [window[:2] for window in cut_windows(lengths, room, overlap=overlap)] == expected


def test_first_window_can_be_smaller():
    assert [window[:2] for window in cut_windows([2] * 6, 6, first=2)] == [(0, 1), (1, 4), (4, 6)]


@given(LENGTHS, st.integers(1, 80), st.integers(0, 80))
def test_every_sentence_is_kept_once_in_order(lengths, room, overlap):
    windows = cut_windows(lengths, room, overlap=overlap)
    kept = [number for window in windows for number in range(window.keep_start, window.keep_stop)]
    assert kept == list(range(len(lengths)))
    assert all(window.start <= window.keep_start <= window.keep_stop <= window.stop for window in windows)


@given(LENGTHS, st.integers(1, 80), st.integers(0, 80))
def test_windows_hold_their_room_and_go_forward(lengths, room, overlap):
    windows = cut_windows(lengths, room, overlap=overlap)
    for window in windows:
        assert window.stop - window.start == 1 or sum(lengths[window.start : window.stop]) <= room
    for before, after in pairwise(windows):
        assert before.start < after.start <= before.stop < after.stop
        assert sum(lengths[after.start : before.stop]) <= overlap


def test_pack():
    batch = pack([[[7, 2], [8, 9, 2]], [[5, 2]]], opening=1)
    assert batch.ids.tolist() == [[1, 7, 2, 8, 9, 2], [1, 5, 2, 0, 0, 0]]
    assert batch.mask.tolist() == [[1, 1, 1, 1, 1, 1], [1, 1, 1, 0, 0, 0]]
    assert batch.pooling[0, 0].tolist() == [0, 0.5, 0.5, 0, 0, 0]
    assert batch.pooling[0, 1].tolist() == pytest.approx([0, 0, 0, 1 / 3, 1 / 3, 1 / 3])
    assert batch.pooling[1].sum(axis=-1).tolist() == [1, 0]
