import { type Agent, type IncomingHttpHeaders, request } from "node:http";

export interface HttpAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

export interface HttpQuestion {
  method?: string;
  headers?: Record<string, string>;
  body?: string | undefined;
  timeoutMs?: number;
  signal?: AbortSignal;
  agent?: Agent | undefined;
}

/** One question and its whole answer. Throws when there is none. */
export function call(url: string, question: HttpQuestion = {}): Promise<HttpAnswer> {
  const { method = "GET", headers = {}, body, timeoutMs = 10_000, signal, agent } = question;
  return new Promise((resolve, reject) => {
    const asked = request(url, {
      method,
      headers,
      ...(agent !== undefined && { agent }),
      ...(signal !== undefined && { signal }),
    });
    const late = setTimeout(() => asked.destroy(new Error("no answer came in time")), timeoutMs);
    const fail = (error: Error) => {
      clearTimeout(late);
      reject(error);
    };
    asked.once("error", fail);
    asked.once("response", (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (text += chunk));
      response.once("error", fail);
      response.once("close", () => {
        clearTimeout(late);
        // A cut in the middle of an answer is no answer.
        if (response.complete) resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
        else reject(new Error("the answer was cut off"));
      });
    });
    asked.end(body);
  });
}
