// Textwell's HTTP API for JavaScript: one file, nothing else needed (browsers, Node 20, Deno, Bun).
// Its list of operations is written from the OpenAPI document; `make fix` writes this file.
//
//   import { Client, calls } from "./textwell.mjs";
//   const client = new Client("https://sms.example.com", "tw_…");
//   const taken = await client.do(calls.messages_send_message({ to: "+84901234567", body: "Hi." }));
//   for await (const person of client.items(calls.contacts_list_people({ tag: "bread" }))) { … }
//
// A key of the API is a secret: it belongs on a server, never in a page.

const PREFIX = "urn:textwell:problem:";
const PASSING = new Set([429, 502, 503, 504]);

/** The API said no. `kind` is stable, for programs; `title` and `detail` are for people. */
export class ApiError extends Error {
  constructor(status, problem, retryAfterS) {
    super(`${status} ${problem.title ?? ""} ${problem.detail ?? ""}`.trim());
    this.name = "ApiError";
    this.status = status;
    this.kind = String(problem.type ?? "").replace(PREFIX, "");
    this.title = problem.title ?? "";
    this.detail = problem.detail ?? "";
    this.errors = problem.errors ?? [];
    this.problem = problem;
    this.retryAfterS = retryAfterS;
  }
}

/** Nothing was answered, after every try. It may have been done: ask with the same call. */
export class NoAnswer extends Error {
  constructor(message, cause) {
    super(message, { cause });
    this.name = "NoAnswer";
  }
}

/** A webhook that is forged, stale or not whole: answer it with 400 and do nothing. */
export class WebhookRefused extends Error {
  constructor(message) {
    super(message);
    this.name = "WebhookRefused";
  }
}

/** Calls the API. `wait` and `fetch` can be given for tests. */
export class Client {
  constructor(url, apiKey, options = {}) {
    this.url = url.replace(/\/+$/, "");
    this.apiKey = apiKey;
    this.tries = options.tries ?? 5;
    this.firstS = options.firstS ?? 0.5;
    this.longestS = options.longestS ?? 30;
    this.timeoutS = options.timeoutS ?? 30;
    this.fetch = options.fetch ?? ((...given) => globalThis.fetch(...given));
    this.wait = options.wait ?? ((seconds) => new Promise((done) => setTimeout(done, seconds * 1000)));
  }

  /** The answer to a call, after as many tries as it takes and is allowed. */
  async do(call) {
    for (let tried = 1; ; tried += 1) {
      const { answer, cause } = await this.#try(call);
      const waitS = this.#waitS(answer, tried);
      if (waitS !== null) {
        await answer?.body?.cancel();
        await this.wait(waitS);
      } else if (answer === null) {
        throw new NoAnswer(`${call.method} ${call.path}: ${cause}`, cause);
      } else {
        return readAnswer(answer);
      }
    }
  }

  /** All items of a list, from every page. */
  async *items(call) {
    let asked = call;
    for (;;) {
      const page = await this.do(asked);
      yield* page.items;
      if (page.next === null) return;
      asked = { ...asked, query: { ...asked.query, after: page.next } };
    }
  }

  async #try(call) {
    try {
      const signal = AbortSignal.timeout(this.timeoutS * 1000);
      const given = { ...requestOf(call), redirect: "manual", signal };
      given.headers.Authorization = `Bearer ${this.apiKey}`;
      return { answer: await this.fetch(this.url + targetOf(call), given), cause: null };
    } catch (cause) {
      return { answer: null, cause };
    }
  }

  #waitS(answer, tried) {
    if (tried >= this.tries || (answer !== null && !isPassing(answer))) return null;
    const asked = (answer && retryAfterS(answer)) || 0;
    if (asked > this.longestS) return null;
    const spread = Math.min(this.firstS * 2 ** (tried - 1), this.longestS);
    return Math.min(asked + Math.random() * spread, this.longestS);
  }
}

/** The path of a call with its query. */
export function targetOf(call) {
  const given = Object.entries(call.query).filter(([, value]) => value !== null && value !== undefined);
  const query = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return query ? `${call.path}?${query}` : call.path;
}

function requestOf(call) {
  const headers = { Accept: "application/json" };
  if (call.key) headers["Idempotency-Key"] = call.key;
  if (call.upload) {
    const form = new FormData();
    for (const [name, value] of Object.entries(call.upload.fields ?? {})) form.append(name, value);
    form.append("file", new Blob([call.upload.content]), call.upload.name);
    return { method: call.method, headers, body: form };
  }
  if (call.body === null || call.body === undefined) return { method: call.method, headers };
  headers["Content-Type"] = "application/json";
  return { method: call.method, headers, body: JSON.stringify(call.body) };
}

function retryAfterS(answer) {
  const told = answer.headers.get("retry-after") ?? "";
  return /^[0-9]+$/.test(told) ? Number(told) : null;
}

function isPassing(answer) {
  return answer.status === 409 ? retryAfterS(answer) !== null : PASSING.has(answer.status);
}

async function readAnswer(answer) {
  if (answer.status >= 300 || answer.status === 0) {
    const text = await answer.text();
    let problem = null;
    try {
      problem = JSON.parse(text);
    } catch {
      // whatever stands before the API may answer with something else
    }
    if (problem === null || typeof problem !== "object") problem = { title: text.slice(0, 200) };
    throw new ApiError(answer.status, problem, retryAfterS(answer));
  }
  if (answer.status === 204) return null;
  const kind = (answer.headers.get("content-type") ?? "").split(";")[0].trim();
  return kind === "application/json" ? answer.json() : new Uint8Array(await answer.arrayBuffer());
}

/**
 * The event that a webhook tells. `secret` is the endpoint's, whsec_…; `headers` are a plain object with
 * names in lower case, or Headers; `body` is the text as it came. The same event may come twice: keep
 * `webhook-id` and do each once.
 */
export async function verifyWebhook(secret, headers, body, nowS = Date.now() / 1000) {
  const read = (name) => (headers.get ? headers.get(name) : headers[name]) ?? "";
  const [id, at] = [read("webhook-id"), read("webhook-timestamp")];
  if (!id || !/^[0-9]{1,12}$/.test(at)) {
    throw new WebhookRefused("webhook-id or webhook-timestamp is missing");
  }
  const octets = Uint8Array.from(atob(secret.replace(/^whsec_/, "")), (each) => each.charCodeAt(0));
  const hmac = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", octets, hmac, false, ["verify"]);
  const signed = new TextEncoder().encode(`${id}.${at}.${body}`);
  for (const told of read("webhook-signature").split(" ")) {
    const given = octetsOf(told);
    if (given && (await crypto.subtle.verify("HMAC", key, given, signed))) {
      if (Math.abs(nowS - Number(at)) > 300) {
        throw new WebhookRefused("its time is more than five minutes from our clock");
      }
      return JSON.parse(body);
    }
  }
  throw new WebhookRefused("the signature is not of this secret");
}

function octetsOf(signature) {
  if (!signature.startsWith("v1,")) return null;
  try {
    return Uint8Array.from(atob(signature.slice(3)), (each) => each.charCodeAt(0));
  } catch {
    return null;
  }
}

/** A POST has an idempotency key from the start: done again, the same call is done once. */
function call(method, path, { query = {}, body = null, upload = null } = {}) {
  const key = method === "POST" ? crypto.randomUUID() : "";
  return { method, path, query, body, upload, key };
}

const part = (value) => encodeURIComponent(String(value));
