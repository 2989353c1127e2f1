#pragma once

#include "journal_world.hpp"

/// A case that every journal must pass, run once for each.
#define BOTH_JOURNALS(name) TEMPLATE_TEST_CASE(name, "[contract]", memory_world, rocksdb_world)

using namespace evoke;                     // NOLINT(google-build-using-namespace): a test file's vocabulary
using namespace evoke::persistence;        // NOLINT(google-build-using-namespace)
using namespace evoke::persistence::test;  // NOLINT(google-build-using-namespace)
