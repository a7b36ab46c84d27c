/** The largest id that the API accepts; it responds to larger ones with 400. */
const MAX_ID = 2_147_483_647;

/** Parse an id; `null` if the text is not one. */
export function parseId(text: string | null | undefined): number | null {
  if (text === null || text === undefined || !/^\d{1,12}$/.test(text)) return null;
  const id = Number(text);
  return id >= 1 && id <= MAX_ID ? id : null;
}
