#pragma once

/// All of evoke's public face but HTTP (evoke/http/server.hpp) and the test kit (evoke/testing.hpp, evoke/testing_projection.hpp).

#include <evoke/aggregate.hpp>
#include <evoke/command.hpp>
#include <evoke/context.hpp>
#include <evoke/decision.hpp>
#include <evoke/definition.hpp>
#include <evoke/event.hpp>
#include <evoke/expected_version.hpp>
#include <evoke/failure.hpp>
#include <evoke/ids.hpp>
#include <evoke/json.hpp>
#include <evoke/metadata.hpp>
#include <evoke/options.hpp>
#include <evoke/process.hpp>
#include <evoke/projection.hpp>
#include <evoke/query.hpp>
#include <evoke/registry.hpp>
#include <evoke/rejection.hpp>
#include <evoke/result.hpp>
#include <evoke/runtime.hpp>
#include <evoke/time.hpp>
#include <evoke/timer.hpp>
#include <evoke/upcast.hpp>
#include <evoke/utf8.hpp>
