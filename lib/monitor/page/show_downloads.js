import { ahead } from "./headline.js";
import { byId, make, part, parts, setAttribute, setText, syncList } from "./dom.js";

/** Render the files that are being downloaded. */
export function showDownloads({ status, words, format, now }) {
  const { downloads } = status;
  syncList(byId("download-list"), downloads, {
    keyOf: ({ path }) => path,
    create: createDownload,
    update(row, download) {
      const { bytes, totalBytes, bytesPerSecond } = download;
      const cells = parts(row);
      const cut = download.path.lastIndexOf("/") + 1;
      setText(cells.name, download.path.slice(cut));
      setText(cells.folder, download.path.slice(0, Math.max(0, cut - 1)));
      setText(cells.host, download.host ?? words.unknownHost);
      setText(cells.connections, words.connections(download.connections));
      const why = whyWaiting(download.waiting, { words, format, now });
      setText(cells.speed, why === null ? format.speed(bytesPerSecond) : words.waits);
      setText(cells.why, why?.text ?? "");
      setAttribute(cells.why, "lang", why?.lang ?? null);
      cells.why.hidden = why === null;
      row.dataset.waits = String(why !== null);
      const isKnown = totalBytes !== null && totalBytes > 0;
      const share = isKnown ? Math.min(1, bytes / totalBytes) : null;
      const size = isKnown ? words.ofTotal(format.bytes(bytes), format.bytes(totalBytes)) : format.bytes(bytes);
      setText(cells.size, size);
      setText(cells.share, share === null ? "" : format.percent(Math.floor(share * 100) / 100));
      const leftMs = isKnown && bytesPerSecond > 0 ? (totalBytes - bytes) / bytesPerSecond * 1000 : null;
      setText(cells.left, leftMs === null ? "" : words.left(format.duration(leftMs)));
      showProgress(cells.track, share, words.progressOf(download.path.slice(cut)));
    },
  });
  setText(byId("download-count"), downloads.length === 0 ? "" : format.number(downloads.length));
  byId("download-none").hidden = downloads.length > 0;
  byId("downloads").classList.toggle("empty", downloads.length === 0);
}

/** Why no bytes arrive and until when, or `null`. */
function whyWaiting(waiting, { words, format, now }) {
  if (waiting === null) return null;
  const untilMs = ahead(waiting.until, now);
  const until = untilMs === null
    ? words.triesNext
    : words.opensAgain(format.clock(untilMs), format.duration(untilMs - now));
  const { text, lang } = words.choose(waiting.reason, waiting.ja.reason);
  return { text: `${words.waitsFor(text)} · ${until}`, lang };
}

function createDownload() {
  const what = make("div", "what", [part("name", "div", "title"), part("folder", "div", "soft small")]);
  const from = make("div", "from", [part("connections", "div"), part("host", "div")]);
  const amount = make("div", "amount", [part("size", "div"), part("left", "div", "soft small")]);
  const pace = make("div", "pace", [part("speed", "div", "title"), part("share", "div", "soft small")]);
  const track = part("track", "div", "track");
  track.append(make("div", "bar-fill"));
  return make("li", "download", [what, from, amount, pace, part("why", "div", "why"), track]);
}

function showProgress(track, share, label) {
  setAttribute(track, "role", "progressbar");
  setAttribute(track, "aria-label", label);
  // A progress bar without a value is announced as indeterminate.
  setAttribute(track, "aria-valuenow", share === null ? null : String(Math.floor(share * 100)));
  setAttribute(track, "aria-valuemin", "0");
  setAttribute(track, "aria-valuemax", "100");
  track.firstElementChild.style.width = `${(share ?? 0) * 100}%`;
}
