import { measureFile } from "./measure_file.ts";
import { type InstalledVersion, recordedFileOf } from "./installed_version.ts";

/** Whether the bundle or the executable of an installed version is there, and has the SHA-256 of its record. */
export async function isAsRecorded(folder: string, record: InstalledVersion): Promise<boolean> {
  return (await measureFile(recordedFileOf(folder, record)))?.sha256 === record.sha256;
}
