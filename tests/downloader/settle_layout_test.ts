import { assertEquals, assertStringIncludes } from "@std/assert";
import { rememberLayout, settleLayout } from "../../lib/downloader/mod.ts";
import { withLibrary } from "../helpers/library/kept_library.ts";

const CLASSIC = { layout: "classic", template: null } as const;
const COMFYUI = { layout: "comfyui", template: null } as const;
const OWN = { layout: "classic", template: "{type}/{file}" } as const;

Deno.test("settleLayout() uses the requested or the classic layout for a new library", () =>
  withLibrary(({ catalog }) => {
    assertEquals(settleLayout(catalog, null), { ...CLASSIC, notice: null });
    assertEquals(settleLayout(catalog, OWN), { ...OWN, notice: null });
    return Promise.resolve();
  }));

Deno.test("settleLayout() keeps the layout of a library and explains the effect of another one", () =>
  withLibrary(({ catalog }) => {
    rememberLayout(catalog, COMFYUI);
    assertEquals(settleLayout(catalog, null), { ...COMFYUI, notice: null });
    assertEquals(settleLayout(catalog, COMFYUI), { ...COMFYUI, notice: null });
    const { notice, ...other } = settleLayout(catalog, OWN);
    assertEquals(other, OWN);
    assertStringIncludes(notice!, "uses --layout comfyui: existing files stay where they are");
    assertStringIncludes(notice!, 'new files go where --path-template "{type}/{file}" puts them');
    return Promise.resolve();
  }));

Deno.test("settleLayout() ignores a stored name that is not a layout", () =>
  withLibrary(({ catalog }) => {
    for (const note of ['{"layout":"constructor","template":null}', '{"layout":"comfyui","template":7}', "{}"]) {
      catalog.setNote("layout", note);
      assertEquals(settleLayout(catalog, null), { ...CLASSIC, notice: null });
    }
    return Promise.resolve();
  }));
