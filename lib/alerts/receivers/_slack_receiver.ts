import { systemClock, truncateText } from "../../base/mod.ts";
import { HttpSender } from "./http_sender.ts";
import type { ReceiverUrl } from "./_receiver_url.ts";
import type { Receiver, ReceiverKind, ReceiverOptions } from "./receiver.ts";
import { renderNotification } from "./render_notification.ts";

/** Length limit of a block of plain text, in characters. */
const MAX_LENGTH = 3000;
/** Length limit of a header block, in characters. */
const MAX_TITLE = 150;
const BASE = "https://hooks.slack.com";

/** `slack:`: posts to an incoming webhook. */
export const SLACK: ReceiverKind = {
  form: "slack://hook:T…-B…-…@webhook",
  shown: [],
  create: createSlackReceiver,
};

function createSlackReceiver(url: ReceiverUrl, seams: ReceiverOptions): Receiver {
  const { clock = systemClock, baseUrl = BASE } = seams;
  if (url.user !== "hook") url.fail("only incoming webhooks are supported; they begin with hook:");
  if (url.rawHost !== "webhook" || url.segments.length > 0) url.fail("the host must be webhook");
  const parts = url.password.split("-");
  if (parts.length !== 3 || parts.some((part) => !/^[A-Za-z0-9]+$/.test(part))) {
    url.fail("the token of an incoming webhook has three parts of letters and digits");
  }
  url.assertAllRead();
  const description = "slack://hooks.slack.com/…";
  const sender = new HttpSender(description, seams);
  const target = new URL(`/services/${parts.join("/")}`, baseUrl);
  return {
    description,
    isReachable: (options) => sender.isReachable(target, options),
    send(notification, { signal }) {
      const { title, text } = renderNotification(notification, {
        maxLength: MAX_LENGTH,
        escape: escapeMarks,
        now: clock.now(),
      });
      // Slack cannot escape * _ ~ and backquotes, so the blocks are plain text. `text` is for clients without blocks.
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

/** Shorten a title without cutting an escape in two. */
function cutTitle(title: string): string {
  return truncateText(title, MAX_TITLE).replace(/&[a-z]*…$/, "…");
}

/** Escape Slack's three special characters, so that a label cannot create links or mentions of a channel. */
function escapeMarks(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
