# cmake -DCOMPILER=... -DINCLUDE=... -DSOURCE=... -P check.cmake: SOURCE must not compile, and what the compiler says must match every
# `// expect: REGEX` in it. No other error may stand beside them.
file(STRINGS "${SOURCE}" expectations REGEX "^// expect: ")
if(NOT expectations)
  message(FATAL_ERROR "${SOURCE} expects nothing")
endif()
execute_process(COMMAND "${COMPILER}" -std=c++23 -fsyntax-only "-I${INCLUDE}" "${SOURCE}" RESULT_VARIABLE status OUTPUT_VARIABLE said
                ERROR_VARIABLE said)
if(status EQUAL 0)
  message(FATAL_ERROR "${SOURCE} compiles")
endif()
string(REPLACE ";" "," said "${said}")  # else each would begin a new element of a list
foreach(line IN LISTS expectations)
  string(REGEX REPLACE "^// expect: " "" expected "${line}")
  if(NOT said MATCHES "${expected}")
    message(FATAL_ERROR "no diagnostic matches\n  ${expected}\nin\n${said}")
  endif()
endforeach()
string(REGEX MATCHALL "error: [^\n]*" errors "${said}")
foreach(error IN LISTS errors)
  if(NOT error MATCHES "evoke: " AND NOT error MATCHES "m52")
    message(FATAL_ERROR "an error that helps nobody:\n  ${error}\nin\n${said}")
  endif()
endforeach()
