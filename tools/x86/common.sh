# SPDX-License-Identifier: Apache-2.0
# What the tools for an emulated x86 CPU share; read by them, not run.

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
home=${JQUANT_X86_HOME:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/jquant-x86}
. "$here/../common.sh"

# fetched PROGRAM [ARGUMENT]...: runs a program of the packages fetched, with their libraries.
fetched() {
    local libraries=$home/root/usr/lib/x86_64-linux-gnu program=$1
    shift
    LTDL_LIBRARY_PATH=$libraries/bochs/plugins "$libraries/ld-linux-x86-64.so.2" --inhibit-cache \
        --library-path "$libraries" "$home/root/usr/bin/$program" "$@"
}
