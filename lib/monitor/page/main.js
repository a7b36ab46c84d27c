import { openChoices } from "./choices.js";
import { byId, setAttribute, setText } from "./dom.js";
import { Feed } from "./feed.js";
import { Format } from "./format.js";
import { english } from "./messages_en.js";
import { japanese } from "./messages_ja.js";
import { newsOf } from "./news.js";
import { showAlerts } from "./show_alerts.js";
import { showBreakers } from "./show_breakers.js";
import { showDownloads } from "./show_downloads.js";
import { showEvents } from "./show_events.js";
import { showFailures } from "./show_failures.js";
import { showHeadline } from "./show_headline.js";
import { showMachine } from "./show_machine.js";
import { showMode } from "./show_mode.js";
import { showThroughput } from "./show_throughput.js";

const CARDS = [
  showAlerts,
  showDownloads,
  showEvents,
  showFailures,
  showThroughput,
  showMode,
  showBreakers,
  showMachine,
];
/** Marks of the tones for the title, which has no color. */
const MARKS = { bad: "✕ ", warn: "! ", busy: "", good: "", idle: "" };

let status = null;
let receivedAt = 0;
let announcedAt = -Infinity;
let link = { state: "connecting", since: new Date() };
let words = english;
let format = new Format("en");

function setLanguage(language) {
  words = language === "ja" ? japanese : english;
  format = new Format(language);
  for (const node of document.querySelectorAll("[data-text]")) setText(node, words[node.dataset.text]);
  show();
}

/** The current time by the monitor's clock, which may differ from the clock of this machine. */
function monitorNow() {
  return Date.parse(status.time) + (performance.now() - receivedAt);
}

function show() {
  showLink();
  if (status === null) return;
  const now = monitorNow();
  // The program's own text is English; `lang` lets a screen reader pronounce it as English.
  const foreign = document.documentElement.lang === "en" ? null : "en";
  const view = { status, words, format, now, foreign };
  const tone = showHeadline(view);
  for (const card of CARDS) card(view);
  const firing = status.alerts.filter(({ state }) => state === "firing").length;
  const { machine, library } = status.source;
  const started = Date.parse(status.startedAt);
  const running = words.monitorSince(format.time(status.startedAt, now), format.duration(now - started));
  setText(byId("footer-words"), `${words.sourceIs(machine, library)} ${running}`);
  setText(byId("machine"), machine);
  const title = `${MARKS[tone]}${firing > 0 ? `(${firing}) ` : ""}civitai-dl ${machine}`;
  if (document.title !== title) document.title = title;
}

function showLink() {
  const { state, since } = link;
  const sinceText = format.clock(since);
  const stamp = status === null ? null : format.clock(status.time);
  setAttribute(byId("link"), "data-state", state);
  const downText = state === "lost" ? words.lostShort(sinceText) : words.connecting;
  setText(byId("link-text"), state === "live" ? words.live(stamp ?? sinceText) : downText);
  const isOutdated = status !== null && status.version !== 1;
  const outdated = isOutdated ? words.outdated : "";
  const notice = state === "lost" ? words.lost(sinceText, stamp) : outdated;
  byId("lost").hidden = notice === "";
  setText(byId("lost"), notice);
  byId("main").classList.toggle("stale", state === "lost");
}

/**
 * Announce news to screen readers. News that follows within a second is appended, so that it does not replace the news
 * before it.
 */
function announce(news) {
  if (news.length === 0) return;
  const isSoon = performance.now() - announcedAt < 1000;
  setText(byId("news"), [...(isSoon ? [byId("news").textContent] : []), ...news].join(" "));
  announcedAt = performance.now();
}

const feed = new Feed({
  onStatus(received) {
    const before = status;
    status = received;
    receivedAt = performance.now();
    show();
    announce(newsOf(before, status, words));
  },
  onLink(state, since) {
    if (state === "lost") announce([words.newsLost]);
    else if (link.state === "lost") announce([words.newsLive]);
    link = { state, since };
    show();
  },
});
openChoices(setLanguage);
setLanguage(document.documentElement.lang);
feed.open();
// Waits are counted down each second.
setInterval(show, 1000);
