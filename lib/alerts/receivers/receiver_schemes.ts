import { DESKTOP } from "./_desktop_receiver.ts";
import { DISCORD } from "./_discord_receiver.ts";
import { FILE } from "./_file_receiver.ts";
import { MAIL, SECURE_MAIL } from "./_mail_receiver.ts";
import { NTFY, SECURE_NTFY } from "./_ntfy_receiver.ts";
import type { ReceiverKind } from "./receiver.ts";
import { SLACK } from "./_slack_receiver.ts";
import { STDOUT } from "./_stdout_receiver.ts";
import { TELEGRAM } from "./_telegram_receiver.ts";
import { PLAIN_WEBHOOK, SECURE_WEBHOOK } from "./_webhook_receiver.ts";

/** All receivers, by the scheme of their URLs. */
export const SCHEMES: Readonly<Record<string, ReceiverKind>> = {
  stdout: STDOUT,
  file: FILE,
  json: PLAIN_WEBHOOK,
  jsons: SECURE_WEBHOOK,
  ntfy: NTFY,
  ntfys: SECURE_NTFY,
  slack: SLACK,
  discord: DISCORD,
  telegram: TELEGRAM,
  smtp: MAIL,
  smtps: SECURE_MAIL,
  desktop: DESKTOP,
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
