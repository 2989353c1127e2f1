import unittest

from suite.comparison import Comparison, Limits, Missing, Sample, Side
from suite.rotation import Rotation, turn


class World:
    """Three sides that note when they are run."""

    def __init__(self):
        self.ran = []
        self.fails = {}
        self.ended = False

    def side(self, name, value):
        def run():
            self.ran.append(name)
            if name in self.fails:
                raise self.fails[name]
            return Sample(value)
        return Side(name, "/s", run)

    def rotation(self, **with_what):
        limits = Limits(0.4, 0.55)
        return Rotation("all", "three sides", {name: self.side(name, value) for name, value in (("a", 50), ("b", 100), ("c", 200))},
                        [Comparison("P1", "a to b", "a", "b", limits), Comparison("P2", "a to c", "a", "c", limits)], after=self.end, **with_what)

    def end(self):
        self.ended = True


class TurnTest(unittest.TestCase):
    def test_sides_take_turns(self):
        world = World()
        turn(world.rotation(), None, 2)
        self.assertEqual(world.ran, ["a", "b", "c", "a", "b", "c"])

    def test_only_sides_that_the_wanted_rows_need_are_run(self):
        world = World()
        done = turn(world.rotation(), {"P1"}, 2)
        self.assertEqual(world.ran, ["a", "b", "a", "b"])
        self.assertEqual([each.comparison.row for each in done.results], ["P1"])

    def test_a_missing_peer_costs_its_row_and_no_other(self):
        world = World()
        world.fails["b"] = Missing("not installed")
        done = turn(world.rotation(), None, 3)
        self.assertEqual([each.state for each in done.results], ["missing", "missed"])
        self.assertEqual(done.results[0].why, "b: not installed")
        self.assertEqual(world.ran.count("b"), 1, "it is not asked again")
        self.assertEqual(world.ran.count("a"), 3)

    def test_a_side_that_breaks_costs_its_row_and_no_other(self):
        world = World()
        world.fails["c"] = RuntimeError("no memory")
        done = turn(world.rotation(), None, 2)
        self.assertEqual([each.state for each in done.results], ["passed", "broken"])
        self.assertIn("no memory", done.results[1].why)

    def test_what_is_to_be_done_before_may_be_missing(self):
        world = World()

        def before():
            raise Missing("no disk")
        done = turn(world.rotation(before=before), None, 2)
        self.assertEqual([each.state for each in done.results], ["missing", "missing"])
        self.assertEqual(world.ran, [])

    def test_what_is_to_be_done_after_is_done_whatever_happened(self):
        world = World()
        world.fails["a"] = RuntimeError("gone")
        turn(world.rotation(), None, 1)
        self.assertTrue(world.ended)

    def test_long_sides_have_fewer_rounds_and_it_is_said(self):
        world = World()
        self.assertEqual(turn(world.rotation(most_rounds=1), None, 5).rounds, 1)
        self.assertEqual(world.ran, ["a", "b", "c"])


if __name__ == "__main__":
    unittest.main()
