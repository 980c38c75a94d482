import type { z } from "zod";
import { delta } from "../contract/delta.ts";
import { dryRun } from "../contract/dry-run.ts";
import { deskItem, item, lineItem, revisionEntry } from "../contract/item.ts";
import { sourceProfile } from "../contract/profile.ts";
import {
  commandAnswer,
  deliveryStatus,
  explanation,
  itemChange,
  lineSettings,
  newItem,
} from "../contract/rest.ts";
import { diffRun, serviceStatus } from "../contract/screens.ts";
import { DELIVERIES } from "./operations/deliveries.ts";
import { HUBS } from "./operations/hubs.ts";
import { ITEMS } from "./operations/items.ts";
import type { Operation } from "./operations/operation.ts";
import { PROCESS } from "./operations/process.ts";
import { QUARANTINE } from "./operations/quarantine.ts";
import { READING } from "./operations/reading.ts";
import { SCREENS } from "./operations/screens.ts";
import { SETTINGS } from "./operations/settings.ts";
import { SOURCES } from "./operations/sources.ts";

/** All that is served, by subject. A test holds it against the routes of a gateway, both ways. */
export const OPERATIONS: readonly { title: string; operations: readonly Operation[] }[] = [
  { title: "Reading", operations: READING },
  { title: "Items", operations: ITEMS },
  { title: "Deliveries", operations: DELIVERIES },
  { title: "Quarantine", operations: QUARANTINE },
  { title: "Hubs", operations: HUBS },
  { title: "Sources", operations: SOURCES },
  { title: "Settings", operations: SETTINGS },
  { title: "Screens", operations: SCREENS },
  { title: "Process", operations: PROCESS },
];

/** What is named in the document, so that it is described once. */
export const NAMED: Record<string, z.ZodType> = {
  LineItem: lineItem,
  Item: item,
  DeskItem: deskItem,
  Delta: delta,
  NewItem: newItem,
  ItemChange: itemChange,
  CommandAnswer: commandAnswer,
  DeliveryStatus: deliveryStatus,
  Explanation: explanation,
  SourceProfile: sourceProfile,
  DryRun: dryRun,
  LineSettings: lineSettings,
  RevisionEntry: revisionEntry,
  DiffRun: diffRun,
  ServiceStatus: serviceStatus,
};
