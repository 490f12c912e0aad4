#!/bin/sh
# layout_cxx.sh SOURCE INCLUDE_DIR PROGRAM CXX - builds layout.c as C++11 and runs it. It uses no
# function of the library.
set -eu
"$4" -x c++ -std=c++11 -Wall -Wextra -Wno-invalid-offsetof -Werror -I"$2" "$1" -o "$3"
"$3"
