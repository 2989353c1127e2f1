import os
import tempfile
import unittest
from pathlib import Path

from suite import power_cut
from suite.comparison import Comparison, Limits, Sample, Side
from suite.context import Context, Settings
from suite.rotation import Rotation, turn

PROGRAMS = Path(os.environ.get("EVOKE_PROGRAMS", "nowhere"))


class PowerCutTest(unittest.TestCase):
    """Needs a server: EVOKE_PROGRAMS names the folder that it lies in."""

    def check(self, **with_what):
        cheat = PROGRAMS / "evoke-cheating-sync.so"
        self.assertTrue(cheat.exists(), "build evoke-cheating-sync")
        if "environment" in with_what:
            with_what["preload"] = (cheat,)
        with tempfile.TemporaryDirectory() as folder:
            os.chmod(folder, 0o755)
            done = power_cut.check(Context(PROGRAMS, Path(folder), Settings(quick=True)), **with_what)
        self.assertTrue(done.checked, done.verdict)
        self.assertGreater(done.acknowledged, 0)
        return done

    def test_a_server_that_waits_for_its_sync_loses_nothing(self):
        self.assertEqual(self.check().lost, "")

    def test_a_build_that_never_syncs_is_caught(self):
        self.assertNotEqual(self.check(environment={"EVOKE_CHEAT": "never"}).lost, "")

    def test_a_build_that_acknowledges_before_its_sync_is_caught(self):
        # What is acknowledged and not yet synced are some milliseconds' commands: more than one cut, ended by the first that shows it.
        self.assertNotEqual(self.check(environment={"EVOKE_CHEAT": "late"}, cuts=5).lost, "")

    def test_the_mode_without_sync_is_seen_to_be_one(self):
        # The log is synced every now and then in this mode, too: a cut right behind that loses nothing.
        self.assertNotEqual(self.check(arguments=("--durability", "os"), cuts=5).lost, "")


class WitnessTest(unittest.TestCase):
    def test_files_are_cut_to_what_was_synced_and_unsynced_ones_to_nothing(self):
        with tempfile.TemporaryDirectory() as folder:
            store = Path(folder)
            for name, size in (("1.log", 100), ("2.log", 50), ("3.sst", 10), ("CURRENT", 7)):
                (store / name).write_bytes(b"x" * size)
            sizes = {(store / "1.log").stat().st_ino: 60, (store / "3.sst").stat().st_ino: 10}
            self.assertEqual(power_cut.cut(store, sizes), 90)
            self.assertEqual([(store / name).stat().st_size for name in ("1.log", "2.log", "3.sst", "CURRENT")], [60, 0, 10, 7])

    def test_the_longest_sync_of_a_file_counts(self):
        with tempfile.NamedTemporaryFile("w", delete=False) as notes:
            notes.write("7 10\n8 5\n7 30\n7 20\n")
        self.assertEqual(power_cut.synced_sizes(Path(notes.name)), {7: 30, 8: 5})
        os.unlink(notes.name)

    def test_without_the_witness_nothing_is_claimed(self):
        with tempfile.TemporaryDirectory() as folder:
            done = power_cut.check(Context(Path(folder), Path(folder), Settings(quick=True)))
        self.assertFalse(done.checked)
        self.assertIn("not checked", done.verdict)

    def test_rows_of_a_cheating_build_do_not_count_however_fast_it_is(self):
        side = Side("fast", "/s", lambda: Sample(100))
        done = turn(Rotation("r", "", {"a": side, "b": side}, [Comparison("P1", "c", "a", "b", Limits(0.5, 0.6))]), None, 1)
        self.assertEqual(done.results[0].state, "reached")
        power_cut.invalidate(done, "3 are gone")
        self.assertEqual((done.results[0].state, done.results[0].why), ("invalid", "3 are gone"))


if __name__ == "__main__":
    unittest.main()
