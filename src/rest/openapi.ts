import { z } from "zod";
import { ERRORS } from "../contract/errors.ts";
import type { Answer, Operation } from "./operations/operation.ts";
import { NAMED, OPERATIONS } from "./operations.ts";

type Json = Record<string, unknown>;

const ERROR_BODY = {
  type: "object",
  required: ["error"],
  properties: {
    error: {
      type: "object",
      required: ["code", "message", "temporary"],
      properties: {
        code: { type: "string", enum: Object.keys(ERRORS) },
        message: { type: "string", description: "Tells what to change." },
        temporary: { type: "boolean", description: "Whether the same call may succeed later." },
        field: { type: "string" },
        retryAfterMs: { type: "number" },
        current: { description: "For stale_revision: the item as it is now." },
      },
    },
  },
};

/** The HTTP contract as OpenAPI 3.1, made from the schemas that the doors parse with. */
export function createOpenApi(version: string): Json {
  const names = new Map(Object.entries(NAMED).map(([name, schema]) => [schema, name]));
  const paths: Record<string, Json> = {};
  for (const { title, operations } of OPERATIONS) {
    for (const operation of operations) {
      const path = (paths[operation.path] ??= {});
      path[operation.method] = toOperation(operation, title, names);
    }
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "News Line",
      version,
      description:
        "One ordered list of items a line, and every change of it. Contracts may grow: ignore what you do not know.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/" }],
    tags: OPERATIONS.map(({ title }) => ({ name: title })),
    paths,
    components: {
      securitySchemes: { token: { type: "http", scheme: "bearer" } },
      schemas: {
        ...Object.fromEntries(Object.entries(NAMED).map(([name, schema]) => [name, toSchema(schema)])),
        Error: ERROR_BODY,
      },
    },
  };
}

function toOperation(operation: Operation, tag: string, names: Map<z.ZodType, string>): Json {
  const { summary, role, body, answers, errors = [] } = operation;
  const answered = Object.entries(answers).map(([status, answer]) => [status, toAnswer(answer, names)]);
  return {
    tags: [tag],
    summary,
    operationId: toOperationId(operation),
    ...(role !== undefined && {
      description: `Needs a token with the role ${role} or a higher one.`,
      security: [{ token: [] }],
    }),
    parameters: toParameters(operation),
    ...(body !== undefined && { requestBody: { required: true, content: toContent(body, names) } }),
    responses: {
      ...Object.fromEntries(answered),
      default: toErrorAnswer(role === undefined ? errors : ["unauthorized", "forbidden", ...errors]),
    },
  };
}

function toOperationId({ method, path }: Operation): string {
  const words = path.split(/[^A-Za-z0-9]+/).filter((word) => word !== "" && word !== "v1");
  return [method, ...words.map((word) => word.charAt(0).toUpperCase() + word.slice(1))].join("");
}

function toParameters({ path, query, headers = {} }: Operation): Json[] {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => {
    return { name, in: "path", required: true, schema: { type: "string" } };
  });
  const shape = query?.shape ?? {};
  const inQuery = Object.entries(shape).map(([name, schema]) => {
    return { name, in: "query", required: !isOptional(schema), schema: toSchema(schema) };
  });
  const inHeader = Object.entries(headers).map(([name, description]) => {
    return { name, in: "header", description, required: name === "If-Match", schema: { type: "string" } };
  });
  return [...inPath, ...inQuery, ...inHeader];
}

function isOptional(schema: unknown): boolean {
  return schema instanceof z.ZodType && schema.safeParse(undefined).success;
}

function toContent(body: z.ZodType | "bytes", names: Map<z.ZodType, string>): Json {
  if (body === "bytes") return { "*/*": { schema: {} } };
  return { "application/json": { schema: toReference(body, names) } };
}

function toAnswer({ says, schema, type }: Answer, names: Map<z.ZodType, string>): Json {
  if (schema !== undefined) {
    return { description: says, content: { "application/json": { schema: toReference(schema, names) } } };
  }
  return {
    description: says,
    ...(type !== undefined && { content: { [type]: { schema: { type: "string" } } } }),
  };
}

function toErrorAnswer(codes: string[]): Json {
  const told = codes.length === 0 ? "An error" : `An error, among them: ${codes.join(", ")}`;
  return {
    description: told,
    content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } },
  };
}

function toReference(schema: z.ZodType, names: Map<z.ZodType, string>): Json {
  const name = names.get(schema);
  return name === undefined ? toSchema(schema) : { $ref: `#/components/schemas/${name}` };
}

/** As a caller writes it: texts are folded and times brought to UTC only after that. */
function toSchema(schema: unknown): Json {
  if (!(schema instanceof z.ZodType)) return {};
  const { $schema: _dialect, ...json } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  return json;
}
