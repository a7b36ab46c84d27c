/**
 * The health check of the container image, for bash: it asks the monitor of the container for `/healthz` without
 * starting the program, so that it neither reads nor writes the volume. In a container without a page, such as that of a
 * download, there is nothing to ask, and the container's own end says how it went.
 */
export const HEALTH_PROBE = `#!/bin/bash
# Usage: health-probe [ADDRESS:PORT]; by default that of --listen in the command line of the container.
set -u
address=\${1-}
if [ -z "$address" ]; then
  previous=
  while IFS= read -r -d '' word; do
    case $word in --listen=*) address=\${word#--listen=} ;; esac
    [ "$previous" = --listen ] && address=$word
    previous=$word
  done < /proc/1/cmdline
  [ -n "$address" ] || exit 0
fi
port=\${address##*:}
exec 3<> "/dev/tcp/127.0.0.1/$port" || exit 1
{
  printf 'GET /healthz HTTP/1.1\\r\\nHost: 127.0.0.1:%s\\r\\nConnection: close\\r\\n' "$port"
  [ -z "\${CIVITAI_DL_MONITOR_TOKEN-}" ] || printf 'Authorization: Bearer %s\\r\\n' "$CIVITAI_DL_MONITOR_TOKEN"
  printf '\\r\\n'
} >&3
IFS=' ' read -r -t 10 _ code _ <&3 || exit 1
# The reason is in the answer, for docker inspect.
grep -a '"status"' <&3
[ "$code" = 200 ]
`;
