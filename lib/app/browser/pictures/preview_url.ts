/** Widths that the server has. */
export type PreviewWidth = 96 | 320 | 450 | "original";

/** The address of a preview. */
export function previewUrl(path: string, width: PreviewWidth): string {
  return `/previews/${path.split("/").map(encodeURIComponent).join("/")}?width=${width}`;
}
