import json
import tempfile
import unittest
from pathlib import Path

from suite import plots
from suite.comparison import Comparison, Limits, Missing, Sample, Side
from suite.context import Settings
from suite.machine import describe
from suite.report import Report
from suite.results import settings_json, turned_json, write
from suite.rotation import Rotation, turn
from suite.table import markdown_table, text_table

LATENCY = {"p50": 200.0, "p90": 300.0, "p99": 500.0, "p999": 900.0}


def missing():
    raise Missing("Redis is not installed")


def one_turn():
    sides = {"evoke": Side("evoke", "/s", lambda: Sample(12_000, details={"latency_us": LATENCY, "cpu_us": 20.0})),
             "echo": Side("echo", "/s", lambda: Sample(20_000, details={"latency_us": LATENCY, "cpu_us": 8.0})),
             "redis": Side("Redis 7", "/s", missing)}
    return turn(Rotation("some", "evoke beside others", sides, [Comparison("P1", "64 connections", "evoke", "echo", Limits(0.4, 0.55)),
                                                                Comparison("P5", "64 clients", "evoke", "redis", Limits(1.3, 2.5))]), None, 2)


class TableTest(unittest.TestCase):
    def test_both_sides_the_ratio_the_limits_and_the_state_are_in_a_row(self):
        line = next(line for line in text_table(one_turn().results).splitlines() if line.startswith("P1"))
        for part in ("12,000/s", "20,000/s", "0.600 (0.600-0.600)", "0.400", "0.550", "aim reached"):
            self.assertIn(part, line)

    def test_a_missing_peer_is_said_with_its_reason(self):
        text = text_table(one_turn().results)
        self.assertIn("P5 64 clients: Redis 7: Redis is not installed", text)

    def test_a_markdown_row_has_as_many_cells_as_the_head(self):
        lines = markdown_table(one_turn().results).splitlines()
        self.assertEqual(len({line.count("|") for line in lines}), 1)


class ReportTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "report.md"

    def tearDown(self):
        self.folder.cleanup()

    def write(self, load=0.1, **settings):
        run = {"settings": settings_json(Settings(**settings)), "machine": {**describe(self.path.parent), "load_average_before": load}, "began": "now", "minutes": 1.0, "revision": "abc",
               "power_cut": {"verdict": "all were there again"}}
        curve = {"title": "Connections", "about": "more and more", "why": "", "plots": [
            {"file": "connections", "title": "Throughput", "x": "connections", "y": "commands/s", "series": {"evoke": [(1, 3000.0), (64, 30000.0)]}}]}
        Report(self.path, run, [one_turn()], [curve]).write()
        return self.path.read_text()

    def test_it_names_settings_machine_check_rows_and_curves(self):
        text = self.write()
        for part in ("5 rounds of 3.0 s", "file system", "Power cut: all were there again", "| P1 | 64 connections |", "Redis is not installed", "### Connections",
                     "| 64 | 30,000 |"):
            self.assertIn(part, text)

    def test_a_quick_run_says_that_it_is_one(self):
        self.assertIn("**A quick run**: 2 rounds", self.write(quick=True, rounds=2))
        self.assertNotIn("quick run", self.write())

    def test_a_busy_machine_is_said_to_have_been_one(self):
        self.assertIn("**The machine was busy**", self.write(load=3.2))
        self.assertNotIn("busy", self.write(load=0.1))

    def test_every_drawing_that_is_named_is_there(self):
        text = self.write()
        named = [line.split("](")[1].rstrip(")") for line in text.splitlines() if line.startswith("![")]
        if not plots.available():
            self.assertEqual(named, [])
            self.assertIn("matplotlib is not installed", text)
            return
        self.assertEqual(len(named), 3)
        for each in named:
            self.assertIn("<svg", (self.path.parent / each).read_text())

    def test_no_name_of_the_machine_is_in_it(self):
        import platform
        name = platform.node()
        if len(name) > 3:
            self.assertNotIn(name, self.write())


class ResultsTest(unittest.TestCase):
    def test_the_figures_are_whole_json(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "results" / "some.json"
            write(path, turned_json(one_turn()))
            told = json.loads(path.read_text())
            self.assertEqual([each["value"] for each in told["sides"]["evoke"]["rounds"]], [12_000, 12_000])
            self.assertEqual(told["sides"]["redis"]["missing"], "Redis is not installed")
            self.assertEqual([file.name for file in path.parent.iterdir()], ["some.json"])


if __name__ == "__main__":
    unittest.main()
