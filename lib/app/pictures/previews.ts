import { abortable } from "@std/async";
import { type Clock, type Env, isLoopback, KitError, systemClock } from "../../base/mod.ts";
import { checkDownloadHost, checkPeer, IMAGE_HOSTS, type ImageItem, imageUrl, USER_AGENT } from "../../civitai/mod.ts";
import { connectionPermits, HostAdmission } from "../../downloader/mod.ts";
import { classifyFailure, Failsafe, FailureError, HostLimits } from "../../failsafe/mod.ts";
import { type ConnectionPermits, createTransport, followRedirects, type Transport } from "../../transfer/mod.ts";
import { RouteError } from "../http/route_error.ts";
import { FailsafeView } from "./_failsafe_view.ts";
import { FailureMemory } from "./_failure_memory.ts";
import { fetchPicture, type PictureTimeouts } from "./_fetch_picture.ts";
import type { ShownImage } from "./image_sources.ts";
import type { Picture, PreviewCache, PreviewKey } from "./preview_cache.ts";

/** Where an image comes from, and of what kind it is. */
type ImageSource = Pick<ImageItem, "url" | "type">;

/** Options of {@linkcode Previews}. */
export interface PreviewsOptions {
  /** The library, whose failsafe may have paused. */
  readonly root: string;
  /** Keeps what is fetched; `null` to keep nothing, as for a library that is only read. */
  readonly cache: PreviewCache | null;
  /** Return where an image comes from; `null` if it is unknown. */
  readonly find: (image: ShownImage) => Promise<ImageSource | null> | ImageSource | null;
  /** The API's address: if it runs on this machine, its images may, too. */
  readonly baseUrl: string;
  /** Image hosts in addition to Civitai's own. */
  readonly allowedHosts?: readonly string[] | undefined;
  /** Environment variables, which may name a proxy. */
  readonly env?: Env | undefined;
  /** @default {PICTURE_TIMEOUTS} */
  readonly timeouts?: PictureTimeouts | undefined;
  /**
   * Maximum number of previews that wait for a request.
   *
   * @default {4096}
   */
  readonly maxWaiting?: number | undefined;
  /** @default {systemClock} */
  readonly clock?: Clock | undefined;
}

const PICTURE_TIMEOUTS: PictureTimeouts = {
  connectTimeoutMs: 10_000,
  tlsTimeoutMs: 10_000,
  headerTimeoutMs: 20_000,
  stallMs: 10_000,
  stallBytes: 1024,
  totalMs: 60_000,
};
/** Requests to a host at once. */
const CONNECTIONS = 4;
const MAX_PICTURE_BYTES = 20 * 1024 ** 2;
/** Width of the still picture of a video that stands for its original, in pixels. */
const LARGEST_STILL = 1600;

/** Number of previews that were asked for, by whether the cache had them. */
export interface PreviewLookups {
  readonly hit: number;
  readonly miss: number;
}

/** A preview, and the version that shows the image. */
export interface WantedPreview extends PreviewKey, ShownImage {}

/** A preview that is being fetched, for all who wait for it. */
interface Job {
  /** `null` if the library knows nothing of the image. */
  readonly picture: Promise<Picture | null>;
  /** Ends the wait for a permit. */
  readonly stop: AbortController;
  waiters: number;
  hasBegun: boolean;
}

/**
 * Fetches previews of images from the media host, at the width that is asked for, and keeps them. Each is requested once,
 * whoever waits for it, and never after all who asked are gone before its turn. No key is sent.
 */
export class Previews implements AsyncDisposable {
  readonly #options: PreviewsOptions;
  readonly #clock: Clock;
  readonly #send: Transport;
  readonly #permits: ConnectionPermits;
  readonly #library: FailsafeView;
  readonly #failures: FailureMemory;
  readonly #jobs = new Map<string, Job>();
  readonly #closing = new AbortController();
  readonly #owned = new AsyncDisposableStack();
  #hits = 0;
  #misses = 0;

  /** Open the connections' pool; nothing is requested yet. */
  constructor(options: PreviewsOptions) {
    const { baseUrl, allowedHosts = [], env, clock = systemClock } = options;
    this.#options = options;
    this.#clock = clock;
    const transport = this.#owned.use(createTransport({
      env,
      userAgent: USER_AGENT,
      checkPeer: (url, address) => checkPeer(url, address, { baseUrl }),
    }));
    const rules = {
      allowedHosts: [...IMAGE_HOSTS, ...allowedHosts],
      isBaseLoopback: isLoopback(new URL(baseUrl).hostname),
      what: "fetch a preview",
    };
    this.#send = followRedirects(transport.send, { check: (url) => checkDownloadHost(url, rules) });
    // That of the library belongs to the run that holds the library.
    const failsafe = this.#owned.use(Failsafe.inMemory({ clock }));
    const limits = new HostLimits({ optionsFor: () => ({ start: CONNECTIONS, ceiling: CONNECTIONS, clock }) });
    this.#permits = connectionPermits(limits, new HostAdmission({ failsafe, patienceMs: 0, clock }), { clock });
    this.#library = new FailsafeView(options.root, clock);
    this.#failures = new FailureMemory(clock);
  }

  /** Number of previews that are requested, or wait for it. */
  get pending(): number {
    return this.#jobs.size;
  }

  /** Number of previews that were asked for; `null` without a cache. */
  get lookups(): PreviewLookups | null {
    return this.#options.cache === null ? null : { hit: this.#hits, miss: this.#misses };
  }

  /**
   * Return a preview: the kept one, or a new one from the media host.
   *
   * @param signal Aborts when nobody wants it any more
   * @returns The picture; `null` if there is none now, because the image is unknown or cannot be fetched
   * @throws {RouteError} 503 if too many previews wait already
   */
  async get(preview: WantedPreview, signal: AbortSignal): Promise<Picture | null> {
    const kept = await this.#options.cache?.find(preview) ?? null;
    if (kept === null) this.#misses++;
    else this.#hits++;
    if (kept !== null) return kept;
    signal.throwIfAborted();
    try {
      const key = `${preview.imageId} ${preview.width}`;
      return await this.#wait(key, this.#jobs.get(key) ?? this.#begin(key, preview), signal);
    } catch (error) {
      if (signal.aborted || !isExpected(error)) throw error;
      return null;
    }
  }

  /** End all requests. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(new FailureError("cancelled", "Cannot fetch a preview: the server is closing"));
    await Promise.allSettled([...this.#jobs.values()].map(({ picture }) => picture));
    await this.#owned.disposeAsync();
  }

  #begin(key: string, preview: WantedPreview): Job {
    this.#failures.throwIfKnown(key);
    this.#assertRoom();
    const stop = new AbortController();
    const onBegin = (): void => void (job.hasBegun = true);
    const job: Job = { picture: this.#fetch(preview, { stop, onBegin }), stop, waiters: 0, hasBegun: false };
    this.#jobs.set(key, job);
    job.picture.then(() => this.#end(key, job), (error) => {
      this.#end(key, job);
      this.#failures.add(key, error);
    });
    return job;
  }

  async #fetch(
    preview: WantedPreview,
    { stop, onBegin }: { readonly stop: AbortController; readonly onBegin: () => void },
  ): Promise<Picture | null> {
    const { cache, timeouts = PICTURE_TIMEOUTS } = this.#options;
    const source = await this.#options.find(preview);
    if (source === null || source.type === "audio") return null;
    const url = previewUrl(source, preview.width);
    const host = URL.parse(url)?.host ?? "";
    const refusal = this.#library.refusalOf(host);
    if (refusal !== null) {
      throw new FailureError("tripped", `Cannot fetch a preview: ${refusal}`, { refusedBy: host });
    }
    const picture = await fetchPicture(url, {
      send: this.#send,
      permits: this.#permits,
      timeouts,
      maxBytes: MAX_PICTURE_BYTES,
      signal: AbortSignal.any([stop.signal, this.#closing.signal]),
      clock: this.#clock,
      onBegin,
    });
    await cache?.keep(preview, picture);
    return picture;
  }

  async #wait(key: string, job: Job, signal: AbortSignal): Promise<Picture | null> {
    job.waiters++;
    try {
      return await abortable(job.picture, signal);
    } finally {
      job.waiters--;
      if (job.waiters === 0 && !job.hasBegun) {
        this.#end(key, job);
        job.stop.abort(new FailureError("cancelled", "Cannot fetch a preview: nobody waits for it"));
      }
    }
  }

  #end(key: string, job: Job): void {
    if (this.#jobs.get(key) === job) this.#jobs.delete(key);
  }

  #assertRoom(): void {
    const { maxWaiting = 4096 } = this.#options;
    if (this.#jobs.size < maxWaiting) return;
    throw new RouteError("inconclusive", `Cannot fetch one more preview: ${maxWaiting} are waiting`, {
      status: 503,
      headers: { "retry-after": "2" },
    });
  }
}

/** Build the URL of a preview: of a video, a still picture. */
function previewUrl(source: ImageSource, width: number): string {
  if (width > 0) return imageUrl(source, { variant: "preview", width });
  return source.type === "video"
    ? imageUrl(source, { variant: "preview", width: LARGEST_STILL })
    : imageUrl(source, { variant: "original" });
}

/** Whether a failure is one of the network or of the picture, which the page shows as a missing preview. */
function isExpected(error: unknown): boolean {
  if (error instanceof RouteError) return false;
  return error instanceof KitError || classifyFailure(error) !== "unknown";
}
