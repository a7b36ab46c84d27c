import { parseKind } from "./_failure_kind.ts";
import { asCount, asFields, asList } from "./fields.ts";
import { LAST_CALLS, SLICES, SlidingWindow } from "../breaker/sliding_window.ts";

/** @throws {SyntaxError} If a field is invalid; the message names the field */
export function parseWindow(value: unknown, name: string): SlidingWindow {
  const { slices, last, kinds, hardRun, hardAt, servedAt } = asFields(value, name);
  return SlidingWindow.from({
    slices: rows(slices, `${name}.slices`, SLICES, 4).map(([slice, calls, failures, slow]) => {
      if (failures! > calls! || slow! > calls!) throw new SyntaxError(`"${name}.slices" has more failures than calls`);
      return [slice!, calls!, failures!, slow!] as const;
    }),
    last: rows(last, `${name}.last`, LAST_CALLS, 2).map(([slice, end]) => {
      if (end! > 3) throw new SyntaxError(`"${name}.last" has an unknown end`);
      return [slice!, end!] as const;
    }),
    kinds: asList(kinds, `${name}.kinds`).map((value, index) => {
      const [place, kind] = asList(value, `${name}.kinds.${index}`);
      return [asCount(place, `${name}.kinds.${index}`), parseKind(kind, `${name}.kinds.${index}`)] as const;
    }),
    hardRun: asCount(hardRun, `${name}.hardRun`),
    hardAt: asCount(hardAt, `${name}.hardAt`, -1),
    servedAt: asCount(servedAt, `${name}.servedAt`, -1),
  });
}

function rows(value: unknown, name: string, most: number, width: number): readonly (readonly number[])[] {
  const list = asList(value, name);
  if (list.length > most) throw new SyntaxError(`"${name}" is longer than ${most}`);
  return list.map((entry, index) => {
    const row = asList(entry, `${name}.${index}`);
    if (row.length !== width) throw new SyntaxError(`"${name}.${index}" is no row of ${width}`);
    return row.map((number) => asCount(number, `${name}.${index}`));
  });
}
