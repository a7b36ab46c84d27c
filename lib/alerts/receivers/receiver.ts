import type { Clock, Env } from "../../base/mod.ts";
import type { Notification } from "../delivery/notification.ts";

/** Where notifications go: one address of one service. */
export interface Receiver {
  /** What it is called in results; its scheme, unless the caller gives a name. */
  readonly name: string;
  /** Its URL without secrets, such as `slack://hooks.slack.com/…`; safe to show. */
  readonly describe: string;
  /**
   * Deliver once, without retries.
   *
   * @param notification What to tell
   * @param options Stops the delivery
   * @throws {FailureError} If the receiver did not say that it took the notification; never names a secret
   */
  send(notification: Notification, options: { readonly signal: AbortSignal }): Promise<void>;
}

/** Runs a program with arguments, never by a shell; resolves to its exit code. */
export type RunProgram = (
  program: string,
  args: readonly string[],
  options: { readonly env: Readonly<Record<string, string>>; readonly signal: AbortSignal },
) => Promise<number>;

/** What a receiver touches of the world. */
export interface ReceiverSeams {
  /**
   * What the receiver is called in results.
   *
   * @default {the scheme of its URL}
   */
  readonly name?: string | undefined;
  /**
   * Gives the values of `${NAME}` in the URL.
   *
   * @default {systemEnv}
   */
  readonly env?: Env | undefined;
  /**
   * Sends requests.
   *
   * @default {globalThis.fetch}
   */
  readonly fetch?: typeof fetch | undefined;
  /**
   * Time, as a seam.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
  /** A certificate authority to trust besides the system's, as PEM. */
  readonly ca?: string | undefined;
  /**
   * Starts programs.
   *
   * @default {Deno.Command}
   */
  readonly run?: RunProgram | undefined;
  /**
   * The system whose way to show desktop notifications is taken.
   *
   * @default {Deno.build.os}
   */
  readonly os?: typeof Deno.build.os | undefined;
  /**
   * Writes to standard output.
   *
   * @default {Deno.stdout}
   */
  readonly print?: ((text: string) => Promise<void>) | undefined;
  /** Where the service is, instead of its own address: for Slack, Discord and Telegram. */
  readonly baseUrl?: string | undefined;
  /**
   * Where a person finds the monitor; told to webhooks.
   *
   * @default {""}
   */
  readonly externalUrl?: string | undefined;
}
