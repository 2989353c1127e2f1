# Installs a build into a fresh prefix and looks at what came: public headers, five archives, the config; nothing internal.
# cmake -D prefix=... -D build=... -P install.cmake
file(REMOVE_RECURSE "${prefix}")
execute_process(COMMAND "${CMAKE_COMMAND}" --install "${build}" --prefix "${prefix}" OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)

file(GLOB_RECURSE installed RELATIVE "${prefix}" "${prefix}/*")
foreach(wanted "include/evoke/evoke.hpp" "include/evoke/http/server.hpp" "libevoke_runtime.a" "libevoke_http.a"
               "cmake/evoke/evoke-config.cmake" "cmake/evoke/evoke-config-version.cmake" "cmake/evoke/FindCAF.cmake")
  string(REPLACE "." "\\." pattern "${wanted}")
  if(NOT "${installed}" MATCHES "${pattern}")
    message(FATAL_ERROR "${wanted} was not installed; installed: ${installed}")
  endif()
endforeach()
foreach(file IN LISTS installed)
  if(file MATCHES "\\.(hpp|h)$" AND NOT file MATCHES "^include/evoke/")
    message(FATAL_ERROR "an internal header was installed: ${file}")
  endif()
endforeach()

file(GLOB_RECURSE configs "${prefix}/*.cmake")
foreach(config IN LISTS configs)
  file(STRINGS "${config}" leaks REGEX "nlohmann|evoke_flags")
  if(leaks)
    message(FATAL_ERROR "${config} mentions what users need not have: ${leaks}")
  endif()
endforeach()
