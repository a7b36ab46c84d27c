import type { VNode } from "preact";
import {
  ahead,
  HOST_TONES,
  hostLimit,
  type HostRow,
  hostRows,
  hostState,
  type StatusBreaker,
  type StatusView,
} from "../../../status/mod.ts";
import { Badge, Card } from "../frame/parts.tsx";

/** The hosts: those that block calls first, then those that fail or are slow. */
export function HostsCard({ view }: { readonly view: StatusView }): VNode {
  const { status, words } = view;
  const rows = hostRows(status);
  return (
    <Card id="breakers" title={words.breakers} none={rows.length === 0 ? words.noBreakers : null}>
      <ul id="breaker-list" class="rows">{rows.map((row) => <Host key={row.key} row={row} view={view} />)}</ul>
    </Card>
  );
}

function Host({ row, view }: { readonly row: HostRow; readonly view: StatusView }): VNode {
  const { words, format } = view;
  const { breaker, host, key } = row;
  const state = hostState(row);
  const open = breaker === null || breaker.state === "closed" ? null : breaker;
  const reason = words.choose(open?.reason ?? "", open === null ? "" : open.ja.reason);
  const limit = hostLimit(row, view);
  return (
    <li data-state={breaker?.state ?? "closed"}>
      <div class="head">
        <Badge tone={HOST_TONES[state]}>{words.hostState[state]}</Badge>
        <span class="title">{key}</span>
        {breaker !== null && (
          <span class="end">{words.breakerCalls(format.number(breaker.failures), breaker.calls)}</span>
        )}
      </div>
      {reason.text !== "" && <p class="detail" lang={reason.lang ?? undefined}>{reason.text}</p>}
      {host !== null && host.speed !== null && <p class="soft small">{words.speedOf(host.speed, format)}</p>}
      {limit !== "" && <p class="soft small">{limit}</p>}
      {open !== null && <p class="soft small">{timesOf(open, view)}</p>}
    </li>
  );
}

function timesOf(breaker: StatusBreaker, { words, format, now }: StatusView): string {
  const since = words.since(format.time(breaker.since, now), format.duration(now - Date.parse(breaker.since)));
  if (breaker.state !== "open") return since;
  const untilMs = ahead(breaker.until, now);
  // After the wait, the next request tries the host.
  const due = untilMs === null
    ? words.triesNext
    : words.opensAgain(format.clock(untilMs), format.duration(untilMs - now));
  return `${since} · ${due}`;
}
