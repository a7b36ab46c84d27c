import { Contrib, Enums, Models, Serialize, Spec, Validation } from "@cyclonedx/cyclonedx-library";
import { PackageURL } from "packageurl-js";
import parseLicense from "spdx-expression-parse";
import { KitError } from "../../lib/base/mod.ts";
import { PACKAGE_SUMMARY } from "../../lib/release/mod.ts";

/** A package that is part of the program. */
export interface ProgramPart {
  readonly name: string;
  readonly version: string;
  /** License as its package.json states it. */
  readonly license: string | null;
  /** SHA-512 of its archive, in hexadecimal digits. */
  readonly sha512: string;
  /** The parts that it depends on, as `name@version`. */
  readonly dependencies: readonly string[];
  /** Whether the program itself imports it. */
  readonly isDirect: boolean;
}

/** What {@linkcode renderProgramBom} describes. */
export interface DescribedProgram {
  readonly version: string;
  /** SHA-256 of the bundle, in hexadecimal digits. */
  readonly sha256: string;
  /** The version of Deno that runs the program. */
  readonly deno: string;
  readonly parts: readonly ProgramPart[];
  readonly time: Date;
}

const FORM = Spec.Spec1dot6;
const REPOSITORY = "https://github.com/civitai-dl/civitai-dl";

/**
 * Describe the program and what is in it in the format CycloneDX 1.6.
 *
 * @param program The program
 * @returns The document as JSON
 */
export function renderProgramBom(program: DescribedProgram): string {
  const bom = new Models.Bom();
  const own = describe("civitai-dl", { ...program, license: "MIT", type: Enums.ComponentType.Application });
  own.description = PACKAGE_SUMMARY;
  own.hashes.set(Enums.HashAlgorithm["SHA-256"], program.sha256);
  own.externalReferences.add(new Models.ExternalReference(REPOSITORY, Enums.ExternalReferenceType.VCS));
  bom.metadata.component = own;
  bom.metadata.timestamp = program.time;
  bom.metadata.lifecycles.add(Enums.LifecyclePhase.Build);
  const deno = describe("deno", { version: program.deno, license: "MIT", type: Enums.ComponentType.Platform });
  bom.components.add(deno);
  own.dependencies.add(deno.bomRef);
  const parts = new Map<string, Models.Component>(program.parts.map((part) => {
    const component = describe(part.name, { ...part, type: Enums.ComponentType.Library });
    component.hashes.set(Enums.HashAlgorithm["SHA-512"], part.sha512);
    return [`${part.name}@${part.version}`, component] as const;
  }));
  for (const part of program.parts) {
    const component = parts.get(`${part.name}@${part.version}`)!;
    bom.components.add(component);
    if (part.isDirect) own.dependencies.add(component.bomRef);
    for (const dependency of part.dependencies) {
      const other = parts.get(dependency);
      if (other !== undefined) component.dependencies.add(other.bomRef);
    }
  }
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(FORM));
  return `${serializer.serialize(bom, { sortLists: true, space: 2 })}\n`;
}

interface Description {
  readonly version: string;
  readonly license: string | null;
  readonly type: Enums.ComponentType;
}

function describe(fullName: string, { version, license, type }: Description): Models.Component {
  const [name, group] = fullName.split("/").toReversed();
  const purl = new PackageURL("npm", group, name!, version).toString();
  const component = new Models.Component(type, name!, {
    ...group === undefined ? {} : { group },
    version,
    purl,
    bomRef: purl,
  });
  if (license !== null) {
    const factory = new Contrib.License.Factories.LicenseFactory(parseLicense);
    component.licenses.add(factory.makeFromString(license));
  }
  return component;
}

/**
 * Compare a document with the schema that CycloneDX publishes.
 *
 * @param document JSON of {@linkcode renderProgramBom}
 * @throws {KitError} `failed` with what the schema does not allow
 */
export async function requireValidBom(document: string): Promise<void> {
  const problems = await new Validation.JsonStrictValidator(FORM.version).validate(document);
  if (problems === null) return;
  throw new KitError("failed", "Cannot describe the program: the document is not valid CycloneDX", {
    hint: JSON.stringify(problems).slice(0, 500),
  });
}
