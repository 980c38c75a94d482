import { type SourceProfileInput, sourceProfile } from "../../src/contract/profile.ts";
import type { WireDocument } from "../../workers/formats/format.ts";
import { createWorkload } from "../../workers/formats/limits.ts";
import { readDocument } from "../../workers/read.ts";

/** A source profile for tests: one line, UTC, all defaults. */
export function testProfile(changes: Partial<SourceProfileInput> = {}) {
  return sourceProfile.parse({ kind: "push", lines: ["main"], ...changes });
}

export function testDocument(text: string, changes: Partial<SourceProfileInput> = {}): WireDocument {
  return { text, profile: testProfile(changes), workload: createWorkload() };
}

interface ReadTestOptions {
  profile?: Partial<SourceProfileInput>;
  contentType?: string;
  address?: string;
}

export function read(text: string | Uint8Array, { profile, contentType, address }: ReadTestOptions = {}) {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  return readDocument(bytes, {
    profile: testProfile(profile),
    ...(contentType !== undefined && { contentType }),
    ...(address !== undefined && { address }),
  });
}
