/**
 * A library on disk: paths and names of files, the sidecars next to them, the SQLite catalog of planned and present
 * items, and checks that a file is what its name promises. Makes no network requests.
 *
 * @module
 */
export { a1111Json } from "./sidecars/a1111_json.ts";
export type { ResponseStore, StoredResponse } from "./catalog/response_store.ts";
export { Catalog, type OpenCatalogOptions } from "./catalog/catalog.ts";
export type {
  CatalogItem,
  DoneFacts,
  FileRecord,
  ItemFacts,
  ItemFilter,
  ItemKind,
  ItemSet,
  ItemState,
  ItemTotals,
  MarkFacts,
  NamedFilter,
  NamedItem,
  PlannedItem,
  StoredItem,
  Total,
  Usage,
  UsageGroup,
} from "./catalog/catalog_item.ts";
export type {
  CatalogRun,
  CatalogRunFacts,
  ListingFacts,
  ListingRecord,
  ModelFacts,
  ModelMark,
  ModelRecord,
  PublishedVersion,
  SiblingVersion,
  VersionFacts,
  VersionRecord,
} from "./catalog/catalog_records.ts";
export { applyChange, type ChangeOptions, finishChanges, undoChange } from "./changes/apply_change.ts";
export { ChangeLog, type ChangeRecord, type ChangeState, type SkippedFile } from "./changes/change_log.ts";
export {
  type ChangeOperation,
  type ChangePlan,
  type MarkOperation,
  type MoveOperation,
  type RowOperation,
  trashPath,
} from "./changes/change_plan.ts";
export { emptyTrash, type EmptyTrashOptions, hasTrash, keptUntil } from "./changes/empty_trash.ts";
export { Forgotten, type ForgottenMark, type PlannedThing, readForgotten } from "./changes/forgotten.ts";
export type { ChangedLibrary, ChangeProgress } from "./changes/changed_library.ts";
export { restoreMarks } from "./changes/restore_marks.ts";
export { civitaiInfo, INFO_FACTS } from "./sidecars/civitai_info.ts";
export { staysAsPlanned } from "./catalog/tables/item_table.ts";
export { CATALOG_VERSION } from "./catalog/catalog_version.ts";
export { type DescribedImage, describedImages } from "./sidecars/described_images.ts";
export { Database, type DatabaseOptions, type Row } from "./database.ts";
export { descriptionMarkdown, prepareDescriptions } from "./sidecars/description_markdown.ts";
export { disambiguate } from "./naming/disambiguate.ts";
export {
  type ContentDigests,
  type FileReading,
  type FileToRead,
  type FolderEntries,
  type FolderListing,
  groupFiles,
  ReaderThreads,
  type ReaderThreadsOptions,
  type ReadInThreadOptions,
  type RecordedFile,
} from "./content/reader_threads.ts";
export { findBadBlocks, type FindBadBlocksOptions } from "./content/find_bad_blocks.ts";
export {
  describeGone,
  type ExpectedLibrary,
  findGone,
  findGoneLibrary,
  goneError,
  type GoneLibrary,
  sayFound,
  sayGone,
} from "./identity/gone_library.ts";
export { parseRichText, type RichElement, type RichTag, type RichText } from "./html/rich_text.ts";
export { ensureIdentity, identityPath, type LibraryIdentity, readIdentity } from "./identity/library_identity.ts";
export { KnownLibraries, type KnownLibrariesOptions, type KnownLibrary } from "./identity/known_libraries.ts";
export { LibraryPresence } from "./identity/library_presence.ts";
export {
  alertsStatePath,
  catalogFile,
  libraryLockPath,
  monitorLockPath,
  queueLockPath,
  STATE_FOLDER,
  stateFolder,
} from "./identity/state_folder.ts";
export { foldPath } from "./naming/fold_path.ts";
export { galleryPath, type GalleryPathOptions, type GalleryPlace } from "./naming/gallery_path.ts";
export { type ExtraHash, type FileHashes, hashFile, type HashFileOptions } from "./content/hash_file.ts";
export { imagePath, type ImagePlace, parseImageFolder, planImageFolder } from "./naming/image_path.ts";
export { type ImageFacts, imagesMetadata } from "./sidecars/images_metadata.ts";
export { inspectFile, type InspectFileOptions, type Inspection } from "./content/inspect_file.ts";
export { inspectPicture } from "./content/inspect_picture.ts";
export { inspectPictureBytes, isPictureFormat, type PictureFormat } from "./pictures/inspect_picture_bytes.ts";
export type { JsonObject } from "./json_object.ts";
export { type Layout, type LayoutName, LAYOUTS } from "./naming/layouts.ts";
export { type ActualHashes, matchesHashes } from "./content/matches_hashes.ts";
export {
  mergeSidecar,
  type SidecarKnowledge,
  type SidecarMemory,
  type SidecarMerge,
} from "./sidecars/merge_sidecar.ts";
export { mergeText } from "./sidecars/merge_text.ts";
export { METADATA_FACTS, type MetadataFile, metadataJson } from "./sidecars/metadata_json.ts";
export type { NamingFacts } from "./naming/naming_facts.ts";
export { copyCatalog } from "./catalog/copy_catalog.ts";
export { openCatalog } from "./catalog/open_catalog.ts";
export type {
  ExceptedIds,
  ListedEntry,
  ListQueueOptions,
  Queue,
  QueueCounts,
  QueueEnd,
  QueueEntry,
  QueueFailure,
  QueueKind,
  QueueLimits,
  QueueRequest,
  QueueState,
} from "./catalog/queue_entry.ts";
export { readCatalogVersion } from "./catalog/read_catalog_version.ts";
export { parseTemplate, type PathTemplate, type TemplatePart } from "./naming/parse_template.ts";
export type { ScanLimits } from "./pickles/scan_limits.ts";
export { mayHoldPickles, type PickleScan, scanPickleFile, type ScanPicklesOptions } from "./pickles/scan_pickles.ts";
export { planPath, type PlanPathOptions } from "./naming/plan_path.ts";
export { previewPath } from "./naming/preview_path.ts";
export { CORRUPTED_FOLDER, setAsideCorrupt, type SetAsideCorruptOptions } from "./set_aside_corrupt.ts";
export type {
  ActiveDownload,
  ActiveHost,
  ActiveLimit,
  ActiveRecord,
  ActiveRun,
  ActiveSilence,
  ActiveSpeed,
} from "./runs/active_record.ts";
export { beginRun, type BeginRunOptions, type OpenRun } from "./runs/begin_run.ts";
export { DECLINED, judgeRuns, type RunsVerdict } from "./runs/judge_runs.ts";
export { readRuns, type ReadRunsOptions } from "./runs/read_runs.ts";
export type { KeyState, RunEnd, RunPause, RunRecord, RunStart, RunState } from "./runs/run_record.ts";
export { stopRun, type StopRunOptions } from "./runs/stop_run.ts";
export { isInnerPath, resolveInside, type ResolveInsideOptions } from "./resolve_inside.ts";
export { cleanName } from "./naming/safe_name.ts";
export { indexSidecars, scanLibrary, type ScannedFile } from "./scan/scan_library.ts";
export { hasModelEnding, type ScannedKind, scannedKindOf } from "./scan/scanned_kind.ts";
export type { SidecarFacts } from "./sidecars/sidecar_facts.ts";
export { type SidecarEntry, SidecarIndex, type SoughtFile } from "./scan/sidecar_index.ts";
export { sidecarPath } from "./naming/sidecar_path.ts";
export type { FileFormat } from "./content/sniff_format.ts";
export { isMediaFormat, MEDIA_FORMATS, type MediaFormat, sniffImage } from "./pictures/sniff_image.ts";
export { type NameParts, splitName } from "./naming/split_name.ts";
export { TEMPLATE_FIELDS, type TemplateField } from "./naming/template_values.ts";
export { TimeSlices, type TimeSlicesOptions } from "./scan/time_slices.ts";
export { joinPath, type WalkedFolder, walkFiles, walkFolders, type WalkFoldersOptions } from "./scan/walk_files.ts";
export { planSidecar, writeSidecar, type WriteSidecarOptions } from "./sidecars/write_sidecar.ts";
