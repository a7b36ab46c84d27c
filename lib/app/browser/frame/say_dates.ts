/** Write the dates of a text by the program as a person reads them. */
export function sayDates(text: string, day: (iso: string) => string): string {
  return text.replace(/\b\d{4}-\d\d-\d\dT[\d:.]+Z/g, (iso) => day(iso));
}
