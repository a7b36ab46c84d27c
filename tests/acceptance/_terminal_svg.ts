import { textWidth, truncateToWidth } from "../../lib/cli/mod.ts";

/** A command as it was typed, and what it printed. */
export interface RecordedCommand {
  /** The command line. */
  readonly command: string;
  /** Its output, with the colors of a terminal. */
  readonly output: string;
}

const COLUMNS = 96;
const FONT_SIZE = 14;
const CELL = 8.43;
const LINE_HEIGHT = 20;
const MARGIN = 18;
/** Height of the title bar. */
const BAR = 34;

/** Classes of the styles that the program uses, by the code of the terminal. */
const STYLES: Readonly<Record<string, string>> = { "1": "b", "2": "d", "31": "r", "32": "g", "33": "y", "36": "c" };

/**
 * Draw commands and their output as a terminal window.
 *
 * @param recorded The commands, in order
 * @param options `label` says in words what the picture shows
 * @returns An SVG document that needs no font file and adapts to a dark page
 */
export function terminalSvg(recorded: readonly RecordedCommand[], options: { readonly label: string }): string {
  const lines = recorded.flatMap(({ command, output }, index) => [
    ...index === 0 ? [] : [""],
    `\x1b[32m$\x1b[39m \x1b[1m${command}\x1b[22m`,
    ...output.trimEnd().split("\n"),
  ]);
  const width = Math.ceil(COLUMNS * CELL + 2 * MARGIN);
  const height = BAR + lines.length * LINE_HEIGHT + MARGIN;
  const rows = lines.map((line, index) => {
    const y = BAR + (index + 1) * LINE_HEIGHT - 4;
    return line === "" ? "" : `<text x="${MARGIN}" y="${y}" xml:space="preserve">${spansOf(line)}</text>`;
  });
  return [
    // The formatter would put the parts of a line on lines of their own, and a picture shows that white space.
    "<!-- deno-fmt-ignore-file -->",
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
    `role="img" aria-label="${escape(options.label)}">`,
    "<style>",
    `text{font:${FONT_SIZE}px ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace;fill:#d8dee6}`,
    ".w{fill:#14181f;stroke:#30363f}.o{fill:#4a525e}.b{font-weight:bold;fill:#fff}.d{fill:#8b95a1}",
    ".r{fill:#ff8080}.g{fill:#7ee08a}.y{fill:#f0c674}.c{fill:#7fd3e6}",
    "</style>",
    `<rect class="w" x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="9"/>`,
    ...[0, 1, 2].map((dot) => `<circle class="o" cx="${MARGIN + 4 + dot * 18}" cy="${BAR / 2}" r="5"/>`),
    ...rows.filter((row) => row !== ""),
    "</svg>",
    "",
  ].join("\n");
}

/** Convert a line to spans, one for each style. The line is cut to the width of the window. */
function spansOf(line: string): string {
  const spans: string[] = [];
  let style = "";
  let room = COLUMNS;
  // deno-lint-ignore no-control-regex -- codes begin with a control character
  for (const [index, piece] of line.split(/\x1b\[(\d+)m/).entries()) {
    if (index % 2 === 1) {
      style = STYLES[piece] ?? "";
      continue;
    }
    const shown = textWidth(piece) > room ? truncateToWidth(piece, room) : piece;
    room -= textWidth(shown);
    if (shown !== "") spans.push(style === "" ? escape(shown) : `<tspan class="${style}">${escape(shown)}</tspan>`);
  }
  return spans.join("");
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
