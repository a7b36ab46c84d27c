import type { PathList } from "./verify_summary.ts";

const MAX_PATHS = 1000;

/** Counts files and bytes; keeps only the first thousand paths, so that memory use stays bounded. */
export class PathTally {
  #count = 0;
  #bytes = 0;
  readonly #paths: string[] = [];

  add(path: string, bytes: number): void {
    this.#count++;
    this.#bytes += bytes;
    if (this.#paths.length < MAX_PATHS) this.#paths.push(path);
  }

  data(): PathList {
    return { count: this.#count, bytes: this.#bytes, paths: [...this.#paths] };
  }
}
