#!/usr/bin/env bash
# Works on a stability run for a limited time, because a runner ends every job after some hours. The first sitting
# begins the run, the others continue it; the last must finish it.
#
# Usage: sitting.sh REPORT first|next|last LIMIT DURATION
#   REPORT    the report of the run, such as reports/stability-day.json
#   LIMIT     of this sitting, as timeout(1) takes it: 5h
#   DURATION  of the whole run, as stability takes it: 24h
set -uo pipefail

report=$1 turn=$2 limit=$3 duration=$4
if [ "$turn" = first ]; then
  work=(--duration "$duration" --report-interval 900 --output "$report")
else
  work=(--resume "$report")
fi

started=$SECONDS
# SIGINT stops the run cleanly, with a report that can be continued.
timeout --signal=INT --preserve-status "$limit" deno task stability "${work[@]}"
code=$?
if [ "$code" -eq 130 ] && [ "$turn" != last ]; then
  echo "::notice title=To be continued::$(( (SECONDS - started) / 60 )) minutes of $duration are done in this sitting"
  exit 0
fi
exit "$code"
