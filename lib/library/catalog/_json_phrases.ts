/**
 * Phrases of API responses and of what is stored beside them. A record is too short for the compression to learn them,
 * so each is stored as two characters: a control character, which JSON text cannot contain, and a letter. The order is
 * part of the format: append, never change or remove.
 */
const PHRASES: readonly string[] = [
  '","minor":false,"poi":false,"hasMeta":true,"hasPositivePrompt":true,"onSite":false,"remixOfId":null}',
  '","minor":false,"poi":false,"hasMeta":false,"hasPositivePrompt":false,"onSite":false,"remixOfId":null}',
  ',"pickleScanResult":"Success","pickleScanMessage":"No Pickle imports","virusScanResult":"Success","virusScanMessage":null,"scannedAt":"20',
  '"availability":"Public"',
  '"paidAccess":null,"files":[{"id":',
  '"earlyAccessUntil":null,"permanentlyPaid":false,"usageControl":"Download"',
  '"supportsGeneration":true,"stats":{"downloadCount":',
  '"supportsGeneration":false,"stats":{"downloadCount":',
  ',"baseModelType":null,"publishedAt":"20',
  '"downloadUrl":"https://civitai.com/api/download/models/',
  ',"thumbsDownCount":',
  ',"thumbsUpCount":',
  ',"commentCount":',
  ',"tippedAmountCount":',
  ',"collectedCount":',
  '"metadata":{"format":"SafeTensor","size":"pruned","fp":"fp16"}',
  '"metadata":{"format":"SafeTensor","size":"full","fp":"fp16"}',
  '"metadata":{"format":"',
  '"format":"SafeTensor"',
  '"overrideName":null,"type":"Model"',
  '"overrideName":null,"type":"',
  ',"hashes":{"',
  '"SHA256":"',
  '","BLAKE3":"',
  '","AutoV1":"',
  '","AutoV2":"',
  '","AutoV3":"',
  '","CRC32":"',
  ',"primary":true}',
  ',"primary":false}',
  ',"images":[',
  ',"nsfwLevel":',
  ',"width":',
  ',"height":',
  ',"hash":"',
  ',"type":"image',
  ',"type":"video',
  '"url":"https://image.civitai.com/xG1nkqKTMzGDvpLrqFT7WA/',
  "/original=true/",
  '.jpeg"',
  '.safetensors"',
  '{"id":',
  ',"modelId":',
  ',"name":"',
  ',"baseModel":"',
  ',"publishedAt":"20',
  '"description":null,"trainedWords":[',
  '"description":"',
  ',"trainedWords":[',
  ',"index":',
  ',"flags":',
  ',"sizeKB":',
  ',"size":"',
  ',"fp":"',
  '"minor":false,"poi":false,',
  '"sfwOnly":false',
  '"nsfw":false',
  '"nsfw":true',
  '"mode":null',
  '"allowNoCredit":true',
  '"allowNoCredit":false',
  '"allowCommercialUse":[',
  '"allowDerivatives":true,"allowDifferentLicense":true',
  '"allowDerivatives":',
  '"allowDifferentLicense":',
  '"baseModels":["',
  '"cosmetic":null',
  '"creator":{"username":"',
  ',"image":"https://image.civitai.com/xG1nkqKTMzGDvpLrqFT7WA/',
  ',"image":null}',
  '"tags":["',
  '"userId":',
  ',"updatedAt":"20',
  ',"createdAt":"20',
  ',"raw":{',
  ':null,"',
  ':true,"',
  ':false,"',
  "<p>",
  "</p>",
  "<strong>",
  "</strong>",
  '<a href=\\"https://',
  "https://civitai.com/models/",
  '{"type":"Model","format":"SafeTensor","linkedQuery":null}',
  '{"type":"',
  '","format":"',
  ',"linkedQuery":null}',
  "https://image.civitai.com/xG1nkqKTMzGDvpLrqFT7WA/",
  "/transcode=true,quality=100/",
];

/** Number of letters for each control character: the printable ASCII characters from `!` to `~`. */
const LETTERS = 94;
const CODES: ReadonlyMap<string, string> = new Map(PHRASES.map((phrase, index) => [phrase, codeOf(index)]));
const WORDS: ReadonlyMap<string, string> = new Map(PHRASES.map((phrase, index) => [codeOf(index), phrase]));
// Longest first, because the first alternative that matches wins.
const FIND = new RegExp(PHRASES.toSorted((a, b) => b.length - a.length).map(RegExp.escape).join("|"), "g");
// deno-lint-ignore no-control-regex
const FIND_CODE = /[\x01-\x08]./g;

/** Replace the phrases in JSON text with their codes. */
export function shortenPhrases(text: string): string {
  return text.replace(FIND, (phrase) => CODES.get(phrase)!);
}

/** Replace the codes with their phrases. */
export function spellPhrases(text: string): string {
  return text.replace(FIND_CODE, (code) => WORDS.get(code)!);
}

function codeOf(index: number): string {
  return String.fromCharCode(1 + Math.floor(index / LETTERS), 0x21 + index % LETTERS);
}
