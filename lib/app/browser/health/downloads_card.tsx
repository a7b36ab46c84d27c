import type { VNode } from "preact";
import { ahead, type StatusDownload, type StatusView } from "../../../status/mod.ts";
import { Card, Progress } from "../frame/parts.tsx";

/** The files that are being downloaded. */
export function DownloadsCard({ view }: { readonly view: StatusView }): VNode {
  const { status: { downloads }, words, format } = view;
  const isEmpty = downloads.length === 0;
  return (
    <Card
      id="downloads"
      title={words.downloads}
      count={isEmpty ? "" : format.number(downloads.length)}
      none={isEmpty ? words.noDownloads : null}
    >
      <ul id="download-list" class="rows">
        {downloads.map((download) => <Download key={download.path} download={download} view={view} />)}
      </ul>
    </Card>
  );
}

function Download({ download, view }: { readonly download: StatusDownload; readonly view: StatusView }): VNode {
  const { words, format } = view;
  const { path, host, connections, bytes, totalBytes, bytesPerSecond } = download;
  const cut = path.lastIndexOf("/") + 1;
  const name = path.slice(cut);
  const why = whyWaiting(download, view);
  const total = totalBytes !== null && totalBytes > 0 ? totalBytes : null;
  const share = total === null ? null : Math.min(1, bytes / total);
  const leftMs = total !== null && bytesPerSecond > 0 ? (total - bytes) / bytesPerSecond * 1000 : null;
  return (
    <li class="download" data-waits={String(why !== null)}>
      <div class="what">
        <div class="title">{name}</div>
        <div class="soft small">{path.slice(0, Math.max(0, cut - 1))}</div>
      </div>
      <div class="from">
        <div>{words.connections(connections)}</div>
        <div>{host ?? words.unknownHost}</div>
      </div>
      <div class="amount">
        <div>{total === null ? format.bytes(bytes) : words.ofTotal(format.bytes(bytes), format.bytes(total))}</div>
        <div class="soft small">{leftMs === null ? "" : words.left(format.duration(leftMs))}</div>
      </div>
      <div class="pace">
        <div class="title">{why === null ? format.speed(bytesPerSecond) : words.waits}</div>
        <div class="soft small">{share === null ? "" : format.percent(Math.floor(share * 100) / 100)}</div>
      </div>
      {why !== null && <div class="why" lang={why.lang ?? undefined}>{why.text}</div>}
      <Progress label={words.progressOf(name)} share={share} />
    </li>
  );
}

/** Why no bytes arrive and until when, or `null`. */
function whyWaiting({ waiting }: StatusDownload, { words, format, now }: StatusView) {
  if (waiting === null) return null;
  const untilMs = ahead(waiting.until, now);
  const until = untilMs === null
    ? words.triesNext
    : words.opensAgain(format.clock(untilMs), format.duration(untilMs - now));
  const { text, lang } = words.choose(waiting.reason, waiting.ja.reason);
  return { text: `${words.waitsFor(text)} · ${until}`, lang };
}
