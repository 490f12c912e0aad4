#!/bin/sh
# macros_cxx.sh SOURCE INCLUDE_DIR LIBRARY PROGRAM CXX - builds SOURCE as C++11, with every warning that a
# user may have switched on, and runs it with the shared library.
set -eu
"$5" -std=c++11 -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wcast-qual -Werror \
    -I"$2" "$1" "$3" -Wl,-rpath,"$(dirname "$3")" -pthread -o "$4"
"$4"
