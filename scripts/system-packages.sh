#!/usr/bin/env bash
# Installs the system packages that the tests need, where they are missing. Safe to run again; as root or with sudo.
set -euo pipefail

# Debian names. A browser and two families of fonts: the tests print the forms and the points page, and play the service.
packages=(chromium fonts-dejavu-core fonts-liberation)
# A database server, and an OpenID provider with the database it is packaged for. Tests start both themselves.
packages+=(postgresql dbconfig-sqlite3 glewlwyd)

missing=()
for package in "${packages[@]}"; do
  dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
done
if [ "${#missing[@]}" -eq 0 ]; then
  exit 0
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  as_root=(sudo --non-interactive env DEBIAN_FRONTEND=noninteractive)
fi
export DEBIAN_FRONTEND=noninteractive
run() { ${as_root[@]+"${as_root[@]}"} "$@"; }
install() { run apt-get install --quiet --yes --no-install-recommends "$@"; }
is_missing() { [[ " ${missing[*]} " == *" $1 "* ]]; }

run apt-get update --quiet
if is_missing postgresql; then
  # The programs are wanted, not a database that starts with the machine.
  install postgresql-common
  run sed --in-place --regexp-extended 's/^#?(create_main_cluster) .*/\1 = false/' /etc/postgresql-common/createcluster.conf
fi
install "${missing[@]}"
if is_missing glewlwyd; then
  run service glewlwyd stop || true
  run update-rc.d glewlwyd disable
fi
