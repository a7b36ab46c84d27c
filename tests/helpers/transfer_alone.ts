import {
  type LineOptions,
  openLine,
  type SourceRequest,
  transferFile,
  type TransferOptions,
  type TransferRequest,
  type TransferResult,
} from "../../lib/transfer/mod.ts";

/** What a test chooses of a transfer besides its file. */
export type AloneOptions =
  & LineOptions
  & TransferOptions
  & Partial<Pick<TransferRequest, "maxBytes" | "segments">>
  & Partial<Pick<SourceRequest, "profile">>;

/** Fetch one file over a line of its own. */
export async function transferAlone(request: TransferRequest, options: AloneOptions): Promise<TransferResult> {
  const { profile = request.profile, maxBytes, segments } = options;
  using line = openLine(options);
  return await transferFile({ ...request, profile, maxBytes, segments }, line, options);
}
