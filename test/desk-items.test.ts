import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestGateway, type TestGateway } from "./support/gateway.ts";

let gate: TestGateway;
beforeAll(async () => {
  gate = await startTestGateway();
});
afterAll(() => gate.stop());

test("P1 a new item is answered with 201, stored and seen by this gateway", async () => {
  const answer = await gate.desk.post("/v1/items").send({ headline: "Harbour reopens after the storm" });
  expect(answer.status).toBe(201);
  expect(answer.body).toMatchObject({
    item: { revision: 1, headline: "Harbour reopens after the storm", lines: ["main"], pubStatus: "usable" },
    positions: { main: expect.stringMatching(/^[A-Za-z0-9]+:1$/) },
  });
  expect(answer.body.position).toBe(answer.body.positions.main);
});
