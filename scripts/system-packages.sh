#!/usr/bin/env bash
# Installs the system packages that the tests need, where they are missing. Safe to run again; as root or with sudo.
set -euo pipefail

# Debian names. A browser and two families of fonts: the tests print the forms and the points page.
packages=(chromium fonts-dejavu-core fonts-liberation)

missing=()
for package in ${packages[@]+"${packages[@]}"}; do
  dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
done
if [ "${#missing[@]}" -eq 0 ]; then
  exit 0
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  as_root=(sudo --non-interactive)
fi
export DEBIAN_FRONTEND=noninteractive
${as_root[@]+"${as_root[@]}"} apt-get update --quiet
${as_root[@]+"${as_root[@]}"} apt-get install --quiet --yes --no-install-recommends "${missing[@]}"
