import { cutText, systemClock } from "../../base/mod.ts";
import { HttpSender } from "./http_sender.ts";
import type { ReceiverUrl } from "./_receiver_url.ts";
import type { Receiver, ReceiverSeams } from "./receiver.ts";
import { renderNotification } from "./render_notification.ts";

/** What a block of plain text may hold. */
const MAX_LENGTH = 3000;
/** What a block of a heading may hold. */
const MAX_TITLE = 150;
const BASE = "https://hooks.slack.com";

/** `slack:`: an incoming webhook. */
export function createSlackReceiver(url: ReceiverUrl, seams: ReceiverSeams): Receiver {
  const { name = url.scheme, clock = systemClock, baseUrl = BASE } = seams;
  const parts = tokenOf(url);
  if (parts.length !== 3 || parts.some((part) => !/^[A-Za-z0-9]+$/.test(part))) {
    url.fail("the token of an incoming webhook has three parts of letters and digits");
  }
  url.end();
  const describe = "slack://hooks.slack.com/…";
  const sender = new HttpSender(describe, seams);
  const target = new URL(`/services/${parts.join("/")}`, baseUrl);
  return {
    name,
    describe,
    send(notification, { signal }) {
      const { title, text } = renderNotification(notification, {
        maxLength: MAX_LENGTH,
        escape: escapeMarks,
        now: clock.now(),
      });
      // Slack has no escape for * _ ~ and backquotes: only plain text has no marks. `text` is for clients without blocks.
      const message = {
        text: `${title}\n${text}`,
        mrkdwn: false,
        blocks: [
          { type: "header", text: { type: "plain_text", text: cutTitle(title), emoji: false } },
          { type: "section", text: { type: "plain_text", text, emoji: false } },
        ],
        "unfurl_links": false,
        "unfurl_media": false,
      };
      return sender.post(target, message, { signal });
    },
  };
}

/** No escape is cut in two. */
function cutTitle(title: string): string {
  return cutText(title, MAX_TITLE).replace(/&[a-z]*…$/, "…");
}

/** The parts, in Shoutrrr's form with a user or in Apprise's with a path. */
function tokenOf(url: ReceiverUrl): readonly string[] {
  if (!url.hasLogin) return url.rawHost === "" ? [] : [url.rawHost, ...url.segments];
  if (url.user !== "hook") url.fail("only incoming webhooks are known, which begin with hook:");
  if (url.rawHost !== "webhook" || url.segments.length > 0) url.fail("the host must be webhook");
  return url.password.split(/[-/]/);
}

/** Slack's three characters: neither links nor mentions of a channel can come out of a label. */
function escapeMarks(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
