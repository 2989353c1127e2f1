# Options, warnings and the two functions that every folder's CMakeLists.txt uses: evoke_floor and evoke_test.
option(EVOKE_BUILD_EXAMPLES "Build the sample domains and evoke-server" ${PROJECT_IS_TOP_LEVEL})
option(EVOKE_BUILD_TESTS "Build the tests" ${PROJECT_IS_TOP_LEVEL})
option(EVOKE_BUILD_BENCH "Build the benchmarks" OFF)
option(EVOKE_REPOSITORY_TESTS "Also test the repository itself: floors, package, docs, ./dev" ON)
option(EVOKE_INSTALL "Write install rules" ${PROJECT_IS_TOP_LEVEL})
option(EVOKE_WERROR "Warnings are errors" OFF)

if(PROJECT_IS_TOP_LEVEL)
  set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
  set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
  find_program(EVOKE_CCACHE ccache)
  if(EVOKE_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    # Without the build folder and the language of messages in the hash, one folder's objects serve another: a second preset directory, or
    # the package test, for which ctest sets both variables.
    set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND}" -E env --unset=LC_ALL --unset=LC_MESSAGES CCACHE_NOHASHDIR=1 "${EVOKE_CCACHE}")
  endif()
  find_program(EVOKE_MOLD mold)
  if(EVOKE_MOLD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_link_options(-fuse-ld=mold)
  endif()
else()
  # A parent that links evoke::evoke must see the imported libraries behind it, which are else known in this folder only.
  set(CMAKE_FIND_PACKAGE_TARGETS_GLOBAL ON)
endif()

# What every target of ours is compiled with.
add_library(evoke_flags INTERFACE)
target_compile_features(evoke_flags INTERFACE cxx_std_23)
target_compile_options(evoke_flags INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow
                       $<$<BOOL:${EVOKE_WERROR}>:-Werror>)

# evoke_floor(<name> SOURCES ... [DEPENDS ...] [PRIVATE_DEPENDS ...]): one floor as a static library `evoke_<name>`, headers included as
# <name/file.hpp>. DEPENDS reach those who use the floor, PRIVATE_DEPENDS only their link line. A program that embeds evoke never compiles
# against nlohmann_json, so it is left out of the package altogether: who embeds need not have it.
function(evoke_floor name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPENDS;PRIVATE_DEPENDS" ${ARGN})
  add_library(evoke_${name} STATIC ${arg_SOURCES})
  add_library(evoke::${name} ALIAS evoke_${name})
  set_target_properties(evoke_${name} PROPERTIES EXPORT_NAME ${name} CXX_STANDARD 23 CXX_EXTENSIONS OFF POSITION_INDEPENDENT_CODE ON)
  target_compile_features(evoke_${name} PUBLIC cxx_std_23)
  target_include_directories(evoke_${name}
    PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:include>
    PRIVATE ${PROJECT_SOURCE_DIR})
  list(TRANSFORM arg_PRIVATE_DEPENDS REPLACE "^(nlohmann_json::nlohmann_json)$" "$<BUILD_INTERFACE:\\1>")
  target_link_libraries(evoke_${name} PUBLIC ${arg_DEPENDS} PRIVATE $<BUILD_INTERFACE:evoke_flags> ${arg_PRIVATE_DEPENDS})
endfunction()

# evoke_test(<name> SOURCES ... DEPENDS ...): one Catch2 program, its cases registered one by one.
function(evoke_test name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPENDS;PROPERTIES" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  set_target_properties(${name} PROPERTIES CXX_STANDARD 23 CXX_EXTENSIONS OFF)
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE evoke_flags ${arg_DEPENDS} Catch2::Catch2WithMain)
  catch_discover_tests(${name} TEST_PREFIX "${name}: " PROPERTIES TIMEOUT 300 ${arg_PROPERTIES})
endfunction()
