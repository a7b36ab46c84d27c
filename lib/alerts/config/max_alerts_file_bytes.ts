/** A person writes some hundred lines; a file of more bytes than this is no configuration. */
export const MAX_ALERTS_FILE_BYTES: number = 1 << 20;
