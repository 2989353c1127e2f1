import io
import tempfile
import unittest
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from suite import machine
from suite.__main__ import chosen, main, parsed
from suite.context import Context, Settings
from suite.curves import CURVES
from suite.rows import rotations


class ChoiceTest(unittest.TestCase):
    def setUp(self):
        self.all = rotations(Context(Path("nowhere"), Path("nowhere"), Settings()))

    def names(self, *given):
        wanted, curves, unknown = chosen(list(given), self.all)
        return {rotation.name: rows for rotation, rows in wanted}, curves, unknown

    def test_no_name_means_everything(self):
        wanted, curves, _ = self.names()
        self.assertEqual(set(wanted), {each.name for each in self.all if not each.on_request})
        self.assertEqual(curves, list(CURVES))

    def test_what_takes_long_runs_only_when_it_is_named(self):
        self.assertNotIn("soak", self.names()[0])
        self.assertEqual(self.names("soak")[0], {"soak": None})

    def test_a_row_brings_the_groups_it_is_measured_in_and_no_other_row(self):
        wanted, curves, unknown = self.names("p1")
        self.assertEqual(wanted, {"http-64": {"P1"}, "http-256": {"P1"}})
        self.assertEqual((curves, unknown), ([], []))

    def test_a_group_brings_all_its_rows(self):
        self.assertEqual(self.names("http-64")[0], {"http-64": None})

    def test_what_there_is_not_is_named(self):
        self.assertEqual(self.names("P1", "P99", "fast")[2], ["P99", "fast"])


class CommandLineTest(unittest.TestCase):
    def run_main(self, *arguments):
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            try:
                status = main(["--programs", "nowhere", *arguments])
            except SystemExit as ended:
                status = ended.code
        return status, out.getvalue(), err.getvalue()

    def test_a_name_that_means_nothing_is_a_mistake_of_use(self):
        status, _, err = self.run_main("nonesuch")
        self.assertEqual(status, 2)
        self.assertIn("nonesuch", err)

    def test_rounds_and_seconds_are_above_nothing(self):
        for wrong in (["--rounds", "0"], ["--seconds", "0"], ["--keys", "1"], ["--payload", "-1"]):
            self.assertEqual(self.run_main(*wrong)[0], 2, wrong)

    def test_the_list_names_rows_groups_and_the_check(self):
        status, out, _ = self.run_main("--list")
        self.assertEqual(status, 0)
        for part in ("  P4 ", "  http-64 ", "  power-cut "):
            self.assertIn(part, out)

    def test_without_any_program_every_row_says_what_is_missing_and_nothing_is_passed(self):
        with tempfile.TemporaryDirectory() as folder:
            if machine.why_not_durable(Path(folder)):
                self.skipTest("temporary files lie in memory here")
            status, out, err = self.run_main("P1", "--quick", "--stores", folder, "--results", str(Path(folder) / "results"))
            self.assertEqual(status, 0, err)
            self.assertIn("evoke-server was not built", out)
            self.assertNotIn("passed", out)
            self.assertTrue((Path(folder) / "results" / "report.md").exists())

    def test_the_defaults_are_five_rounds(self):
        self.assertIsNone(parsed(["--programs", "x"]).rounds)
        self.assertEqual(Settings().rounds, 5)


if __name__ == "__main__":
    unittest.main()
