/** Options of {@linkcode promptSecret}. */
export interface PromptSecretOptions {
  /** Shown for each byte, `*` by default; an empty string shows nothing. */
  mask?: string;
  /** Whether to erase the line afterwards; false by default. */
  clear?: boolean;
}

const ERASE_ROW = "\r\x1b[K";
const ROW_ABOVE = "\r\x1b[1F";

/**
 * Prompt for a secret on the terminal without showing it.
 *
 * @param message The text of the prompt
 * @param options Masking, and whether to erase the line
 * @returns The secret, or `null` if standard input is not a terminal
 */
export function promptSecret(message = "Secret", options: PromptSecretOptions = {}): string | null {
  const { mask = "*", clear = false } = options;
  if (!Deno.stdin.isTerminal()) return null;
  const { columns } = Deno.consoleSize();
  const prompt = `${message} `;
  write(prompt);
  // Windows has no raw mode in which Ctrl-C still interrupts.
  Deno.stdin.setRaw(true, { cbreak: Deno.build.os !== "windows" });
  try {
    return readSecret((before, after) => {
      if (mask !== "") redraw(prompt + mask.repeat(before), prompt + mask.repeat(after), columns);
    });
  } finally {
    write(clear ? ERASE_ROW : "\n");
    Deno.stdin.setRaw(false);
  }
}

/** Read up to the end of the line, and call `onKey` for each key with the number of bytes before and after it. */
function readSecret(onKey: (before: number, after: number) => void): string {
  const bytes: number[] = [];
  const key = new Uint8Array(1);
  while (Deno.stdin.readSync(key) === 1) {
    const byte = key[0]!;
    if (byte === 0x0a || byte === 0x0d) break;
    const before = bytes.length;
    if (byte === 0x08 || byte === 0x7f) bytes.pop();
    else bytes.push(byte);
    onKey(before, bytes.length);
  }
  return new TextDecoder().decode(new Uint8Array(bytes));
}

/** Draw the last row of a line that may be longer than the terminal is wide; the rows above are drawn already. */
function redraw(before: string, after: string, columns: number): void {
  const rest = after.length % columns;
  const isShorter = after.length < before.length;
  // The first character of a row is drawn where the cursor is: at the end of the row above.
  if (isShorter || rest !== 1) write(ERASE_ROW);
  if (isShorter && rest === 0) write(ROW_ABOVE);
  write(after.slice(-(rest === 0 ? columns : rest)));
}

function write(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(text));
}
