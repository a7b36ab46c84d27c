import { systemClock } from "../../base/mod.ts";
import { HttpSender } from "./http_sender.ts";
import type { ReceiverUrl } from "./_receiver_url.ts";
import type { Receiver, ReceiverKind, ReceiverOptions } from "./receiver.ts";
import { renderNotification } from "./render_notification.ts";

/** Length limit of a message, in characters. */
const MAX_LENGTH = 4096;
const BASE = "https://api.telegram.org";
const CHAT = /^(@[A-Za-z][A-Za-z0-9_]{3,}|-?\d+)(:\d+)?$/;

/** `telegram:`: a bot sends a message to a chat. */
export const TELEGRAM: ReceiverKind = {
  form: "telegram://TOKEN@telegram?chats=@CHANNEL",
  shown: ["notification"],
  create: createTelegramReceiver,
};

function createTelegramReceiver(url: ReceiverUrl, seams: ReceiverOptions): Receiver {
  const { clock = systemClock, baseUrl = BASE } = seams;
  const token = `${url.user}:${url.password}`;
  if (!/^\d+:[-_A-Za-z0-9]+$/.test(token)) url.fail("the token of a bot is a number, a colon, letters and digits");
  if (url.rawHost !== "telegram" || url.segments.length > 0) url.fail("the host must be telegram");
  const chat = url.parameter("chats") ?? url.fail("no chat");
  if (chat.includes(",")) url.fail("it is for one chat: write a URL for each");
  if (!CHAT.test(chat)) url.fail("a chat is @CHANNEL or a number, optionally followed by :TOPIC");
  const isSilent = !url.flag("notification", true);
  url.assertAllRead();
  const description = "telegram://api.telegram.org/…";
  const sender = new HttpSender(description, seams);
  const target = new URL(`/bot${token}/sendMessage`, baseUrl);
  return {
    description,
    isReachable: (options) => sender.isReachable(target, options),
    send(notification, { signal }) {
      const { title, text } = renderNotification(notification, {
        maxLength: MAX_LENGTH - "<b></b>".length,
        escape: escapeHtml,
        now: clock.now(),
      });
      return sender.post(target, createMessage(chat, `<b>${title}</b>\n${text}`, isSilent), { signal });
    },
  };
}

function createMessage(chat: string, text: string, isSilent: boolean): Record<string, unknown> {
  const [id, topic] = chat.split(":");
  return {
    chat_id: id,
    text,
    parse_mode: "HTML",
    link_preview_options: { is_disabled: true },
    ...(topic === undefined ? {} : { message_thread_id: Number(topic) }),
    ...(isSilent ? { disable_notification: true } : {}),
  };
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
