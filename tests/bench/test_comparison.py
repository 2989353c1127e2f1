import unittest

from suite.comparison import Comparison, Limits, Outcome, Sample, judge, standing


def outcome(label, *values, **with_what):
    return Outcome(label, "/s", [each if isinstance(each, Sample) else Sample(each) for each in values], **with_what)


def judged(ours, theirs, limits=Limits(0.4, 0.55), **with_what):
    comparison = Comparison("P0", "case", "ours", "theirs", limits, **with_what)
    return judge(comparison, {"ours": ours, "theirs": theirs})


class StandingTest(unittest.TestCase):
    def test_the_limit_itself_is_good_enough(self):
        more = Limits(0.4, 0.55)
        self.assertEqual([standing(each, more) for each in (0.39, 0.4, 0.54, 0.55)], ["missed", "passed", "passed", "reached"])

    def test_where_less_is_better_the_limits_turn_round(self):
        less = Limits(400, 150, higher=False)
        self.assertEqual([standing(each, less) for each in (401, 400, 151, 150)], ["missed", "passed", "passed", "reached"])

    def test_without_limits_a_figure_is_only_shown(self):
        self.assertEqual(standing(0, None), "shown")


class JudgeTest(unittest.TestCase):
    def test_the_median_of_the_ratios_decides(self):
        result = judged(outcome("us", 60, 10, 62), outcome("them", 100, 100, 100))
        self.assertEqual((result.state, result.value.median), ("reached", 0.6))

    def test_a_round_that_does_not_count_makes_the_row_invalid_however_fast_it_was(self):
        result = judged(outcome("us", 1000, Sample(1000, invalid="5 were acknowledged, 4 are stored")), outcome("them", 100, 100))
        self.assertEqual(result.state, "invalid")
        self.assertIn("us: 5 were acknowledged, 4 are stored", result.why)

    def test_their_lost_writes_make_the_row_invalid_too(self):
        self.assertEqual(judged(outcome("us", 60), outcome("them", Sample(100, invalid="lost"))).state, "invalid")

    def test_a_missing_peer_is_named_and_what_was_measured_is_kept(self):
        result = judged(outcome("us", 60), outcome("Redis 7", missing="Redis is not installed"))
        self.assertEqual((result.state, result.why), ("missing", "Redis 7: Redis is not installed"))
        self.assertEqual(result.ours.median, 60)
        self.assertIsNone(result.value)

    def test_a_side_that_broke_in_its_second_round_passes_nothing(self):
        result = judged(outcome("us", 60, 60), outcome("them", 100, broken="Failed: exited 1"))
        self.assertEqual(result.state, "broken")

    def test_no_rounds_are_broken_and_not_passed(self):
        self.assertEqual(judged(outcome("us"), outcome("them")).state, "broken")

    def test_a_figure_that_the_program_did_not_print_is_broken(self):
        result = judged(outcome("us", 60), outcome("them", 100), pick_ours=lambda sample: sample.details["latency_us"]["p99"])
        self.assertEqual(result.state, "broken")
        self.assertIn("did not say", result.why)

    def test_ours_alone_is_judged_where_the_limit_is_a_time(self):
        result = judged(outcome("us", 300, 310, 290), outcome("them", 200, 200, 200), limits=Limits(400, 150, higher=False), judged="ours", unit="µs")
        self.assertEqual((result.state, result.value.median), ("passed", 300))

    def test_everything_is_in_the_json(self):
        told = judged(outcome("us", 60), outcome("them", 100)).as_json()
        self.assertEqual((told["ours"]["median"], told["theirs"]["median"], told["value"]["median"], told["floor"], told["aim"], told["better"]),
                         (60, 100, 0.6, 0.4, 0.55, "higher"))


if __name__ == "__main__":
    unittest.main()
