# The warnings that the library compiles without. Tests and benchmarks pass RELAXED: they may
# convert between number types.
function(par_warnings target)
  cmake_parse_arguments(arg "RELAXED" "" "" ${ARGN})
  set(warnings -Wall -Wextra -Wpedantic -Wshadow -Wundef -Wvla -Wwrite-strings -Wcast-qual
      -Wpointer-arith -Wformat=2 -Wimplicit-fallthrough -Wswitch-enum)
  set(c_warnings -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition)
  if(NOT arg_RELAXED)
    list(APPEND warnings -Wconversion -Wsign-conversion -Wdouble-promotion)
  endif()
  set(clang_warnings -Wcomma -Wno-gnu-zero-variadic-macro-arguments)
  foreach(language C CXX) # the two compilers need not be of one kind
    if(CMAKE_${language}_COMPILER_ID MATCHES Clang)
      list(APPEND warnings "$<$<COMPILE_LANGUAGE:${language}>:${clang_warnings}>")
    endif()
  endforeach()
  if(PAR_WERROR)
    list(APPEND warnings -Werror)
  endif()
  target_compile_options(${target} PRIVATE ${warnings} $<$<COMPILE_LANGUAGE:C>:${c_warnings}>)
endfunction()
