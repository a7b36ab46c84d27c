import { systemClock } from "../../base/mod.ts";
import { HttpSender } from "./http_sender.ts";
import type { ReceiverUrl } from "./_receiver_url.ts";
import type { Receiver, ReceiverKind, ReceiverOptions } from "./receiver.ts";
import { renderNotification } from "./render_notification.ts";

/** Length limit of a message, in characters. */
const MAX_LENGTH = 2000;
const BASE = "https://discord.com";
/** The flag that suppresses link previews. */
const SUPPRESS_EMBEDS = 4;
const ID = /^\d{1,24}$/;

/** `discord:`: posts to the webhook of a channel. */
export const DISCORD: ReceiverKind = {
  form: "discord://TOKEN@ID",
  shown: [],
  create: createDiscordReceiver,
};

function createDiscordReceiver(url: ReceiverUrl, seams: ReceiverOptions): Receiver {
  const { clock = systemClock, baseUrl = BASE } = seams;
  const { rawHost: id, user: token } = url;
  if (!url.hasLogin) url.fail("the token is missing");
  if (url.password !== "") url.fail("the token contains a colon");
  if (url.segments.length > 0) url.fail("unexpected path after the id");
  if (!ID.test(id)) url.fail("the id of a webhook is a number");
  if (!/^[-_A-Za-z0-9]+$/.test(token)) url.fail("the token of a webhook has letters, digits, - and _");
  const thread = url.parameter("thread_id");
  if (thread !== undefined && !ID.test(thread)) url.fail('the parameter "thread_id" must be a number');
  const username = url.parameter("username");
  url.assertAllRead();
  const description = "discord://discord.com/…";
  const sender = new HttpSender(description, seams);
  const target = new URL(`/api/webhooks/${id}/${token}`, baseUrl);
  // With `wait`, Discord responds only after the message was posted, not as soon as it has read the request.
  target.searchParams.set("wait", "true");
  if (thread !== undefined) target.searchParams.set("thread_id", thread);
  return {
    description,
    isReachable: (options) => sender.isReachable(target, options),
    send(notification, { signal }) {
      const { title, text } = renderNotification(notification, {
        maxLength: MAX_LENGTH - 4,
        escape: escapeMarks,
        now: clock.now(),
      });
      const message = {
        content: `**${title}**\n${text}`,
        ...(username === undefined ? {} : { username }),
        // Mention nobody, whatever a label contains.
        "allowed_mentions": { parse: [] },
        flags: SUPPRESS_EMBEDS,
      };
      return sender.post(target, message, { signal });
    },
  };
}

/** Escape markup, mentions and masked links; a leading `-` would begin a list or small print. */
function escapeMarks(text: string): string {
  return text.replace(/[\\*_~`|<>#[\]()]|^(\s*)-/g, (mark, space: string = "") => `${space}\\${mark.trimStart()}`);
}
