# What `cmake --install` puts where, in components that can be installed alone:
#   par_headers   headers, CMake package, pkg-config file
#   par_shared    libpar.so and its links
#   par_static    libpar.a
# Programs (par-info) are installed where they are built. All paths in the installed files are
# relative to themselves, so that `cmake --install --prefix` and a moved tree work.
include(CMakePackageConfigHelpers)

set(par_package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/par)
set(par_pkgconfig_dir ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
set(par_generated ${PROJECT_BINARY_DIR}/install)

install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/par DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
  COMPONENT par_headers FILES_MATCHING PATTERN "*.h")

foreach(kind static shared)
  install(TARGETS par_${kind} EXPORT par_${kind}
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT par_${kind}
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT par_${kind})
  # One file a library: each may be installed, and found, without the other.
  install(EXPORT par_${kind} NAMESPACE par:: FILE par_${kind}.cmake
    DESTINATION ${par_package_dir} COMPONENT par_${kind})
endforeach()

configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/parConfig.cmake.in
  ${par_generated}/parConfig.cmake INSTALL_DESTINATION ${par_package_dir}
  NO_SET_AND_CHECK_MACRO)
# 0.x may break with each minor version.
if(PROJECT_VERSION_MAJOR EQUAL 0)
  set(par_compatibility SameMinorVersion)
else()
  set(par_compatibility SameMajorVersion)
endif()
write_basic_package_version_file(${par_generated}/parConfigVersion.cmake
  COMPATIBILITY ${par_compatibility})
install(FILES ${par_generated}/parConfig.cmake ${par_generated}/parConfigVersion.cmake
  DESTINATION ${par_package_dir} COMPONENT par_headers)

# pkg-config: from the directory of par.pc to the prefix.
if(IS_ABSOLUTE ${CMAKE_INSTALL_LIBDIR} OR IS_ABSOLUTE ${CMAKE_INSTALL_INCLUDEDIR})
  set(PAR_PC_PREFIX ${CMAKE_INSTALL_PREFIX})
else()
  file(RELATIVE_PATH pc_to_prefix /prefix/${par_pkgconfig_dir} /prefix)
  string(REGEX REPLACE "/$" "" pc_to_prefix "${pc_to_prefix}")
  set(PAR_PC_PREFIX "\${pcfiledir}/${pc_to_prefix}")
endif()
foreach(dir LIBDIR INCLUDEDIR)
  if(IS_ABSOLUTE ${CMAKE_INSTALL_${dir}})
    set(PAR_PC_${dir} ${CMAKE_INSTALL_${dir}})
  else()
    set(PAR_PC_${dir} "\${prefix}/${CMAKE_INSTALL_${dir}}")
  endif()
endforeach()
string(REPLACE ";" " " PAR_PC_HWLOC "${HWLOC_LDFLAGS}")
set(PAR_PC_ATOMIC)
if(PAR_ATOMIC_LIBRARY)
  set(PAR_PC_ATOMIC " -l${PAR_ATOMIC_LIBRARY}")
endif()
configure_file(${CMAKE_CURRENT_LIST_DIR}/par.pc.in ${par_generated}/par.pc @ONLY)
install(FILES ${par_generated}/par.pc DESTINATION ${par_pkgconfig_dir} COMPONENT par_headers)
