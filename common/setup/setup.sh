#!/bin/sh
# setup.sh: installs from Debian's packages what this machine lacks of packages.txt.
#
#   setup.sh          the packages that the whole suite needs
#   setup.sh LIST     those of another list like it
# Does nothing, fast, when all is there. As root it installs; otherwise by sudo; where neither
# works it prints the exact command and stops.
# SKIP_SETUP=1 in the environment passes over it (a machine that was prepared by hand).
# Exit codes: 0 all is there; 1 apt-get could not install it; 2 somebody else must act first.
set -u

here=$(dirname "$0")
list=${1:-$here/packages.txt}
policy=${POLICY_RC_D:-/usr/sbin/policy-rc.d}
newline='
'

say() { printf 'setup: %s\n' "$*" >&2; }

# Prints the list one need a line: a package, or alternatives as `a | b`.
needs() { sed -e '/^ *#/d' -e '/^ *$/d' -e 's/,.*//' "$list"; }

# Prints those needs that no installed package meets.
missing_needs() {
    needs=$(needs)
    # shellcheck disable=SC2046  # the packages are words
    installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' \
        $(printf '%s' "$needs" | tr -d '|') 2>/dev/null)
    printf '%s\n' "$needs" | while read -r need; do
        for package in $need; do
            case "$newline$installed$newline" in
            *"${newline}installed $package$newline"*) continue 2 ;;
            esac
        done
        printf '%s\n' "$need"
    done
}

# Prints the package to install for each need on stdin: of alternatives, the first that apt knows.
packages_to_install() {
    while read -r need; do
        chosen=${need%% *}
        for package in $need; do
            if [ "$package" = "$need" ] || [ "$package" = '|' ]; then continue; fi
            case $(apt-cache policy "$package" 2>/dev/null </dev/null) in
            *'Candidate: (none)'*) ;;
            *Candidate:*) chosen=$package && break ;;
            esac
        done
        printf '%s ' "$chosen"
    done
}

# Forbids the start (and restart) of nginx alone while it is being installed; whatever policy the
# machine has goes on deciding about all other services.
forbid_nginx() {
    if [ -e "$policy" ] && [ ! -e "$policy.before-two-cakes" ]; then
        mv "$policy" "$policy.before-two-cakes"
    fi
    trap restore_policy EXIT
    cat >"$policy" <<END
#!/bin/sh
# Made by Two Cakes' setup, for a moment: nginx is installed, but not started.
for argument; do case \$argument in nginx|nginx.service) exit 101 ;; esac; done
if [ -x "$policy.before-two-cakes" ]; then exec "$policy.before-two-cakes" "\$@"; fi
exit 0
END
    chmod 755 "$policy"
}

restore_policy() {
    if [ -e "$policy.before-two-cakes" ]; then
        mv "$policy.before-two-cakes" "$policy"
    elif grep -q "Made by Two Cakes' setup" "$policy" 2>/dev/null; then
        rm -f "$policy"
    fi
}

apt() { DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 "$@"; }

update_lists() { apt update -o APT::Update::Error-Mode=any; }

install_as_root() {
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    restore_policy # a setup that was killed may have left its policy behind
    if ! update_lists && ! { sleep 3 && update_lists; }; then
        say 'apt-get update failed twice; trying with the package lists that are there'
    fi
    packages=$(missing_needs | packages_to_install)
    # Debian's service comes with nginx-common.
    nginx_before=$(dpkg-query -W -f '${db:Status-Status}' nginx-common 2>/dev/null)
    case $packages in *nginx*) forbid_nginx ;; esac
    # shellcheck disable=SC2086  # the packages are words
    if ! apt install -y --no-install-recommends $packages; then
        say "apt-get could not install: $packages(its reason is above;" \
            'is there a network, and in Ubuntu the component "universe"?)'
        exit 1
    fi
    case $nginx_before-$packages in
    installed-*) ;; # it was somebody's: leave it as it is
    *nginx*) update-rc.d nginx disable >/dev/null 2>&1 || true ;; # nor at the next boot
    esac
}

# Runs this script as root by sudo; fails where sudo is missing or refuses.
install_by_sudo() {
    command -v sudo >/dev/null || return 1
    sudo -n true 2>/dev/null || { [ -t 0 ] && sudo -v; } || return 1
    # sudo drops the environment, and with it the way to a mirror behind a proxy.
    sudo env ${http_proxy:+"http_proxy=$http_proxy"} ${https_proxy:+"https_proxy=$https_proxy"} \
        ${no_proxy:+"no_proxy=$no_proxy"} sh "$0" "$list"
    exit $?
}

if [ "${SKIP_SETUP:-0}" != 0 ]; then exit 0; fi
if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    say 'this system has no apt-get; install by hand what Debian calls' \
        "$(needs | sed 's/ .*//' | tr '\n' ' ')and then run make with SKIP_SETUP=1"
    exit 2
fi
missing=$(missing_needs)
if [ -z "$missing" ]; then exit 0; fi
if [ "$(id -u)" = 0 ]; then
    say "installing $(printf '%s' "$missing" | tr '\n' ' ' | sed 's/ $//')"
    install_as_root
    missing=$(missing_needs)
    if [ -n "$missing" ]; then say "still missing: $missing" && exit 1; fi
    say 'all is there'
    exit 0
fi
install_by_sudo
say "this needs root; run: apt-get update && apt-get install -y --no-install-recommends" \
    "$(printf '%s\n' "$missing" | packages_to_install | sed 's/ $//')"
exit 2
