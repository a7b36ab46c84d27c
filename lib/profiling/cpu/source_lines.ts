import { SourceMap } from "node:module";
import type { CpuFrame } from "./cpu_profile.ts";

/** A TypeScript file as it is on the disk, and the JavaScript that Deno makes of it. */
export interface TranspiledFile {
  /** The text of the source. */
  readonly source: string;
  /** JavaScript with a source map in its last line. */
  readonly code: string;
}

const MAP = /\/\/# sourceMappingURL=data:application\/json[^,]*;base64,([A-Za-z0-9+/=]+)\s*$/;

/**
 * Lines of TypeScript for positions in the JavaScript that ran. `deno run --cpu-prof` writes functions with their lines
 * in the source, but the lines of samples are those of the JavaScript; a profile saved by DevTools has the lines of the
 * JavaScript for both. Which one it is shows in where the names of the functions are.
 */
export class SourceLines {
  readonly #files = new Map<string, { readonly map: SourceMap }>();
  #areFramesTranspiled = false;

  /**
   * Prepare the files of a profile.
   *
   * @param files Transpiled files by URL
   * @param frames The functions of the profile
   */
  constructor(files: ReadonlyMap<string, TranspiledFile>, frames: readonly CpuFrame[]) {
    let inSource = 0;
    let inCode = 0;
    for (const [url, { source, code }] of files) {
      const encoded = MAP.exec(code)?.[1];
      if (encoded === undefined) continue;
      const payload = JSON.parse(new TextDecoder().decode(Uint8Array.fromBase64(encoded)));
      this.#files.set(url, { map: new SourceMap(payload) });
      const sourceLines = source.split("\n");
      const codeLines = code.split("\n");
      for (const { url: ofFrame, functionName, line } of frames) {
        const name = functionName.split(".").at(-1)!.replace(/^(?:get|set) /, "");
        if (ofFrame !== url || name === "") continue;
        const isInSource = sourceLines[line]?.includes(name) ?? false;
        const isInCode = codeLines[line]?.includes(name) ?? false;
        if (isInSource && !isInCode) inSource++;
        if (isInCode && !isInSource) inCode++;
      }
    }
    this.#areFramesTranspiled = inCode > inSource;
  }

  /** Number of files whose lines are known. */
  get files(): number {
    return this.#files.size;
  }

  /** Return whether lines of a file are lines of its source. */
  knows(url: string): boolean {
    return this.#files.has(url);
  }

  /** Return the line of a function in its source, from 1; that of the script if the file is not known. */
  lineOfFrame({ url, line, column }: CpuFrame): number {
    return this.#areFramesTranspiled ? this.#map(url, line, column) ?? line + 1 : line + 1;
  }

  /** Return the line in the source, from 1, of a line of the JavaScript, from 1; `null` if it is not known. */
  lineOfTick(url: string, line: number): number | null {
    return this.#map(url, line - 1, 0);
  }

  #map(url: string, line: number, column: number): number | null {
    const file = this.#files.get(url);
    if (file === undefined) return null;
    // The first column of a line belongs to the statement before it, so look for the first position inside the line.
    for (const at of column === 0 ? [0, 2, 4, 6, 8, 12, 16, 20, 24] : [column]) {
      const entry = file.map.findEntry(line, at);
      if ("originalLine" in entry && entry.generatedLine === line) return entry.originalLine + 1;
    }
    return null;
  }
}
