import tempfile
import unittest
from pathlib import Path

from suite import targets
from suite.context import Context, Settings
from suite.rows import rotations
from suite.rows.soak import thirds


class TargetsTest(unittest.TestCase):
    def setUp(self):
        self.rotations = rotations(Context(Path("nowhere"), Path(tempfile.gettempdir()), Settings()))
        self.comparisons = [each for rotation in self.rotations for each in rotation.comparisons]

    def test_every_row_has_a_title(self):
        self.assertEqual({each.row for each in self.comparisons} - set(targets.TITLES), set())

    def test_every_case_that_has_limits_is_measured_with_them(self):
        measured = {(each.row, each.case): each.limits for each in self.comparisons if each.limits}
        for key, limits in measured.items():
            self.assertEqual(limits, targets.LIMITS.get(key), key)

    def test_the_aim_lies_beyond_the_floor(self):
        for key, limits in targets.LIMITS.items():
            self.assertEqual(limits.aim > limits.floor, limits.higher, key)

    def test_a_case_without_limits_is_a_mistake(self):
        with self.assertRaises(KeyError):
            targets.limits_of("P1", "63 connections")

    def test_growth_is_told_from_the_second_third_to_the_last(self):
        self.assertEqual(thirds([90, 10, 10, 10, 10, 10, 12, 12, 12]), (10, 12))
        with self.assertRaises(ValueError):
            thirds([1, 2])

    def test_rows_are_in_the_order_of_their_numbers(self):
        self.assertEqual(sorted(["S1", "P10", "P2", "P1"], key=targets.in_order), ["P1", "P2", "P10", "S1"])

    def test_comparisons_name_sides_that_there_are(self):
        for rotation in self.rotations:
            for each in rotation.comparisons:
                self.assertIn(each.ours, rotation.sides)
                self.assertTrue(each.theirs is None or each.theirs in rotation.sides, each)

    def test_names_of_groups_are_there_once(self):
        names = [each.name for each in self.rotations]
        self.assertEqual(len(names), len(set(names)))


if __name__ == "__main__":
    unittest.main()
