import { join } from "node:path";
import type { Queue } from "bullmq";
import { NewsLineError } from "../../src/contract/errors.ts";
import type { Logger } from "../../src/log.ts";
import { acceptDelivery } from "../../src/store/deliveries.ts";
import type { Edition } from "../../src/store/keys.ts";
import { noteSourceHealth } from "../../src/store/sources.ts";
import { Lease } from "../lease.ts";
import { createLoop } from "../loop.ts";
import {
  type Claim,
  claim,
  listClaims,
  makeWorkFolders,
  moveToDone,
  moveToRefused,
  readClaim,
} from "./folder-claim.ts";
import { type Dropped, isFileFault, isGone, Settling, scanFolder } from "./folder-scan.ts";
import { sweepDone } from "./folder-sweep.ts";
import { watchProfiles } from "./profile-watch.ts";

export interface FolderDropOptions {
  edition: Edition;
  /** Takes what was dropped. */
  ingestLane: Queue;
  /** Absolute; one sub-folder a source. */
  wireDir: string;
  log: Logger;
  /** How long a file must not have changed; tests have less time. */
  settledMs?: number;
}

const SETTLED_MS = 1_000;

/**
 * By looking again and again: what happens on a network share is told to nobody. A file is noticed once it has not
 * changed for a second, so looking more often would gain little.
 */
const SCAN_MS = 250;
const SWEEP_MS = 3_600_000;
/** Renewed before each file, none of which takes so long. After a worker's death nobody takes anything until then. */
const TURN_MS = 10_000;
/** Then the other sources have their turn. */
const MOST_FILES_AT_ONCE = 500;

/** Takes the files that sources of kind `folder` find put into their folders: see docs/sources.md. */
export function createFolderDrop(options: FolderDropOptions): { start(): void; close(): Promise<void> } {
  const { edition, wireDir, log } = options;
  const changedProfiles = watchProfiles(edition);
  const folders = new Map<string, SourceFolder>();
  let isClosing = false;

  const followProfiles = async () => {
    const profiles = await changedProfiles();
    if (profiles === undefined) return;
    const wanted = [...profiles].filter(([, { kind, paused }]) => kind === "folder" && paused !== true);
    const names = new Set(wanted.map(([source]) => source));
    for (const source of folders.keys()) if (!names.has(source)) folders.delete(source);
    for (const source of names) {
      if (!folders.has(source)) folders.set(source, new SourceFolder(source, options, () => isClosing));
    }
  };
  const loop = createLoop(
    "wire folder",
    async () => {
      await followProfiles();
      for (const folder of folders.values()) if (!isClosing) await folder.look();
      return SCAN_MS;
    },
    log,
  );
  return {
    start() {
      log.debug({ wireDir }, "watching the wire folder");
      loop.start();
    },
    async close() {
      isClosing = true;
      await loop.close();
    },
  };
}

/** One source's folder. Every worker looks into it; one at a time takes from it, so that files keep their order. */
class SourceFolder {
  readonly #source: string;
  readonly #dir: string;
  readonly #options: FolderDropOptions;
  readonly #isClosing: () => boolean;
  readonly #turn: Lease;
  readonly #settling: Settling;
  #fault: string | undefined;
  #sweepAtMs = 0;

  constructor(source: string, options: FolderDropOptions, isClosing: () => boolean) {
    this.#source = source;
    this.#dir = join(options.wireDir, source);
    this.#options = options;
    this.#isClosing = isClosing;
    this.#settling = new Settling(options.settledMs ?? SETTLED_MS);
    this.#turn = new Lease(options.edition, `folder:${source}`, TURN_MS);
  }

  /** A fault of one folder is told once, and keeps nobody from the others. */
  async look(): Promise<void> {
    try {
      const { files, claims } = await this.#list();
      const settled = this.#settling.settled(files, performance.now());
      if (settled.length + claims.length > 0) await this.#takeInTurn(settled);
      await this.#sweep();
      this.#fault = undefined;
    } catch (error) {
      const fault = error instanceof Error ? error.message : String(error);
      const { log } = this.#options;
      if (fault !== this.#fault)
        log.warn({ err: error, source: this.#source }, "a wire folder cannot be read");
      this.#fault = fault;
    }
  }

  /** Makes the folder when it is not there, or not any more. */
  async #list(): Promise<{ files: Dropped[]; claims: Claim[] }> {
    try {
      return { files: await scanFolder(Buffer.from(this.#dir)), claims: await listClaims(this.#dir) };
    } catch (error) {
      if (!isGone(error)) throw error;
      await makeWorkFolders(this.#dir);
      return { files: [], claims: [] };
    }
  }

  async #takeInTurn(files: readonly Dropped[]): Promise<void> {
    if (!(await this.#turn.hold())) return;
    try {
      await makeWorkFolders(this.#dir);
      // Only who has the turn claims: whatever is claimed already was left by a worker that died.
      const left = await listClaims(this.#dir);
      const takes = [
        ...left.map((one) => () => this.#goOn(one)),
        ...files.slice(0, MOST_FILES_AT_ONCE).map((file) => () => this.#claimAndGoOn(file)),
      ];
      await this.#takeAll(takes);
    } finally {
      await this.#turn.letGo();
    }
  }

  /** A file that cannot be moved keeps nobody from those behind it; its fault is told at the end. */
  async #takeAll(takes: readonly (() => Promise<boolean>)[]): Promise<void> {
    const faults: unknown[] = [];
    for (const take of takes) {
      try {
        if (!(await take())) break;
      } catch (error) {
        if (!isFileFault(error)) throw error;
        faults.push(error);
      }
    }
    if (faults.length > 0) throw faults[0];
  }

  async #claimAndGoOn(file: Dropped): Promise<boolean> {
    const taken = await claim(this.#dir, file);
    return taken === undefined || (await this.#goOn(taken));
  }

  /** False when there is to be no next file now. */
  async #goOn(file: Claim): Promise<boolean> {
    if (this.#isClosing() || !(await this.#turn.hold())) return false;
    const { edition, log } = this.#options;
    const source = this.#source;
    try {
      const bytes = await readClaim(file);
      if (bytes === undefined) return true;
      const delivery = await this.#accept(file, bytes);
      await moveToDone(this.#dir, file);
      log.debug({ source, delivery }, "a file was taken");
      return true;
    } catch (error) {
      if (!(error instanceof NewsLineError)) throw error;
      // Too many are waiting: it stays where it is until there is room.
      if (error.code === "backlog") return false;
      await moveToRefused(this.#dir, file, error.message);
      await noteSourceHealth(edition, source, { failures: 1 });
      log.warn({ source, code: error.code }, "a file was refused");
      return true;
    }
  }

  async #accept(file: Claim, bytes: Buffer): Promise<string> {
    const { edition, ingestLane } = this.#options;
    const { id } = await acceptDelivery(edition, ingestLane, {
      source: this.#source,
      bytes,
      filename: file.name,
      once: `file ${file.id}`,
    });
    return id;
  }

  async #sweep(): Promise<void> {
    const nowMs = Date.now();
    if (nowMs < this.#sweepAtMs) return;
    this.#sweepAtMs = nowMs + SWEEP_MS;
    const count = await sweepDone(this.#dir, nowMs);
    if (count > 0)
      this.#options.log.info({ source: this.#source, count }, "old files were removed from done");
  }
}
