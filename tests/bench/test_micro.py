import os
import tempfile
import unittest
from pathlib import Path

from suite.children import Failed, measure

PROGRAM = Path(os.environ.get("EVOKE_PROGRAMS", "nowhere")) / "evoke-bench-micro"
SUBJECTS = {"codec", "decide", "evolve", "router", "json", "mailbox", "group_commit", "recovery", "key_lookup"}


def run(folder, names, *more):
    command = [str(PROGRAM), "--benchmark_min_time=0.0001", "--benchmark_format=json", f"--benchmark_filter={names}", *more]
    return measure(command, 120, {"TMPDIR": str(folder)})["benchmarks"]


class MicroTest(unittest.TestCase):
    """Needs the program: EVOKE_PROGRAMS names the folder that it lies in. Looks at what is there, never at how fast it is."""

    def test_every_subject_gives_figures_and_leaves_no_folder_behind(self):
        with tempfile.TemporaryDirectory() as folder:
            figures = run(folder, "-/100000$")  # all but what fills a large store
            self.assertEqual(os.listdir(folder), [])
        self.assertEqual({each["name"].split("/")[0] for each in figures}, SUBJECTS)
        for each in figures:
            with self.subTest(each["name"]):
                self.assertFalse(each.get("error_occurred", False), each.get("error_message"))
                self.assertGreater(each["real_time"], 0)

    def test_what_cannot_be_measured_fails_the_program(self):
        with self.assertRaisesRegex(Failed, "exited 1: .*not everything was measured"):
            run("/nowhere", "recovery/events/10$")

    def test_a_filter_that_fits_nothing_fails_the_program(self):
        with self.assertRaisesRegex(Failed, "exited 1"):
            run("/nowhere", "nonesuch")


if __name__ == "__main__":
    unittest.main()
