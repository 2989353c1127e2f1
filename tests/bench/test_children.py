import os
import sys
import tempfile
import unittest
from pathlib import Path

from suite.children import Failed, Server, cpu_seconds, measure, resident_bytes
from suite.comparison import Missing


def program(text):
    return [sys.executable, "-c", text]


class MeasureTest(unittest.TestCase):
    def test_a_program_that_was_not_built_is_missing_and_not_broken(self):
        with self.assertRaisesRegex(Missing, "evoke-bench-nothing was not built"):
            measure(["/nowhere/evoke-bench-nothing"], 5)

    def test_it_says_one_json_object(self):
        self.assertEqual(measure(program("print('{\"per_second\": 5}')"), 30), {"per_second": 5})

    def test_a_failure_is_told_with_what_it_complained_of(self):
        with self.assertRaisesRegex(Failed, "exited 3: no disk"):
            measure(program("import sys; sys.stderr.write('no disk'); sys.exit(3)"), 30)

    def test_figures_of_a_store_that_lost_something_are_read_all_the_same(self):
        text = "import sys; print('{\"acknowledged\": 5, \"stored\": 4}'); sys.exit(1)"
        self.assertEqual(measure(program(text), 30, fails=False)["stored"], 4)

    def test_garbled_output_is_a_failure(self):
        with self.assertRaisesRegex(Failed, "did not print JSON"):
            measure(program("print('no json')"), 30)

    def test_a_program_that_does_not_end_is_ended(self):
        with self.assertRaisesRegex(Failed, "more than"):
            measure(program("import time; time.sleep(60)"), 0.2)


class ServerTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.log = Path(self.folder.name) / "log"

    def tearDown(self):
        self.folder.cleanup()

    def test_a_server_that_is_not_installed_is_missing(self):
        with self.assertRaises(Missing):
            Server(["/nowhere/redis-server"], self.log)

    def test_one_that_ends_at_once_fails_with_its_last_words(self):
        with Server(program("import sys; sys.exit('no port')"), self.log) as server:
            with self.assertRaisesRegex(Failed, "no port"):
                server.wait_until(lambda: False, seconds=30)

    def test_it_is_ready_when_it_says_so_and_gone_after_the_block(self):
        with Server(program("import time; print('listening on 127.0.0.1:1', flush=True); time.sleep(60)"), self.log) as server:
            server.wait_until(lambda: bool(server.said("listening on ")))
            self.assertEqual(server.said("listening on "), "listening on 127.0.0.1:1")
        self.assertIsNotNone(server.process.poll())


class ProcessTest(unittest.TestCase):
    def test_this_process_has_taken_time_and_memory(self):
        end = cpu_seconds(os.getpid()) + 0.02
        while cpu_seconds(os.getpid()) < end:
            pass
        self.assertGreater(resident_bytes(os.getpid()), 1 << 20)


if __name__ == "__main__":
    unittest.main()
