#!/bin/sh
# Adds an API key for a client to the key file of a site (created with mode 0600) and prints it once.
# Usage: new-api-key.sh KEY_FILE CLIENT_NAME; then: nginx -t && nginx -s reload
# To revoke a key, delete its line and reload. Two lines may have the same name while a client changes keys.
set -eu
umask 077
file=${1:?usage: new-api-key.sh KEY_FILE CLIENT_NAME}
name=${2:?usage: new-api-key.sh KEY_FILE CLIENT_NAME}
case $name in
[!a-z]* | *[!a-z0-9-]*)
  echo "client name \"$name\": expected lower-case letters, digits and hyphens, a letter first" >&2
  exit 1
  ;;
esac
# nginx compares map values without regard to case: hexadecimal loses nothing by that.
key=$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')
if [ ${#key} -ne 64 ]; then
  echo "/dev/urandom gave no 32 bytes" >&2
  exit 1
fi
touch "$file"
chmod 600 "$file"
printf '"%s" %s;\n' "$key" "$name" >>"$file"
printf '%s\n' "$key"
