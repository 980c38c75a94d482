import { expect, test } from "vitest";
import { joinPages } from "../src/siblings/joint-metrics.ts";

const page = (value: number) =>
  [
    "# HELP a What a is",
    "# TYPE a counter",
    `a ${value}`,
    "",
    "# HELP b What b is",
    "# TYPE b histogram",
    `b_bucket{le="0.1"} ${value}`,
    `b_sum ${value}`,
    "",
    "# HELP c Who reads",
    "# TYPE c gauge",
    `c{gateway="g1",line="main"} ${value}`,
    `c{gateway="g2",line="main"} ${value}`,
    "",
  ].join("\n");

test("GWY5 pages of several gateways are joined by name, labelled, without a sample twice", () => {
  const pages: [string, string | undefined][] = [
    ["g1", page(1)],
    ["g2", page(2)],
    ["g3", undefined],
  ];
  expect(joinPages(pages).split("\n")).toEqual([
    "# HELP newsline_gateway_up 1 while this gateway of the shared port answers",
    "# TYPE newsline_gateway_up gauge",
    'newsline_gateway_up{gateway="g1"} 1',
    'newsline_gateway_up{gateway="g2"} 1',
    'newsline_gateway_up{gateway="g3"} 0',
    "# HELP a What a is",
    "# TYPE a counter",
    'a{gateway="g1"} 1',
    'a{gateway="g2"} 2',
    "# HELP b What b is",
    "# TYPE b histogram",
    'b_bucket{gateway="g1",le="0.1"} 1',
    'b_sum{gateway="g1"} 1',
    'b_bucket{gateway="g2",le="0.1"} 2',
    'b_sum{gateway="g2"} 2',
    "# HELP c Who reads",
    "# TYPE c gauge",
    // Each gateway knows best of itself.
    'c{gateway="g1",line="main"} 1',
    'c{gateway="g2",line="main"} 2',
    "",
  ]);
});
