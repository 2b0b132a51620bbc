# Sourced by ./start and ./test: installs what is missing, and only that. Needs Debian 12 or later.
set -eu

# What the program is built with.
build_packages="gcc libc6-dev meson ninja-build pkg-config python3 gettext ca-certificates \
libsqlite3-dev libpq-dev libjansson-dev libexpat1-dev libsodium-dev liblapacke-dev libopenblas-dev \
libsuitesparse-dev libgsl-dev libzip-dev libxlsxwriter-dev libical-dev libicu-dev libcurl4-openssl-dev \
libmicrohttpd-dev libqrencode-dev zlib1g-dev"
# What the tests need beside it: the other compiler with its sanitizers and its linker, two servers, a
# validator, a browser, a reader of QR codes.
# (Tryton is tested where it is installed: tryton-server, tryton-modules-sale-opportunity.)
test_packages="clang-14 lld-14 libfaketime clang-format-14 libclang-rt-14-dev postgresql-15 python3-jsonschema \
radicale chromium zbar-tools"
# The reference implementations of survival analysis; without them their tests say skipped.
reference_packages="r-base-core r-cran-survival r-cran-etm r-cran-plm"

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        echo "This step needs root, and there is no sudo. Run as root: $*" >&2
        exit 1
    fi
}

install_packages() {
    missing=
    for package in "$@"; do
        state=$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || true)
        [ "$state" = "install ok installed" ] || missing="$missing $package"
    done
    [ -n "$missing" ] || return 0
    echo "Installing Debian packages:$missing"
    as_root apt-get update -qq
    # shellcheck disable=SC2086
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        $missing >/dev/null
}

# npm packages, pinned by the lock file; no script of any package is run: DuckDB's library and header,
# what the pages are built from (esbuild, TypeScript, two fonts) and tested with (playwright-core, axe-core).
install_npm_packages() {
    if cmp -s third_party/package-lock.json third_party/node_modules/.installed-lock; then
        return 0
    fi
    # Node from elsewhere brings its own npm and does not go with Debian's.
    command -v npm >/dev/null || install_packages nodejs npm
    echo "Installing the npm packages of third_party/package-lock.json (scripts off)"
    (cd third_party && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
    cp third_party/package-lock.json third_party/node_modules/.installed-lock
    # A build that was set up without them looks again.
    for folder in build build-sanitized; do
        [ ! -f "$folder/build.ninja" ] || meson setup --reconfigure "$folder" >/dev/null
    done
}

# build_in FOLDER OPTION...: sets the folder up once, and compiles what changed.
build_in() {
    folder=$1
    shift
    if [ ! -f "$folder/build.ninja" ]; then
        meson setup "$folder" "$@" >"$folder.log" 2>&1 || { cat "$folder.log" >&2; exit 1; }
        rm -f "$folder.log"
    fi
    ninja -C "$folder" --quiet
}
