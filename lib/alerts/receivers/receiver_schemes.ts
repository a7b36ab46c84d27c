import { createDesktopReceiver } from "./_desktop_receiver.ts";
import { createDiscordReceiver } from "./_discord_receiver.ts";
import { createFileReceiver } from "./_file_receiver.ts";
import { createMailReceiver } from "./_mail_receiver.ts";
import { createNtfyReceiver } from "./_ntfy_receiver.ts";
import type { ReceiverUrl } from "./_receiver_url.ts";
import { createSlackReceiver } from "./_slack_receiver.ts";
import { createStdoutReceiver } from "./_stdout_receiver.ts";
import { createTelegramReceiver } from "./_telegram_receiver.ts";
import { createWebhookReceiver } from "./_webhook_receiver.ts";
import type { Receiver, ReceiverOptions } from "./receiver.ts";

/** How the URLs of a scheme look, and what makes their receiver. */
interface Scheme {
  /** The expected form of the URL. */
  readonly form: string;
  readonly create: (url: ReceiverUrl, seams: ReceiverOptions) => Receiver;
}

/** All receivers, by the scheme of their URLs. */
export const SCHEMES: Readonly<Record<string, Scheme>> = {
  stdout: { form: "stdout:", create: createStdoutReceiver },
  file: { form: "file:///PATH, or file:PATH from the working directory", create: createFileReceiver },
  json: { form: "json://HOST/PATH", create: createWebhookReceiver },
  jsons: { form: "jsons://HOST/PATH", create: createWebhookReceiver },
  ntfy: { form: "ntfy://[USER:PASSWORD@]HOST/TOPIC", create: createNtfyReceiver },
  ntfys: { form: "ntfys://[USER:PASSWORD@]HOST/TOPIC", create: createNtfyReceiver },
  slack: { form: "slack://hook:T…-B…-…@webhook", create: createSlackReceiver },
  discord: { form: "discord://TOKEN@ID", create: createDiscordReceiver },
  telegram: { form: "telegram://TOKEN@telegram?chats=@CHANNEL", create: createTelegramReceiver },
  smtp: { form: "smtp://USER:PASSWORD@HOST:587/?from=ADDRESS&to=ADDRESS", create: createMailReceiver },
  smtps: { form: "smtps://USER:PASSWORD@HOST:465/?from=ADDRESS&to=ADDRESS", create: createMailReceiver },
  desktop: { form: "desktop:", create: createDesktopReceiver },
};

/** Names of schemes in other tools, mapped to ours. */
export const FOREIGN_SCHEMES: Readonly<Record<string, string>> = {
  http: "json",
  https: "jsons",
  "generic+http": "json",
  "generic+https": "jsons",
  webhook: "jsons",
  mailto: "smtp",
  mailtos: "smtps",
  mail: "smtp",
  email: "smtp",
  tgram: "telegram",
  console: "stdout",
  stderr: "stdout",
  "notify-send": "desktop",
};
