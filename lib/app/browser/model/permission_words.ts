import type { ModelPage } from "../../api/shapes/model.ts";
import type { ModelMessages } from "../messages/model_en.ts";

/** What somebody may want to do with a model, and whether its licence allows it. */
export interface PermissionLine {
  readonly text: string;
  readonly isAllowed: boolean;
}

/** The licence in words; nothing about what is not known. */
export function permissionLines(
  { credit, commercial, derivatives, relicense }: ModelPage["permissions"],
  { permissions }: ModelMessages,
): readonly PermissionLine[] {
  const allows = (use: string): boolean | null => commercial === null ? null : commercial.includes(use);
  const lines = [
    { text: permissions.noCredit, isAllowed: credit === null ? null : !credit },
    { text: permissions.sellImages, isAllowed: allows("Image") },
    { text: permissions.runOnCivitai, isAllowed: allows("RentCivit") },
    { text: permissions.runElsewhere, isAllowed: allows("Rent") },
    { text: permissions.sell, isAllowed: allows("Sell") },
    { text: permissions.derivatives, isAllowed: derivatives },
    { text: permissions.relicense, isAllowed: relicense },
  ];
  return lines.flatMap(({ text, isAllowed }) => isAllowed === null ? [] : [{ text, isAllowed }]);
}
