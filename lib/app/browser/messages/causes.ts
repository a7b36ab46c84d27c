/** Why something is not available, in English: the same words in each view. */
export const causesEnglish: Readonly<Record<string, string>> = {
  "early-access": "Early access",
  paid: "Paid",
  login: "Needs a login",
  forbidden: "Not available: not allowed",
  archived: "Not available: archived",
  removed: "Not available: removed",
  disabled: "Not available: disabled by the creator",
  region: "Not available: not in this region",
  flagged: "Not available: flagged as dangerous",
  forgotten: "Forgotten",
};

/** Why something is not available, in Japanese. */
export const causesJapanese: Readonly<Record<string, string>> = {
  "early-access": "アーリーアクセス",
  paid: "有料",
  login: "ログインが必要",
  forbidden: "取得不可（アクセス権なし）",
  archived: "取得不可（アーカイブ済み）",
  removed: "取得不可（削除済み）",
  disabled: "取得不可（クリエイターが無効化）",
  region: "取得不可（地域制限）",
  flagged: "取得不可（危険と判定）",
  forgotten: "登録解除済み",
};
