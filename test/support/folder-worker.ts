import { pino } from "pino";
import { createLane } from "../../src/queue/queues.ts";
import { connectRedis } from "../../src/redis/connect.ts";
import { openEdition } from "../../src/store/edition.ts";
import { createFolderDrop } from "../../workers/sources/folder.ts";

/** A worker process to kill: takes files until it is ended. Arguments: Redis socket, edition, wire folder. */
const [path = "", name = "", wireDir = ""] = process.argv.slice(2);
const target = { kind: "socket", path } as const;
const redis = connectRedis(target, "patient");
const edition = await openEdition(redis, name);
const ingestLane = createLane(target, name, "ingest", "patient");
createFolderDrop({ edition, ingestLane, wireDir, log: pino({ level: "silent" }) }).start();
