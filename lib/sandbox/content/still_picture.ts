import { crc32, deflateSync } from "node:zlib";
import { joinBytes } from "../_join_bytes.ts";
import { rollUnit } from "../_roll.ts";
import type { CatalogImage } from "../catalog/catalog_model.ts";

/** Dimensions of an image whose own ones are unknown. */
const USUAL = { width: 832, height: 1216 };
/** Colors of the sky; those of the hills follow. */
const SKY_COLORS = 160;
const HILL_COLORS = 32;
const HILLS = 3;
/** The index of the sun's color. */
const SUN = 255;
const TURN = 1024;
const SINE = Float32Array.from({ length: TURN }, (_, step) => Math.sin(step * 2 * Math.PI / TURN));

/** Return the width of the still picture that the image host makes: the requested one, or that of a narrower image. */
export function stillWidth(image: CatalogImage, wanted: number): number {
  return Math.max(1, Math.min(wanted, image.width ?? USUAL.width));
}

/**
 * Draw an image at a width, as the image host resizes it: hills under a colored sky, a picture of its own for each id.
 *
 * @param image The image, or the video of which it is a still
 * @param wanted The requested width in pixels
 * @returns A PNG with the image's proportions, the same bytes every time
 */
export function stillPicture(image: CatalogImage, wanted: number): Uint8Array {
  const width = stillWidth(image, wanted);
  const height = Math.max(1, Math.round(width * (image.height ?? USUAL.height) / (image.width ?? USUAL.width)));
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  // 8 bits for a pixel, which is an index of the palette.
  header.set([8, 3], 8);
  return joinBytes([
    new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", header),
    chunk("PLTE", palette(image.id)),
    chunk("IDAT", deflateSync(pixels({ width, height }, image.id), { level: 4 })),
    chunk("IEND", new Uint8Array(0)),
  ]);
}

/** Draw the rows of the picture: in front of each, the number of its filter, which is none. */
function pixels(size: Size, id: number): Uint8Array {
  const { width, height } = size;
  const rows = new Uint8Array((width + 1) * height);
  drawSky(rows, size, id);
  drawSun(rows, size, id);
  for (let hill = 0; hill < HILLS; hill++) drawHill(rows, size, { id, hill });
  return rows;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

function drawSky(rows: Uint8Array, { width, height }: Size, id: number): void {
  const phase = rollUnit(0, "phase", id) * TURN;
  const waves = 0.5 + rollUnit(0, "waves", id);
  const columns = Int32Array.from({ length: width }, (_, x) => x / width * waves * TURN);
  for (let y = 0; y < height; y++) {
    const start = y * (width + 1) + 1;
    const base = 20 + y * (SKY_COLORS - 44) / height;
    const turn = Math.floor(phase + y / height * TURN);
    for (let x = 0; x < width; x++) rows[start + x] = base + SINE[turn + columns[x]! & TURN - 1]! * 20;
  }
}

function drawSun(rows: Uint8Array, { width, height }: Size, id: number): void {
  const centerX = (0.2 + 0.6 * rollUnit(0, "sun x", id)) * width;
  const centerY = (0.12 + 0.3 * rollUnit(0, "sun y", id)) * height;
  const radius = 0.07 * width;
  for (let y = Math.ceil(centerY - radius); y <= centerY + radius; y++) {
    const half = Math.sqrt(radius * radius - (y - centerY) * (y - centerY));
    const start = y * (width + 1) + 1;
    if (y >= 0) rows.fill(SUN, start + Math.ceil(centerX - half), start + Math.floor(centerX + half) + 1);
  }
}

function drawHill(
  rows: Uint8Array,
  { width, height }: Size,
  { id, hill }: { readonly id: number; readonly hill: number },
): void {
  const at = rollUnit(0, "hill", id, hill) * TURN;
  const turns = 0.6 + 1.4 * rollUnit(0, "turns", id, hill);
  const level = 0.58 + 0.14 * hill;
  const first = SKY_COLORS + hill * HILL_COLORS;
  for (let x = 0; x < width; x++) {
    const slow = SINE[at + x / width * turns * TURN & TURN - 1]!;
    const quick = SINE[at * 3 + x / width * turns * 3.7 * TURN & TURN - 1]!;
    const top = Math.max(0, Math.floor(height * (level + slow * 0.06 + quick * 0.015)));
    for (let y = top; y < height; y++) {
      const shade = (y - top) * HILL_COLORS * 2 / height;
      rows[y * (width + 1) + 1 + x] = first + Math.min(HILL_COLORS - 2, shade);
    }
  }
}

/** Return 256 colors: the sky from top to bottom, three hills, and the sun. */
function palette(id: number): Uint8Array {
  const hue = rollUnit(0, "hue", id) * 360;
  const drift = 40 + rollUnit(0, "drift", id) * 80;
  const sky = Array.from({ length: SKY_COLORS }, (_, index) => {
    const part = index / SKY_COLORS;
    return rgb(hue + drift * part, 0.45 + 0.25 * part, 0.28 + 0.5 * part);
  });
  const hills = Array.from({ length: HILLS * HILL_COLORS }, (_, index) => {
    const hill = Math.floor(index / HILL_COLORS);
    const part = index % HILL_COLORS / HILL_COLORS;
    return rgb(hue + drift + 150, 0.3, 0.42 - 0.12 * hill - 0.1 * part);
  });
  hills[hills.length - 1] = rgb(hue + drift, 0.9, 0.92);
  return Uint8Array.from([...sky, ...hills].flat());
}

/** Convert a hue in degrees, a saturation and a lightness to three bytes. */
function rgb(hue: number, saturation: number, lightness: number): readonly [number, number, number] {
  const reach = saturation * Math.min(lightness, 1 - lightness);
  const channel = (offset: number): number => {
    const place = (offset + hue / 30) % 12;
    return Math.round(255 * (lightness - reach * Math.max(-1, Math.min(place - 3, 9 - place, 1))));
  };
  return [channel(0), channel(8), channel(4)];
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const named = joinBytes([new TextEncoder().encode(type), data]);
  const frame = new Uint8Array(named.length + 8);
  const view = new DataView(frame.buffer);
  view.setUint32(0, data.length);
  frame.set(named, 4);
  view.setUint32(named.length + 4, crc32(named));
  return frame;
}
