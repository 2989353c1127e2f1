import unittest
from pathlib import Path

from suite.comparison import Missing
from suite.context import Context, Settings
from suite.curves import CURVES, Curve, Lines, measure_curve


def silent(line):
    pass


class LinesTest(unittest.TestCase):
    def test_a_point_that_does_not_count_is_left_out_and_said(self):
        lines = Lines(silent, "commands/s")
        lines.add("evoke", 1, 100.0)
        lines.add("evoke", 64, 900.0, "5 were acknowledged, 4 are stored")
        plot = lines.plot("file", "title", "connections", log_y=True)
        self.assertEqual(plot["series"], {"evoke": [(1, 100.0)]})
        self.assertEqual(plot["left_out"], ["evoke at 64: 5 were acknowledged, 4 are stored"])
        self.assertEqual((plot["y"], plot["log_y"]), ("commands/s", True))


class CurveTest(unittest.TestCase):
    def measured(self, measure):
        return measure_curve(Curve("Some", "about", measure), Context(Path("nowhere"), Path("nowhere"), Settings()), silent)

    def test_what_is_missing_is_told_and_nothing_is_drawn(self):
        def measure(context, say):
            raise Missing("evoke-load was not built")
        told = self.measured(measure)
        self.assertEqual((told["why"], told["plots"]), ("evoke-load was not built", []))

    def test_what_breaks_is_told_and_the_others_go_on(self):
        def measure(context, say):
            raise RuntimeError("no memory")
        self.assertIn("no memory", self.measured(measure)["why"])

    def test_every_curve_has_a_name_that_no_row_has(self):
        self.assertTrue(all(name.startswith("curve-") for name in CURVES))


if __name__ == "__main__":
    unittest.main()
