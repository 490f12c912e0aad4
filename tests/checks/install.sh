#!/bin/sh
# install.sh CMAKE SOURCE BUILD CONFIG CC [CXX] - installs into a temporary prefix, moves it, and
# builds and runs programs outside the tree against it: C and C++, by find_package, by pkg-config
# and by add_subdirectory, with the shared and with the static library.
set -u
cmake=$1 source=$2 build=$3 config=$4 cc=$5 cxx=${6:-}
outside=$source/tests/checks/outside
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
unset LD_LIBRARY_PATH PKG_CONFIG_PATH CFLAGS CXXFLAGS LDFLAGS DESTDIR
n=0 failed=0

# run WHAT COMMAND... - counts; shows what the command said only when it fails.
run() {
    what=$1
    shift
    n=$((n + 1))
    if ! "$@" >"$work/log" 2>&1; then
        failed=$((failed + 1))
        echo "FAILED: $what: $*"
        cat "$work/log"
        return 1
    fi
}

# links KIND PROGRAM - does the program load libpar.so exactly when KIND is shared?
links() {
    needed=$(objdump -p "$2") || return 1
    case $1-$needed in
    shared-*NEEDED*libpar.so*) ;;
    static-*NEEDED*libpar.so*) echo "loads libpar.so"; return 1 ;;
    static-*) ;;
    *) echo "does not load libpar.so"; return 1 ;;
    esac
}

# by_cmake NAME KIND PREFIX [OPTION...]
by_cmake() {
    name=$1 kind=$2 prefix=$3
    shift 3
    dir=$work/$name
    run "$name" "$cmake" -S "$outside" -B "$dir" -DCMAKE_PREFIX_PATH="$prefix" \
        -DCMAKE_C_COMPILER="$cc" ${cxx:+-DCMAKE_CXX_COMPILER="$cxx"} "$@" || return
    run "$name" "$cmake" --build "$dir" || return
    for program in outside_c ${cxx:+outside_cxx}; do
        run "$name" links "$kind" "$dir/$program"
        run "$name" "$dir/$program"
    done
}

# by_pkgconfig KIND PREFIX LANGUAGE COMPILER SOURCE [OPTION...]
by_pkgconfig() {
    kind=$1 prefix=$2 language=$3 compiler=$4 file=$5
    name=pkgconfig-$kind-$language program=$work/pkgconfig-$kind-$language
    export PKG_CONFIG_PATH="$prefix/$libdir/pkgconfig"
    flags=--libs
    [ "$kind" = shared ] || flags='--libs --static'
    # shellcheck disable=SC2046,SC2086 # lists of options
    run "$name" "$compiler" "$file" -o "$program" $(pkg-config --cflags par) \
        $(pkg-config $flags par) -Wl,-rpath,"$prefix/$libdir" &&
        run "$name" links "$kind" "$program" &&
        run "$name" "$program"
    unset PKG_CONFIG_PATH
}

install_component() {
    run "install $2" "$cmake" --install "$build" --config "$config" --prefix "$1" --component "$2"
}

run "install" "$cmake" --install "$build" --config "$config" --prefix "$work/first" || exit 1
all=$work/moved static=$work/static
mv "$work/first" "$all"
libdir=$(cd "$all" && dirname "$(find . -name libpar.a)")
libdir=${libdir#./}
install_component "$static" par_headers && install_component "$static" par_static || exit 1

by_cmake cmake-default shared "$all"
by_cmake cmake-shared shared "$all" -DPAR_LINK=shared
by_cmake cmake-static static "$all" -DPAR_LINK=static
by_cmake cmake-static-alone static "$static"
by_cmake cmake-subdirectory static "$static" -DPAR_SUBDIRECTORY="$source"
by_pkgconfig shared "$all" c "$cc" "$outside/outside.c"
by_pkgconfig static "$static" c "$cc" "$outside/outside.c"
if [ -n "$cxx" ]; then
    by_pkgconfig shared "$all" cxx "$cxx" "$outside/outside.cc"
    by_pkgconfig static "$static" cxx "$cxx" "$outside/outside.cc"
fi

# A wrong choice says what may be chosen.
n=$((n + 1))
if "$cmake" -S "$outside" -B "$work/wrong" -DCMAKE_PREFIX_PATH="$all" -DPAR_LINK=dynamic \
    >"$work/log" 2>&1 || ! grep -q '"static" or' "$work/log"; then
    failed=$((failed + 1))
    echo "FAILED: PAR_LINK=dynamic is not refused with a sentence"
    cat "$work/log"
fi

echo "$n steps, $failed failed"
[ "$failed" -eq 0 ]
