/** The hosts of Civitai's API, to which the API key may be sent. */
export const API_HOSTS: readonly string[] = ["civitai.com", "civitai.red"];

/** The hosts that serve Civitai's images; `*.` stands for any subdomain. */
export const IMAGE_HOSTS: readonly string[] = [
  "image.civitai.com",
  "image-b2.civitai.com",
  "*.r2.cloudflarestorage.com",
  "*.backblazeb2.com",
];

/** The hosts on which Civitai stores model files; `*.` stands for any subdomain. */
export const STORAGE_HOSTS: readonly string[] = ["b2.civitai.com", "*.r2.cloudflarestorage.com", "*.backblazeb2.com"];

/** The hosts of files and images that have one name, in place of a pattern: a new library needs them first. */
export const NAMED_FILE_HOSTS: readonly string[] = [...new Set([...STORAGE_HOSTS, ...IMAGE_HOSTS])]
  .filter((host) => !host.startsWith("*."));
