# SPDX-License-Identifier: Apache-2.0
# What the tools for emulated CPUs share; read by the common.sh of each folder, which sets here to that folder.

root=$(cd "$here/../.." && pwd -P)
tool="${here#"$root"/}/$(basename "$0")"

fail() {
    echo "$tool: $*" >&2
    exit 1
}

# The comment at the head of a tool is its help.
usage() {
    sed -n '3,/^[^#]/p' "$0" | sed -n 's/^# \{0,1\}//p'
}

# What follows fetches packages of Debian's into the folder home. Nothing of the machine's own is changed: neither its
# package lists nor its dpkg.

# Where emulators come from: the suite that has a JDK 25, whose QEMU is linked statically, and whose Bochs is 3.0.
readonly SUITE=trixie
readonly KEYS=/usr/share/keyrings/debian-archive-keyring.gpg

# Makes the home, for this process alone as long as it runs.
lock_home() {
    local command
    for command in apt-get dpkg-deb tar awk flock; do
        command -v "$command" >/dev/null 2>&1 \
            || fail "$command is not here: this needs Debian, or a system made from it"
    done
    mkdir -p "$home" || fail "$home cannot be made"
    exec 9>"$home/.lock"
    flock 9
}

# private_apt VARIABLE [ARCHITECTURE]...: a package tree of its own, of the machine's architecture and others, from the
# archive that the variable names; sets the array apt to the options that select it.
private_apt() {
    local tree=$home/apt host uri=${!1:-} architecture variable=$1
    host=$(dpkg --print-architecture)
    shift
    # both formats of apt's sources, whether or not their lists were ever fetched
    [ -n "$uri" ] || uri=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list \
        /etc/apt/sources.list.d/*.sources 2>/dev/null | sed 's/#.*//' | tr -s ' \t' '\n' \
        | grep -E -m 1 '^[a-z+]+:.*(/debian/?|/debian\.list)$' || true)
    [ -n "$uri" ] || fail "no Debian archive among apt's sources: set $variable to the URI of one"
    [ -r "$KEYS" ] || fail "$KEYS is not here: install debian-archive-keyring"
    rm -rf "$tree"
    mkdir -p "$tree/lists/partial" "$tree/cache/archives/partial" "$tree/parts" "$tree/debs"
    : >"$tree/status"
    echo "deb [arch=$(IFS=, && echo "$host${*:+,$*}") signed-by=$KEYS] $uri $SUITE main" >"$tree/sources.list"
    apt=(-q -y -o "Dir::State=$tree" -o "Dir::State::lists=$tree/lists" -o "Dir::State::status=$tree/status"
        -o "Dir::Cache=$tree/cache" -o "Dir::Etc::SourceList=$tree/sources.list" -o "Dir::Etc::SourceParts=$tree/parts"
        -o "Dir::Etc::PreferencesParts=$tree/parts" -o "Dir::Etc::Preferences=$tree/none"
        -o "APT::Architecture=$host" -o "APT::Default-Release=$SUITE" -o APT::Update::Error-Mode=any
        -o APT::Sandbox::User=root -o Acquire::Languages=none -o Acquire::Retries=3
        -o APT::Update::Post-Invoke= -o APT::Update::Post-Invoke-Success=)
    for architecture in "$host" "$@"; do
        apt+=(-o "APT::Architectures::=$architecture")
    done
    echo "$tool: fetching the lists of $SUITE for $host${*:+ $*}" >&2
    apt-get "${apt[@]}" update >&2 || fail "apt-get could not read the lists of $uri"
}

# unpack FOLDER DEB...
unpack() {
    local into=$1 deb
    shift
    mkdir -p "$into"
    for deb in "$@"; do
        dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$into" --keep-directory-symlink
    done
}

# once STAMP WANT COMMAND: does what has not been done, or was done for something else; all anew where force is set.
once() {
    local stamp=$home/.$1
    [ -z "$force" ] || rm -f "$stamp"
    if [ ! -e "$stamp" ] || [ "$(cat "$stamp")" != "$2" ]; then
        "$3"
        echo "$2" >"$stamp"
    fi
}
