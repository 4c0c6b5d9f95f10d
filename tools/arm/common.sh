# SPDX-License-Identifier: Apache-2.0
# What the tools for an emulated Arm share; read by them, not run.

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
home=${JQUANT_ARM_HOME:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/jquant-arm}
. "$here/../common.sh"

# The flags of every JVM here; a machine of two cores has none to spare for collecting garbage in parallel.
jvm=(--add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED
    --sun-misc-unsafe-memory-access=allow -XX:+UseSerialGC -Xmx2g)

# What is emulated where nothing else is asked for.
readonly CPUS=(cortex-a72 neoverse-n1 neoverse-v1)
# SVE of 256 bits is slower than NEON code, and the emulator's is slower still.
declare -rA FLAGS=([neoverse-v1]=-XX:UseSVE=0)

# Builds classes and tests, and writes the class path of all that an emulated JVM may run to kernels-arm/target.
build() {
    command -v mvn >/dev/null 2>&1 || fail "mvn is not on the PATH"
    local log
    log=$(mktemp)
    if ! (cd "$root" && mvn -B -ntp ${JQUANT_ARM_MVN:-} -Dstyle.color=never -P emulated -pl kernels-arm,codegen -am \
            test-compile </dev/null >"$log" 2>&1); then
        grep -E '^\[ERROR\]' "$log" | head -n 30 >&2
        fail "the build failed; its whole output is in $log"
    fi
    rm -f "$log"
}

# The class path: of every module below kernels-arm what it is and what it tests.
class_path() {
    local file=$root/kernels-arm/target/emulated.classpath module
    [ -r "$file" ] || fail "$file is not there: build first"
    echo -n "$root/kernels-arm/target/test-classes:$root/kernels-arm/target/classes:$(cat "$file")"
    for module in dispatch codegen; do
        echo -n ":$root/$module/target/test-classes:$root/$module/target/classes"
    done
}

# A JDK of this machine's own that is new enough; fails where there is none.
host_java() {
    local candidate version
    for candidate in "${JAVA_HOME:-}" "$(dirname "$(dirname "$(readlink -f "$(command -v java || true)")")")" \
            /usr/lib/jvm/*; do
        [ -x "$candidate/bin/java" ] && [ -r "$candidate/release" ] || continue
        version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$candidate/release")
        if [ "${version:-0}" -ge 25 ]; then
            echo "$candidate/bin/java"
            return
        fi
    done
    fail "no JDK 25 in JAVA_HOME, on the PATH or in /usr/lib/jvm"
}
