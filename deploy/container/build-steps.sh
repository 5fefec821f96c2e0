#!/bin/sh
# Builds the servers from a clone into one directory that runs anywhere Node does: the steps of the
# Containerfile, and of an installation without containers (docs/operations.md).
#
# Usage: build-steps.sh SOURCE OUTPUT
#   SOURCE  a clone of this repository; it is written to (node_modules, dist)
#   OUTPUT  a directory that does not exist yet: becomes /opt/seal-ts
# Needs Node 22.18 or newer and npm on the PATH, and the npm registry. What is downloaded is fixed by
# package-lock.json, with hashes; no script of a downloaded package is run.
set -eu

# What is deployed. Packages that these import follow from the import table of the repository.
servers='key-server aggregator'

source=$(cd "${1:?usage: build-steps.sh SOURCE OUTPUT}" && pwd)
output=${2:?usage: build-steps.sh SOURCE OUTPUT}
if [ -e "$output" ]; then
  echo "$output exists already: give a directory that does not" >&2
  exit 1
fi
mkdir -p "$output"
output=$(cd "$output" && pwd)
npm_options='--ignore-scripts --no-audit --no-fund --loglevel=error'

echo '1. packages to build with'
cd "$source"
# shellcheck disable=SC2086
npm ci $npm_options

echo '2. compile'
# shellcheck disable=SC2086
node tools/build.ts $servers >"$output/.built"
cat "$output/.built"

echo '3. what runs'
cp package.json package-lock.json LICENSE NOTICE "$output/"
# npm compares the lock file with every workspace's manifest.
for manifest in packages/*/package.json; do
  mkdir -p "$output/${manifest%/*}"
  cp "$manifest" "$output/$manifest"
done
built=$(sed -n 's#^built packages/\(.*\)/dist$#\1#p' "$output/.built")
for name in $built; do
  cp -R "packages/$name/dist" "$output/packages/$name/"
  if [ -d "packages/$name/bin" ]; then
    cp -R "packages/$name/bin" "$output/packages/$name/"
  fi
done

echo '4. packages to run with'
cd "$output"
workspaces=
for name in $servers; do
  workspaces="$workspaces --workspace packages/$name"
done
# shellcheck disable=SC2086
npm ci --omit=dev $workspaces $npm_options
for directory in packages/*; do
  if [ ! -d "$directory/dist" ]; then
    rm -r "$directory"
  fi
done
rm .built

echo "5. $output"
for name in $servers; do
  node "packages/$name/bin/seal-$name.mjs" --help >/dev/null
  echo "   packages/$name/bin/seal-$name.mjs"
done
