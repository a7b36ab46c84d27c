import { type OperatingSystem, operatingSystem, systemClock } from "../../base/mod.ts";
import { FailureError } from "../../failsafe/mod.ts";
import type { ReceiverUrl } from "./_receiver_url.ts";
import { urgencyOf } from "../_urgency.ts";
import type { Receiver, ReceiverKind, ReceiverOptions } from "./receiver.ts";
import { renderNotification } from "./render_notification.ts";

/** Length limit of the text: a desktop notification shows only a few lines. */
const MAX_LENGTH = 600;

interface DesktopMessage {
  readonly title: string;
  readonly text: string;
  readonly isCritical: boolean;
}

interface Call {
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** `desktop:`: shows a desktop notification to the user who runs the program. */
export const DESKTOP: ReceiverKind = {
  form: "desktop:",
  shown: [],
  create: createDesktopReceiver,
};

function createDesktopReceiver(url: ReceiverUrl, seams: ReceiverOptions): Receiver {
  const { clock = systemClock, run = runProgram, os = operatingSystem() } = seams;
  if (url.rawHost !== "" || url.pathAndQuery !== "") url.fail("nothing may follow the colon");
  return {
    description: "desktop:",
    async send(notification, { signal }) {
      const { title, text } = renderNotification(notification, { maxLength: MAX_LENGTH, now: clock.now() });
      const message = { title, text, isCritical: urgencyOf(notification) === "critical" };
      const { program, args, env = {} } = createCall(os, message);
      const code = await runChecked(() => run(program, args, { env, signal }), program, signal);
      if (code !== 0) {
        throw new FailureError("rejected", `Cannot notify "desktop:": "${program}" exited with code ${code}`);
      }
    },
  };
}

function createCall(os: OperatingSystem, message: DesktopMessage): Call {
  if (os === "darwin") return appleCall(message);
  return os === "windows" ? windowsCall(message) : freeDesktopCall(message);
}

/** The body is markup, in which notify-send also reads `\\074` as `<`, so both are escaped. The title is plain text. */
function freeDesktopCall({ title, text, isCritical }: DesktopMessage): Call {
  const body = text.replaceAll("\\", "\\\\").replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  const urgency = isCritical ? "critical" : "normal";
  return { program: "notify-send", args: [`--urgency=${urgency}`, "--app-name=civitai-dl", "--", title, body] };
}

/**
 * Title and text are passed as arguments and never become part of the script. After `--`, a title that begins with `-`
 * is no option of osascript. They are counted from the end, so that it does not matter whether `--` counts.
 */
function appleCall({ title, text }: DesktopMessage): Call {
  const script = ["on run argv", "display notification (item -1 of argv) with title (item -2 of argv)", "end run"];
  return { program: "osascript", args: [...script.flatMap((line) => ["-e", line]), "--", title, text] };
}

const TOAST = `
$null = [Windows.UI.Notifications.ToastNotificationManager, Windows.UI.Notifications, ContentType = WindowsRuntime]
$xml = [Windows.UI.Notifications.ToastNotificationManager]::GetTemplateContent('ToastText02')
$lines = $xml.GetElementsByTagName('text')
$null = $lines.Item(0).AppendChild($xml.CreateTextNode($env:CIVITAI_DL_TITLE))
$null = $lines.Item(1).AppendChild($xml.CreateTextNode($env:CIVITAI_DL_TEXT))
$id = '{1AC14E77-02E7-4E5D-B744-2EB1AE5198B7}\\WindowsPowerShell\\v1.0\\powershell.exe'
$toast = [Windows.UI.Notifications.ToastNotification]::new($xml)
[Windows.UI.Notifications.ToastNotificationManager]::CreateToastNotifier($id).Show($toast)
`;

/** Title and text are passed in the environment: the script is constant, and encoded so that no quoting is needed. */
function windowsCall({ title, text }: DesktopMessage): Call {
  const units = Uint16Array.from(TOAST, (unit) => unit.charCodeAt(0));
  const encoded = btoa(String.fromCharCode(...new Uint8Array(units.buffer)));
  return {
    program: "powershell.exe",
    args: ["-NoProfile", "-NonInteractive", "-EncodedCommand", encoded],
    env: { CIVITAI_DL_TITLE: title, CIVITAI_DL_TEXT: text },
  };
}

async function runProgram(
  program: string,
  args: readonly string[],
  options: { readonly env: Readonly<Record<string, string>>; readonly signal: AbortSignal },
): Promise<number> {
  const { env, signal } = options;
  const streams = { stdin: "null", stdout: "null", stderr: "null" } as const;
  const child = new Deno.Command(program, { args: [...args], env: { ...env }, signal, ...streams }).spawn();
  return (await child.status).code;
}

async function runChecked(run: () => Promise<number>, program: string, signal: AbortSignal): Promise<number> {
  try {
    const code = await run();
    // A program that was stopped by the signal also has an exit code.
    signal.throwIfAborted();
    return code;
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    const isMissing = error instanceof Deno.errors.NotFound;
    if (!isMissing && !(error instanceof Deno.errors.NotCapable)) throw error;
    const state = isMissing ? "is not installed" : "is not allowed to run";
    const hint = isMissing ? "On Debian, install libnotify-bin" : `Allow it with --allow-run=${program}`;
    throw new FailureError("rejected", `Cannot notify "desktop:": "${program}" ${state}`, { cause: error, hint });
  }
}
