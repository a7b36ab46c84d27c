import { type Env, systemEnv } from "../base/mod.ts";

/** Sends one message to the service manager, which `NOTIFY_SOCKET` names. */
export type SdSend = (message: string) => Promise<void>;

/** Options of {@linkcode SdNotifier}. */
export interface SdNotifierOptions {
  /**
   * Reads `NOTIFY_SOCKET`, `WATCHDOG_USEC` and `WATCHDOG_PID`.
   *
   * @default {systemEnv}
   */
  readonly env?: Env | undefined;
  /**
   * Sends a message.
   *
   * @default {by the program systemd-notify}
   */
  readonly send?: SdSend | undefined;
  /** Called once, for the first message that cannot be sent. */
  readonly onWarning?: ((message: string) => void) | undefined;
}

/**
 * Notifies systemd of the state of a `Type=notify` service. Does nothing without `NOTIFY_SOCKET`, and never rejects: a
 * failed notification must not stop the service.
 */
export class SdNotifier {
  /** The watchdog timeout of the unit, in milliseconds; `null` if it has none. */
  readonly watchdogMs: number | null;
  readonly #isExpected: boolean;
  readonly #send: SdSend;
  readonly #onWarning: (message: string) => void;
  #hasWarned = false;

  /** Read the socket and the watchdog timeout from the environment; nothing is sent yet. */
  constructor(options: SdNotifierOptions = {}) {
    const { env = systemEnv, send = runSystemdNotify, onWarning = () => {} } = options;
    this.#isExpected = (env("NOTIFY_SOCKET") ?? "") !== "";
    this.#send = send;
    this.#onWarning = onWarning;
    const usec = Number(env("WATCHDOG_USEC"));
    const pid = env("WATCHDOG_PID");
    const isForUs = pid === undefined || pid === "" || Number(pid) === Deno.pid;
    this.watchdogMs = this.#isExpected && isForUs && usec > 0 ? usec / 1000 : null;
  }

  /** Send `READY=1`: the service has started. */
  notifyReady(status: string): Promise<void> {
    return this.#notify(`READY=1\nSTATUS=${oneLine(status)}`);
  }

  /** Send `STATUS=`: one line for `systemctl status`. */
  notifyStatus(status: string): Promise<void> {
    return this.#notify(`STATUS=${oneLine(status)}`);
  }

  /** Send `WATCHDOG=1`; systemd expects it within `watchdogMs`. */
  notifyAlive(): Promise<void> {
    return this.#notify("WATCHDOG=1");
  }

  /** Send `STOPPING=1`: the service is about to exit. */
  notifyStopping(): Promise<void> {
    return this.#notify("STOPPING=1");
  }

  async #notify(message: string): Promise<void> {
    if (!this.#isExpected) return;
    try {
      await this.#send(message);
    } catch (error) {
      if (!this.#hasWarned) {
        this.#onWarning(`Cannot notify systemd: ${error instanceof Error ? error.message : error}`);
      }
      this.#hasWarned = true;
    }
  }
}

function oneLine(text: string): string {
  return text.replaceAll(/[\r\n]+/g, " ");
}

/** Send a message by the program `systemd-notify`, so the unit needs `NotifyAccess=all`: Deno has no such sockets. */
async function runSystemdNotify(message: string): Promise<void> {
  const child = new Deno.Command("systemd-notify", {
    args: message.split("\n"),
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  });
  const { success, stderr } = await child.output();
  if (!success) throw new Error(new TextDecoder().decode(stderr).trim() || "systemd-notify failed");
}
