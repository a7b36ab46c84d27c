import { assert, assertEquals } from "@std/assert";
import {
  cardByKey,
  GAP,
  type GridInput,
  gridOf,
  placeOf,
  positionToShow,
} from "../../../../lib/app/browser/library/grid_of.ts";

const INPUT: GridInput = { count: 1000, width: 1000, viewport: 800, position: 0, maxHeight: 4_000_000 };

Deno.test("gridOf() fits as many equal cards into a row as their least width allows", () => {
  for (const [width, columns] of [[290, 1], [328, 2], [366, 2], [800, 3], [1000, 4], [2400, 11]] as const) {
    const grid = gridOf({ ...INPUT, width });
    assertEquals(grid.columns, columns);
    const used = grid.columns * grid.cardWidth + (grid.columns - 1) * GAP;
    assert(used <= width && used > width - columns, `${used} of ${width}`);
  }
});

Deno.test("gridOf() draws what is visible and a row above and below", () => {
  const { rowHeight, columns } = gridOf(INPUT);
  const grid = gridOf({ ...INPUT, position: 10 * rowHeight });
  assertEquals(grid.first, 9 * columns);
  assertEquals(grid.end, (Math.ceil(10 + 800 / rowHeight) + 1) * columns);
  assertEquals(gridOf({ ...INPUT, position: 1e9 }).end, 1000);
  assertEquals(gridOf({ ...INPUT, count: 0 }).end, 0);
  assertEquals(gridOf({ ...INPUT, count: 0 }).height, 0);
});

Deno.test("gridOf() limits what is scrolled, and nothing else", () => {
  const grid = gridOf({ ...INPUT, count: 100_000, width: 290 });
  assertEquals(grid.height, 100_000 * grid.rowHeight);
  assertEquals(grid.scrollHeight, 4_000_000);
  assertEquals(gridOf(INPUT).scrollHeight, gridOf(INPUT).height);
});

Deno.test("gridOf() survives a box without a size", () => {
  const grid = gridOf({ ...INPUT, width: 0, viewport: 0 });
  assertEquals(grid.columns, 1);
  assertEquals(grid.cardWidth, 1);
});

Deno.test("placeOf() follows from the index", () => {
  const grid = gridOf(INPUT);
  assertEquals(placeOf(0, grid), { left: 0, top: 0 });
  assertEquals(placeOf(grid.columns + 1, grid), { left: grid.cardWidth + GAP, top: grid.rowHeight });
});

Deno.test("positionToShow() moves only as far as the card needs", () => {
  const grid = gridOf(INPUT);
  const below = grid.columns * 10;
  const { top } = placeOf(below, grid);
  assertEquals(positionToShow(0, 500, grid), 0);
  assertEquals(positionToShow(below, 0, grid), top + grid.rowHeight - 800);
  assertEquals(positionToShow(below, top - 10, grid), top - 10);
  // A row that is higher than the box begins at its upper edge.
  assertEquals(positionToShow(below, 0, { ...grid, viewport: 100 }), top);
});

Deno.test("cardByKey() moves by card, row and page, and stays in the grid", () => {
  const grid = gridOf(INPUT);
  const by = (key: string, index: number) => cardByKey(key, index, { count: 1000, grid });
  const { columns } = grid;
  const page = Math.floor(800 / grid.rowHeight) * columns;
  assertEquals(by("ArrowRight", 0), 1);
  assertEquals(by("ArrowLeft", 0), 0);
  assertEquals(by("ArrowDown", 1), 1 + columns);
  assertEquals(by("ArrowUp", 1), 1);
  assertEquals(by("PageDown", 3), 3 + page);
  assertEquals(by("Home", 700), 0);
  assertEquals(by("End", 3), 999);
  assertEquals(by("ArrowDown", 998), 999);
  assertEquals(by("Enter", 3), null);
  assertEquals(by("constructor", 3), null);
  assertEquals(cardByKey("End", 0, { count: 0, grid }), null);
});
