import tempfile
import unittest
from pathlib import Path

from suite.comparison import Sample
from suite.context import Context, Settings, counted
from suite.load import read_back


class Counting(Context):
    """A context whose stores hold what the test says."""

    def __init__(self, events, in_log):
        super().__init__(Path("nowhere"), Path("nowhere"), Settings())
        self.found = {"events": events, "events_in_log": in_log}

    def measure(self, name, *arguments, **how):
        return self.found


class ReadBackTest(unittest.TestCase):
    def after(self, events, in_log, expected, sample=None):
        with tempfile.TemporaryDirectory() as folder:
            store = Path(folder) / "store"
            store.mkdir()
            done = read_back(Counting(events, in_log), store, sample or Sample(1000), expected)
            self.assertFalse(store.exists(), "a store that was read back is not needed any more")
        return done.invalid

    def test_a_store_that_holds_what_was_acknowledged_counts(self):
        self.assertEqual(self.after(500, 500, 500), "")

    def test_one_event_too_few_does_not_count(self):
        self.assertIn("500 events were acknowledged in all, 499 are in the streams and 500 in the log", self.after(499, 500, 500))

    def test_nor_does_one_that_the_log_lacks(self):
        self.assertIn("499 in the log", self.after(500, 499, 500))

    def test_the_first_reason_is_kept(self):
        self.assertEqual(self.after(1, 1, 500, Sample(1, invalid="earlier")), "earlier")


class CountedTest(unittest.TestCase):
    def test_what_is_stored_must_be_what_was_acknowledged(self):
        self.assertEqual(counted(Sample(1), 5, 5).invalid, "")
        self.assertEqual(counted(Sample(1), 5, 4).invalid, "5 were acknowledged, 4 are stored")
        self.assertEqual(counted(Sample(1), 4, 5).invalid, "4 were acknowledged, 5 are stored")

    def test_failures_do_not_count_either(self):
        self.assertEqual(counted(Sample(1), 5, 5, failed=2).invalid, "2 failed")


if __name__ == "__main__":
    unittest.main()
