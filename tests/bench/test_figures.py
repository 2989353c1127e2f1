import unittest

from suite.figures import Span, paired_ratio, readable


class SpanTest(unittest.TestCase):
    def test_the_median_of_an_even_number_lies_between_the_middle_two(self):
        self.assertEqual(Span.of([4, 1, 3, 2]).median, 2.5)

    def test_one_bad_round_does_not_move_the_median_but_shows(self):
        span = Span.of([100, 101, 5, 102, 99])
        self.assertEqual((span.median, span.least, span.most), (100, 5, 102))

    def test_no_rounds_are_no_figure(self):
        with self.assertRaises(ValueError):
            Span.of([])


class RatioTest(unittest.TestCase):
    def test_ratios_are_taken_round_by_round(self):
        # In the second round the machine was half as fast for both.
        ratio = paired_ratio(Span.of([60, 30, 66]), Span.of([100, 50, 110]))
        self.assertEqual([round(each, 6) for each in ratio.rounds], [0.6, 0.6, 0.6])

    def test_unequal_rounds_are_refused(self):
        with self.assertRaises(ValueError):
            paired_ratio(Span.of([1, 2]), Span.of([1]))

    def test_nothing_on_the_other_side_is_no_ratio(self):
        with self.assertRaises(ValueError):
            paired_ratio(Span.of([1]), Span.of([0]))


class ReadableTest(unittest.TestCase):
    def test_numbers_are_short_and_keep_three_digits(self):
        self.assertEqual([readable(each) for each in (0.4123, 1.234, 17.26, 1204.4, 0)], ["0.412", "1.23", "17.3", "1,204", "0.00"])

    def test_units_stand_where_people_put_them(self):
        self.assertEqual((readable(88410, "/s"), readable(150, "µs")), ("88,410/s", "150 µs"))


if __name__ == "__main__":
    unittest.main()
