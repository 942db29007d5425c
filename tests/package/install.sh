#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs the package on a bare Debian 12 in a folder, serves from it as its own user, backs up, removes the package with
# the data kept, installs it again, and restores on a second bare Debian.
#   tests/package/install.sh [PACKAGE.deb]      (default: what tools/package builds)
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root"

skip() { echo "skipped: $1"; exit 0; }
[ "$(id -u)" = 0 ] || skip "only root can make a root folder"
command -v debootstrap >/dev/null || apt-get install -y -qq --no-install-recommends debootstrap >/dev/null 2>&1 ||
    skip "debootstrap cannot be installed"

package=${1:-$(tools/package | tail -n 1)}
work=$(mktemp -d) server=""
finish() {
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
    for place in one two; do
        for mounted in proc dev; do umount -l "$work/$place/$mounted" 2>/dev/null || true; done
    done
    rm -rf "$work"
}
trap finish EXIT
say() { echo "== $*"; }
inside() { chroot "$work/$1" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "${@:2}"; }
as_linli() { chroot --userspec=linli:linli "$work/$1" env -i PATH=/usr/bin:/bin LC_ALL=C.UTF-8 "${@:2}"; }

# A bare Debian 12, kept for the next time.
bare() {
    local kept=$root/.cache/bookworm.tar
    if [ ! -e "$kept" ]; then
        mkdir -p "$root/.cache"
        debootstrap --variant=minbase bookworm "$work/bare" "${LINLI_MIRROR:-http://deb.debian.org/debian}" >"$work/log" 2>&1 ||
            skip "no mirror: $(tail -n 1 "$work/log")"
        tar -C "$work/bare" -cf "$kept.part" . && mv "$kept.part" "$kept"
        rm -rf "$work/bare"
    fi
    mkdir "$work/$1"
    tar -C "$work/$1" -xf "$kept"
    mount -t proc proc "$work/$1/proc"
    mount --bind /dev "$work/$1/dev"
    for name in resolv.conf apt/sources.list.d/debian.sources; do
        [ ! -e "/etc/$name" ] || cp -L "/etc/$name" "$work/$1/etc/$name"
    done
    printf '#!/bin/sh\nexit 101\n' >"$work/$1/usr/sbin/policy-rc.d" && chmod +x "$work/$1/usr/sbin/policy-rc.d"
    inside "$1" apt-get update -qq >"$work/log" 2>&1 || skip "no mirror: $(tail -n 1 "$work/log")"
}
install_package() {
    cp "$package" "$work/$1/tmp/linli.deb"
    inside "$1" apt-get install -y -qq --no-install-recommends /tmp/linli.deb >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
}
# ExecStart of the unit, as its user, without a service manager.
serve() {
    local place=$1 command
    command=$(sed -n 's/^ExecStart=//p' "$work/$place/lib/systemd/system/linli.service")
    chroot --userspec=linli:linli "$work/$place" env -i PATH=/usr/bin:/bin LC_ALL=C.UTF-8 \
        sh -c "cd /var/lib/linli && umask 077 && exec $command --port $port" >"$work/said" 2>"$work/log.json" &
    server=$!
    for _ in $(seq 200); do
        curl -sf "http://127.0.0.1:$port/readyz" >/dev/null && return
        kill -0 "$server" 2>/dev/null || break
        sleep 0.1
    done
    cat "$work/said" "$work/log.json"; echo "the server does not answer"; exit 1
}
stop() {
    kill "$server" && wait "$server" && server="" || { echo "the server ended with $?"; exit 1; }
}
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
talk() { python3 "$root/tests/package/talk.py" "$port" "$@"; }

say "install"
bare one
install_package one
inside one getent passwd linli | grep -q ':/var/lib/linli:'
inside one stat -c '%U:%G %a' /var/lib/linli | grep -q '^linli:linli 700$'
inside one stat -c '%U:%G %a' /etc/linli/linli.toml | grep -q '^root:linli 640$'
inside one linli --version
inside one sh -c 'for f in /usr/bin/linli /usr/bin/linli-audit; do [ ! -e $f ] || ! ldd $f | grep "not found"; done'

say "unit"
if command -v systemd-analyze >/dev/null; then
    systemd-analyze security --offline=true --threshold=20 "$work/one/lib/systemd/system/linli.service" | tail -n 1
    systemd-analyze security --offline=true --threshold=20 "$work/one/lib/systemd/system/linli-backup.service" | tail -n 1
fi

say "first administrator, accounts, a record"
printf 'code,parent,level,kind,name\n000000000000,,country,,中国\n340000000000,000000000000,province,,安徽省\n340500000000,340000000000,city,,马鞍山市\n340503000000,340500000000,county,,花山区\n340503001000,340503000000,subdistrict,,沙塘路街道\n340503001001,340503001000,community,,东苑社区\n' >"$work/one/tmp/areas.csv"
chmod 644 "$work/one/tmp/areas.csv"
as_linli one sh -c 'cd /var/lib/linli && linli area import /tmp/areas.csv' >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
serve one
status=$(pgrep -u "$(inside one id -u linli)" -x linli | head -n 1)
grep -q '^Seccomp:.*2' "/proc/$status/status" && grep -q '^NoNewPrivs:.*1' "/proc/$status/status"
token=$(sed -n 's/.*setup?token=//p' "$work/said")
talk setup "$token"

say "backup under way"
install -m 0600 /dev/null "$work/one/etc/linli/backup.passphrase"
echo 'correct horse battery' >"$work/one/etc/linli/backup.passphrase"
inside one chown root:linli /etc/linli/backup.passphrase
inside one chmod 0640 /etc/linli/backup.passphrase
backup=$(sed -n 's/^ExecStart=//p' "$work/one/lib/systemd/system/linli-backup.service")
as_linli one sh -c "cd /var/lib/linli && $backup"
file=$(ls "$work/one/var/backups/linli/"linli-*.backup)
as_linli one sh -c "linli backup --verify /var/backups/linli/$(basename "$file")"

say "remove, keep the data, install again"
stop
inside one apt-get remove -y -qq linli >/dev/null 2>&1
[ ! -e "$work/one/usr/bin/linli" ] && [ -e "$work/one/var/lib/linli/linli.db" ]
install_package one
serve one
talk look
stop

say "restore elsewhere"
bare two
install_package two
cp "$file" "$work/two/tmp/a.backup"
cp "$work/one/etc/linli/backup.passphrase" "$work/two/tmp/passphrase"
chmod 644 "$work/two/tmp/a.backup" "$work/two/tmp/passphrase"
as_linli two linli restore --from /tmp/a.backup --passphrase-file /tmp/passphrase
if as_linli two sh -c "cd /var/lib/linli && timeout 20 linli serve --port $port" >"$work/said" 2>&1; then
    echo "it serves without its key"; exit 1
fi
grep -q 'restore the file from where keys are kept' "$work/said"
cp -r "$work/one/var/lib/linli/keys" "$work/two/var/lib/linli/keys"
inside two chown -R linli:linli /var/lib/linli/keys
serve two
talk look
stop

say "purge"
inside two apt-get purge -y -qq linli >/dev/null 2>&1
[ -e "$work/two/var/lib/linli/linli.db" ] && [ ! -e "$work/two/etc/linli/linli.toml" ]
echo "1 passed, 0 failed"
