import { FailureError } from "../../../failsafe/mod.ts";
import { checkKey, type CheckKeyOptions, newKeyHint } from "../../_check_key.ts";

/**
 * Download links in a row that the service refuses for lack of a valid key, after which a run stops. One refused link
 * may be an oddity of its file; a valid key is never refused several times in a row.
 */
const MAX_REFUSALS = 3;

/** Ends a run whose API key stopped working, before it requests every other file with the dead key. */
export class KeyWatch {
  /** Items whose links were refused since the last link that was granted. */
  readonly #refused = new Set<string>();
  #check: Promise<void> | null = null;

  /** Keys of the items whose links were refused since the last link that was granted; the key is to blame for them. */
  get refused(): readonly string[] {
    return [...this.#refused];
  }

  /** Record that the service granted a link. */
  recordGrant(): void {
    this.#refused.clear();
  }

  /**
   * Record that the service refused a link with `login`, and ask it whether the key is valid. Refusals at the same time
   * share one such request.
   *
   * @param options Client and library
   * @param itemKey The catalog's key of the item
   * @throws {FailureError} `login` if the key is invalid, or if too many links in a row were refused
   */
  async recordRefusal(options: Omit<CheckKeyOptions, "isDoubted">, itemKey: string): Promise<void> {
    this.#refused.add(itemKey);
    const { library, client, clock, signal } = options;
    this.#check ??= checkKey({ library, client, clock, signal, isDoubted: true }).finally(() => this.#check = null);
    await this.#check;
    const count = this.#refused.size;
    if (count < MAX_REFUSALS) return;
    const hasKey = client.headersFor(client.baseUrl)["authorization"] !== undefined;
    const state = hasKey
      ? `Cannot use the API key: ${count} downloads in a row were refused as if there were none`
      : `Cannot download without an API key: ${count} downloads in a row need one`;
    throw new FailureError("login", state, { hint: newKeyHint(client) });
  }
}
