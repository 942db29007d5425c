# SPDX-License-Identifier: Apache-2.0
# Sourced by ./run and ./test: what is needed, and how to install what is missing. Debian 12 and npm packages only.

build_packages=(
    g++ cmake ninja-build ccache mold pkg-config
    libboost1.81-dev libboost-json1.81-dev libboost-url1.81-dev libsqlite3-dev libpq-dev libssl-dev libsodium-dev
    libyaml-cpp-dev libspdlog-dev libcli11-dev libicu-dev zlib1g-dev libbrotli-dev libexpat1-dev libprotozero-dev libzip-dev libpugixml-dev libcurl4-openssl-dev ca-certificates
)
test_packages=(
    doctest-dev librapidcheck-dev libbenchmark-dev postgresql-15 chromium fonts-noto-cjk clang-format-14 git curl wrk python3
)

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

say() { printf '\033[1m%s\033[0m\n' "$*" >&2; }

install_packages() {
    local missing=()
    for package in "$@"; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return 0
    say "Installing ${missing[*]}"
    # A private cluster is made when it is needed; Debian's own is not.
    if printf '%s\n' "${missing[@]}" | grep -q '^postgresql-15$' && [ ! -e /etc/postgresql-common/createcluster.conf ]; then
        as_root mkdir -p /etc/postgresql-common
        echo 'create_main_cluster = false' | as_root tee /etc/postgresql-common/createcluster.conf >/dev/null
    fi
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
}

# Puts a Node that Vite accepts (20.19 or later of 20, or 22.12 on) on the PATH.
node_fits() {
    command -v node >/dev/null && command -v npm >/dev/null && node -e '
        const [a, b] = process.versions.node.split(".").map(Number)
        process.exit((a === 20 && b >= 19) || (a === 22 && b >= 12) || a > 22 ? 0 : 1)'
}
use_node() {
    [ -x "$root/.node/node_modules/node/bin/node" ] && PATH="$root/.node/node_modules/node/bin:$PATH"
    node_fits && return 0
    install_packages nodejs npm
    say "Installing Node 22"
    mkdir -p "$root/.node"
    (cd "$root/.node" && npm install --silent --no-fund --no-audit --no-save --prefix . node@22 >&2)
    PATH="$root/.node/node_modules/node/bin:$PATH"
    node_fits || { echo "no usable Node found" >&2; exit 1; }
}

# Runs a command only if the files named by $2.. are newer than the stamp $1.
newer_than() {
    local stamp=$1
    shift
    [ ! -e "$stamp" ] || [ -n "$(find "$@" -newer "$stamp" -print -quit 2>/dev/null)" ]
}

web_modules() {
    [ -e "$root/web/node_modules/.package-lock.json" ] && ! newer_than "$root/web/node_modules/.stamp" "$root/web/package-lock.json" && return 0
    say "Installing web packages"
    (cd "$root/web" && npm ci --silent --no-fund --no-audit --ignore-scripts >&2 && touch node_modules/.stamp)
}

build_web() {
    newer_than "$root/web/dist/.stamp" "$root"/web/{src,package.json,vite.config.ts,index.html,public} "$root/docs/openapi.json" || return 0
    use_node
    web_modules
    say "Building the web"
    (cd "$root/web" && npm run --silent build >&2 && touch dist/.stamp)
}

build_server() {
    local options=(-DCMAKE_BUILD_TYPE=RelWithDebInfo)
    [ -e "$root/build/build.ninja" ] || cmake -S "$root" -B "$root/build" -G Ninja "${options[@]}" >&2
    say "Building the server"
    ninja -C "$root/build" "$@" >&2
}
