const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~";

/** Size of a decoded picture; it is stretched, and has no detail that more pixels would show. */
export const BLUR_WIDTH = 20;
/** See {@linkcode BLUR_WIDTH}. */
export const BLUR_HEIGHT = 25;

type Color = readonly [red: number, green: number, blue: number];

/**
 * Decode a BlurHash (github.com/woltapp/blurhash) to RGBA pixels.
 *
 * @returns `BLUR_WIDTH` × `BLUR_HEIGHT` pixels, or `null` if the text is no BlurHash
 */
export function decodeBlurhash(hash: string): Uint8ClampedArray<ArrayBuffer> | null {
  const size = numberOf(hash.slice(0, 1));
  const across = size % 9 + 1;
  const down = Math.floor(size / 9) + 1;
  if (Number.isNaN(size) || down > 9 || hash.length !== 4 + 2 * across * down) return null;
  const strength = (numberOf(hash.slice(1, 2)) + 1) / 166;
  const colors = [averageOf(numberOf(hash.slice(2, 6)))];
  for (let at = 6; at < hash.length; at += 2) colors.push(detailOf(numberOf(hash.slice(at, at + 2)), strength));
  if (Number.isNaN(strength) || colors.some((color) => color.some(Number.isNaN))) return null;
  return draw(colors, { across, down });
}

function draw(colors: readonly Color[], { across, down }: { across: number; down: number }) {
  const pixels = new Uint8ClampedArray(BLUR_WIDTH * BLUR_HEIGHT * 4);
  const columns = waves(BLUR_WIDTH, across);
  const rows = waves(BLUR_HEIGHT, down);
  let at = 0;
  for (const row of rows) {
    for (const column of columns) {
      const sum = [0, 0, 0];
      for (let j = 0; j < down; j++) {
        for (let i = 0; i < across; i++) {
          const weight = column[i]! * row[j]!;
          const color = colors[j * across + i]!;
          for (let channel = 0; channel < 3; channel++) sum[channel]! += color[channel]! * weight;
        }
      }
      for (const light of sum) pixels[at++] = toSrgb(light);
      pixels[at++] = 255;
    }
  }
  return pixels;
}

/** The cosines of each pixel of a side. */
function waves(length: number, count: number): number[][] {
  return Array.from(
    { length },
    (_, at) => Array.from({ length: count }, (_, wave) => Math.cos((Math.PI * at * wave) / length)),
  );
}

/** A number in base 83; `NaN` if a character is none of its digits. */
function numberOf(text: string): number {
  let value = text === "" ? NaN : 0;
  for (const character of text) {
    const digit = DIGITS.indexOf(character);
    value = digit === -1 ? NaN : value * 83 + digit;
  }
  return value;
}

function averageOf(value: number): Color {
  // Bit operations would turn a NaN into 0.
  if (Number.isNaN(value)) return [NaN, NaN, NaN];
  return [toLinear(value >> 16), toLinear((value >> 8) & 255), toLinear(value & 255)];
}

function detailOf(value: number, strength: number): Color {
  const part = (step: number): number => Math.sign(step - 9) * ((step - 9) / 9) ** 2 * strength;
  return [part(Math.floor(value / 361)), part(Math.floor(value / 19) % 19), part(value % 19)];
}

function toLinear(value: number): number {
  const share = value / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}

function toSrgb(light: number): number {
  const share = Math.min(1, Math.max(0, light));
  return 255 * (share <= 0.0031308 ? share * 12.92 : 1.055 * share ** (1 / 2.4) - 0.055);
}
