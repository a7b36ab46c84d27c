import choices from "../page/choices.js" with { type: "text" };
import dom from "../page/dom.js" with { type: "text" };
import early from "../page/early.js" with { type: "text" };
import eventTone from "../page/event_tone.js" with { type: "text" };
import feed from "../page/feed.js" with { type: "text" };
import figures from "../page/figures.css" with { type: "text" };
import fold from "../page/fold.js" with { type: "text" };
import format from "../page/format.js" with { type: "text" };
import headline from "../page/headline.js" with { type: "text" };
import icon from "../page/icon.svg" with { type: "text" };
import index from "../page/index.html" with { type: "text" };
import layout from "../page/layout.css" with { type: "text" };
import main from "../page/main.js" with { type: "text" };
import messagesEn from "../page/messages_en.js" with { type: "text" };
import messagesJa from "../page/messages_ja.js" with { type: "text" };
import news from "../page/news.js" with { type: "text" };
import remediesJa from "../page/remedies_ja.js" with { type: "text" };
import rows from "../page/rows.css" with { type: "text" };
import rungs from "../page/rungs.js" with { type: "text" };
import sentencesJa from "../page/sentences_ja.js" with { type: "text" };
import showAlerts from "../page/show_alerts.js" with { type: "text" };
import showBreakers from "../page/show_breakers.js" with { type: "text" };
import showDownloads from "../page/show_downloads.js" with { type: "text" };
import showEvents from "../page/show_events.js" with { type: "text" };
import showFailures from "../page/show_failures.js" with { type: "text" };
import showHeadline from "../page/show_headline.js" with { type: "text" };
import showMode from "../page/show_mode.js" with { type: "text" };
import showThroughput from "../page/show_throughput.js" with { type: "text" };
import showTotals from "../page/show_totals.js" with { type: "text" };
import sparkline from "../page/sparkline.js" with { type: "text" };
import theme from "../page/theme.css" with { type: "text" };

/** A file of the page. */
export interface PageFile {
  /** Its media type, with the charset. */
  readonly type: string;
  /** Its content as text. */
  readonly body: string;
}

const TYPES = { html: "text/html", css: "text/css", js: "text/javascript", svg: "image/svg+xml" };

/** The files as they are served. There is no build step: the browser receives the files of `page/` unchanged. */
const FILES: Readonly<Record<string, string>> = {
  "choices.js": choices,
  "dom.js": dom,
  "early.js": early,
  "event_tone.js": eventTone,
  "feed.js": feed,
  "figures.css": figures,
  "fold.js": fold,
  "format.js": format,
  "headline.js": headline,
  "icon.svg": icon,
  "index.html": index,
  "layout.css": layout,
  "main.js": main,
  "messages_en.js": messagesEn,
  "messages_ja.js": messagesJa,
  "news.js": news,
  "remedies_ja.js": remediesJa,
  "rows.css": rows,
  "rungs.js": rungs,
  "sentences_ja.js": sentencesJa,
  "show_alerts.js": showAlerts,
  "show_breakers.js": showBreakers,
  "show_downloads.js": showDownloads,
  "show_events.js": showEvents,
  "show_failures.js": showFailures,
  "show_headline.js": showHeadline,
  "show_mode.js": showMode,
  "show_throughput.js": showThroughput,
  "show_totals.js": showTotals,
  "sparkline.js": sparkline,
  "theme.css": theme,
};

/**
 * Find a file of the live page. The files are imported as text, so that a bundle, an executable and a package include
 * them. They stay plain files that are formatted, linted and tested like all others.
 *
 * @param path The path of a request: `/`, or `/page/NAME`
 * @returns The file; `null` if there is none at this path
 */
export function livePage(path: string): PageFile | null {
  const name = path === "/" ? "index.html" : /^\/page\/([a-z_]+\.(?:css|js|svg))$/.exec(path)?.[1];
  if (name === undefined || !Object.hasOwn(FILES, name)) return null;
  const extension = name.slice(name.lastIndexOf(".") + 1) as keyof typeof TYPES;
  return { type: `${TYPES[extension]}; charset=utf-8`, body: FILES[name]! };
}
