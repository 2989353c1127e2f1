# The package: public headers, one static library a floor, and evoke-config.cmake. Two names are for users, here and after add_subdirectory:
#   evoke::evoke   the library without HTTP (runtime and all below it)
#   evoke::http    the HTTP front end on top
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

add_library(evoke_evoke INTERFACE)
add_library(evoke::evoke ALIAS evoke_evoke)
set_target_properties(evoke_evoke PROPERTIES EXPORT_NAME evoke)
target_link_libraries(evoke_evoke INTERFACE evoke_runtime evoke_model)

set(evoke_floors_ evoke_model evoke_persistence evoke_actors evoke_runtime evoke_http)
if(NOT EVOKE_INSTALL)
  return()
endif()

set(evoke_package_dir_ "${CMAKE_INSTALL_LIBDIR}/cmake/evoke")
install(TARGETS evoke_evoke ${evoke_floors_} EXPORT evoke-targets ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}")
install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/evoke" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" FILES_MATCHING PATTERN "*.hpp")
install(EXPORT evoke-targets NAMESPACE evoke:: DESTINATION "${evoke_package_dir_}")

configure_package_config_file("${CMAKE_CURRENT_LIST_DIR}/evoke-config.cmake.in" "${PROJECT_BINARY_DIR}/evoke-config.cmake"
                              INSTALL_DESTINATION "${evoke_package_dir_}" NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file("${PROJECT_BINARY_DIR}/evoke-config-version.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/evoke-config.cmake" "${PROJECT_BINARY_DIR}/evoke-config-version.cmake"
              "${CMAKE_CURRENT_LIST_DIR}/FindCAF.cmake"
        DESTINATION "${evoke_package_dir_}")
