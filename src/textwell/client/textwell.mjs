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

/** Every operation of the API, by its name there. */
export const calls = {
  /**
   * GET /api/v1/campaigns/{campaign_id}/approval, scope campaigns:read. The latest word on it;
   * 404 before it was handed in.
   */
  approvals_approval: (campaignId) =>
    call("GET", `/api/v1/campaigns/${part(campaignId)}/approval`),

  /**
   * POST /api/v1/campaigns/{campaign_id}/approve, scope campaigns:approve. Approve exactly the
   * content that was handed in, or return it with a reason. 403 for a key whose maker worked
   * on it, 409 when its content is another one by now.
   */
  approvals_approve: (campaignId, body) =>
    call("POST", `/api/v1/campaigns/${part(campaignId)}/approve`, { body }),

  /**
   * POST /api/v1/campaigns/{campaign_id}/submit, scope campaigns:write. Hand it in for the
   * approval of a second person. Twice is once.
   */
  approvals_submit: (campaignId) =>
    call("POST", `/api/v1/campaigns/${part(campaignId)}/submit`),

  /**
   * GET /api/v1/audit, scope audit:read. Who changed what and why, newest first. Numbers are
   * masked, also for contacts:numbers. Whether the log is as it was written is told by its
   * page, and by `textwell audit verify`. Query: after, limit, actor, action, subject, since,
   * until.
   */
  audit_list_all: (query = {}) =>
    call("GET", "/api/v1/audit", { query }),

  /**
   * POST /api/v1/campaigns/{campaign_id}/cancel, scope campaigns:write. Withdraw everything
   * that was not handed off. It cannot be taken back.
   */
  campaigns_cancel: (campaignId, body = null) =>
    call("POST", `/api/v1/campaigns/${part(campaignId)}/cancel`, { body }),

  /**
   * GET /api/v1/campaigns/{campaign_id}/check, scope campaigns:read. May it be launched? Every
   * reason against it, with what mends it.
   */
  campaigns_check: (campaignId) =>
    call("GET", `/api/v1/campaigns/${part(campaignId)}/check`),

  /**
   * GET /api/v1/campaigns/{campaign_id}/count, scope campaigns:read. Segments and cost from a
   * bounded sample of the people who would get it, and what forces UCS-2. Much cheaper than
   * the forecast: made to be asked while one writes.
   */
  campaigns_count: (campaignId) =>
    call("GET", `/api/v1/campaigns/${part(campaignId)}/count`),

  /** POST /api/v1/campaigns, scope campaigns:write. Make a draft. */
  campaigns_create: (body) =>
    call("POST", "/api/v1/campaigns", { body }),

  /**
   * GET /api/v1/campaigns/{campaign_id}/equation, scope campaigns:read. The send equation now:
   * every person of the audience stands in exactly one term.
   */
  campaigns_equation: (campaignId) =>
    call("GET", `/api/v1/campaigns/${part(campaignId)}/equation`),

  /**
   * GET /api/v1/campaigns/{campaign_id}/forecast, scope campaigns:read. What launching would
   * do: people, those left out and why, segments, cost, duration.
   */
  campaigns_forecast: (campaignId) =>
    call("GET", `/api/v1/campaigns/${part(campaignId)}/forecast`),

  /** GET /api/v1/campaigns/{campaign_id}, scope campaigns:read. One campaign. */
  campaigns_get: (campaignId) =>
    call("GET", `/api/v1/campaigns/${part(campaignId)}`),

  /**
   * POST /api/v1/campaigns/{campaign_id}/launch, scope campaigns:write. Launch it, now or at a
   * time. 409 if it is launched already, 422 if it is not ready.
   */
  campaigns_launch: (campaignId, body = null) =>
    call("POST", `/api/v1/campaigns/${part(campaignId)}/launch`, { body }),

  /**
   * GET /api/v1/campaigns, scope campaigns:read. Campaigns, newest first. `waiting` is those
   * that wait for a person. `approval`: handed in, and nobody has decided yet; of these
   * `decision`: what the key's maker may decide, `others`: what they have a hand in. `paused`,
   * and `unknown`: the answer to some of its texts was lost. Query: after, limit, state,
   * search, waiting.
   */
  campaigns_list_all: (query = {}) =>
    call("GET", "/api/v1/campaigns", { query }),

  /**
   * POST /api/v1/campaigns/{campaign_id}/pause, scope campaigns:write. Hand nothing more off
   * after the window that is under way. Pausing twice is once.
   */
  campaigns_pause: (campaignId) =>
    call("POST", `/api/v1/campaigns/${part(campaignId)}/pause`),

  /**
   * POST /api/v1/campaigns/{campaign_id}/preview, scope campaigns:read. The exact text for one
   * person, its octets and cost, what the gate says and when it may go.
   */
  campaigns_preview: (campaignId, body) =>
    call("POST", `/api/v1/campaigns/${part(campaignId)}/preview`, { body }),

  /**
   * POST /api/v1/campaigns/{campaign_id}/reschedule, scope campaigns:write. Give a scheduled
   * campaign another time. 409 once it has begun, 422 if it would not be ready.
   */
  campaigns_reschedule: (campaignId, body) =>
    call("POST", `/api/v1/campaigns/${part(campaignId)}/reschedule`, { body }),

  /**
   * POST /api/v1/campaigns/{campaign_id}/resume, scope campaigns:write. Go on where it was
   * paused.
   */
  campaigns_resume: (campaignId) =>
    call("POST", `/api/v1/campaigns/${part(campaignId)}/resume`),

  /**
   * POST /api/v1/campaigns/{campaign_id}/test, scope campaigns:write. Send its text now to one
   * contact, or to each person of a test list (25 at most). The gate judges each like every
   * message; who may not be texted is named with the reason. 422 if nobody gets it, or the
   * list is not marked for tests. No figure of the campaign counts a test.
   */
  campaigns_test: (campaignId, body) =>
    call("POST", `/api/v1/campaigns/${part(campaignId)}/test`, { body }),

  /**
   * POST /api/v1/campaigns/{campaign_id}/unschedule, scope campaigns:write. Make a scheduled
   * campaign a draft again. 409 once it has begun.
   */
  campaigns_unschedule: (campaignId) =>
    call("POST", `/api/v1/campaigns/${part(campaignId)}/unschedule`),

  /**
   * PATCH /api/v1/campaigns/{campaign_id}, scope campaigns:write. Change a draft: only the
   * fields given. 409 once it is launched.
   */
  campaigns_update: (campaignId, body) =>
    call("PATCH", `/api/v1/campaigns/${part(campaignId)}`, { body }),

  /**
   * POST /api/v1/contacts/sample, scope contacts:write. Add people who do not exist, tagged
   * `sample`, to try things on; the count is of those added. The gate lets them through to
   * simulated gateways alone (reason `sample_person`). Twice is once.
   */
  contacts_add_sample_people: () =>
    call("POST", "/api/v1/contacts/sample"),

  /**
   * GET /api/v1/contacts/{contact_id}/consent, scope contacts:read. What holds now, and every
   * event that it follows from, latest first.
   */
  contacts_get_consent: (contactId) =>
    call("GET", `/api/v1/contacts/${part(contactId)}/consent`),

  /**
   * GET /api/v1/contacts/{contact_id}/consent/proof, scope contacts:read. Proof of what was on
   * record at a moment for one scope: a signed line, 404 where nothing was. It holds no number
   * and no wording, only hashes. `textwell consent check` and the public keys of the workspace
   * check it with no database. Query: at, channel, purpose, topic, brand, sender.
   */
  contacts_get_consent_proof: (contactId, query = {}) =>
    call("GET", `/api/v1/contacts/${part(contactId)}/consent/proof`, { query }),

  /**
   * GET /api/v1/contacts/{contact_id}/explanation, scope reports:read. Why this person did or
   * did not get a campaign, in a code and in plain words. Query: campaign_id.
   */
  contacts_get_explanation: (contactId, query = {}) =>
    call("GET", `/api/v1/contacts/${part(contactId)}/explanation`, { query }),

  /** GET /api/v1/fields, scope contacts:read. The workspace's own fields of people. */
  contacts_get_fields: () =>
    call("GET", "/api/v1/fields"),

  /**
   * GET /api/v1/contacts/{contact_id}/consent/at, scope contacts:read. What was on record at a
   * moment: for each scope whether it was granted, and the event that said so. What was given
   * before but recorded later was not known then, and does not count. Query: at.
   */
  contacts_get_past_consent: (contactId, query = {}) =>
    call("GET", `/api/v1/contacts/${part(contactId)}/consent/at`, { query }),

  /**
   * GET /api/v1/contacts/{contact_id}, scope contacts:read. One person, with the time zones
   * that may be theirs.
   */
  contacts_get_person: (contactId) =>
    call("GET", `/api/v1/contacts/${part(contactId)}`),

  /**
   * GET /api/v1/contacts, scope contacts:read. People by rising id. `search` is the beginning
   * of a number or of a name. Query: after, limit, search, list_id, tag.
   */
  contacts_list_people: (query = {}) =>
    call("GET", "/api/v1/contacts", { query }),

  /**
   * POST /api/v1/fields, scope contacts:write. Define a field. The same definition twice is
   * once; another kind is a conflict.
   */
  contacts_make_field: (body) =>
    call("POST", "/api/v1/fields", { body }),

  /**
   * POST /api/v1/contacts/{contact_id}/opt-in, scope contacts:write. Record a person's yes,
   * with evidence. It lifts a suppression that came from an opt-out.
   */
  contacts_opt_in: (contactId, body) =>
    call("POST", `/api/v1/contacts/${part(contactId)}/opt-in`, { body }),

  /**
   * POST /api/v1/contacts/{contact_id}/opt-out, scope contacts:write. Record a person's no.
   * Nothing is handed off to the person any more, queued texts included. With a topic or a
   * brand it is a no to that alone.
   */
  contacts_opt_out: (contactId, body) =>
    call("POST", `/api/v1/contacts/${part(contactId)}/opt-out`, { body }),

  /**
   * PUT /api/v1/contacts/{contact_id}/pause, scope contacts:write. No marketing goes to the
   * person until then, queued texts included; then it does again by itself. What falls within
   * is skipped with the reason `person_paused`. Their consent stays. Codes and care go on.
   */
  contacts_pause: (contactId, body) =>
    call("PUT", `/api/v1/contacts/${part(contactId)}/pause`, { body }),

  /**
   * PUT /api/v1/contacts/{contact_id}/channels, scope contacts:write. By which way the person
   * wants to hear from you: `sms`, `email`, `either` (by one of them) or `both`. It is no
   * consent. Who chose `email` gets no marketing by SMS (`email_only`), queued texts included.
   * The latest `given_at` counts, and all are kept.
   */
  contacts_put_channels: (contactId, body) =>
    call("PUT", `/api/v1/contacts/${part(contactId)}/channels`, { body }),

  /**
   * DELETE /api/v1/contacts/sample, scope contacts:write. Take all sample people away; their
   * texts and replies stay. Twice is once.
   */
  contacts_remove_sample_people: () =>
    call("DELETE", "/api/v1/contacts/sample"),

  /**
   * DELETE /api/v1/contacts/{contact_id}/pause, scope contacts:write. End the pause now. Twice
   * is once; what was skipped stays so.
   */
  contacts_unpause: (contactId) =>
    call("DELETE", `/api/v1/contacts/${part(contactId)}/pause`),

  /**
   * POST /api/v1/contacts/bulk, scope contacts:write. Up to 10,000 people at once. Rows that
   * cannot be used are reported, the others are stored.
   */
  contacts_upsert_people: (body) =>
    call("POST", "/api/v1/contacts/bulk", { body }),

  /**
   * POST /api/v1/contacts, scope contacts:write. Make the person with this number, or change
   * what is given. This grants no consent.
   */
  contacts_upsert_person: (body) =>
    call("POST", "/api/v1/contacts", { body }),

  /**
   * GET /api/v1/contacts/ending-consents/counts, scope contacts:read. The same people by
   * country, and by the month in which the first consent of theirs ends. Query: state,
   * within_days, country, month.
   */
  ending_count: (query = {}) =>
    call("GET", "/api/v1/contacts/ending-consents/counts", { query }),

  /**
   * GET /api/v1/contacts/ending-consents, scope contacts:read. People whose consent to
   * marketing by SMS ends within so many days, or has ended. A campaign reaches the former by
   * the filter `consent_ends_in`, and may ask them for a new yes. To the others none may be
   * sent. Not here: whom no text may reach for another reason. A new yes takes a person off.
   * Query: after, limit, state, within_days, country, month.
   */
  ending_list_all: (query = {}) =>
    call("GET", "/api/v1/contacts/ending-consents", { query }),

  /**
   * POST /api/v1/contacts/{contact_id}/erasure, scope contacts:erase. Forget a person, for
   * good and at once: 404 from then on. Counts of reports stay. A keyed hash of the number is
   * kept, so that a file which brings it back does not text them.
   */
  erasures_erase: (contactId, body) =>
    call("POST", `/api/v1/contacts/${part(contactId)}/erasure`, { body }),

  /**
   * POST /api/v1/contacts/erasures, scope contacts:erase. Forget many people, by a job. The
   * answer's `id` tells how far it is.
   */
  erasures_erase_all: (body) =>
    call("POST", "/api/v1/contacts/erasures", { body }),

  /**
   * GET /api/v1/contacts/erasures/{erasure_id}, scope contacts:erase. How far it is, and until
   * when it is due.
   */
  erasures_get: (erasureId) =>
    call("GET", `/api/v1/contacts/erasures/${part(erasureId)}`),

  /**
   * GET /api/v1/contacts/erasures, scope contacts:erase. The newest hundred, the last one
   * first.
   */
  erasures_list_all: () =>
    call("GET", "/api/v1/contacts/erasures"),

  /**
   * POST /api/v1/events, scope events:write. Tell what people did: up to 500 events at once.
   * 202 means that all of them are stored on disk. After a 503 send the same again: an event
   * is known by its `id` and counts once.
   */
  events_take_events: (body) =>
    call("POST", "/api/v1/events", { body }),

  /**
   * DELETE /api/v1/contacts/filters/{filter_id}, scope contacts:write. Delete it. The people
   * whom it finds stay.
   */
  filters_delete: (filterId) =>
    call("DELETE", `/api/v1/contacts/filters/${part(filterId)}`),

  /**
   * GET /api/v1/contacts/filters, scope contacts:read. All saved filters by name. GET
   * /v1/contacts takes what they hold.
   */
  filters_list_all: () =>
    call("GET", "/api/v1/contacts/filters"),

  /** PATCH /api/v1/contacts/filters/{filter_id}, scope contacts:write. Give it another name. */
  filters_rename: (filterId, body) =>
    call("PATCH", `/api/v1/contacts/filters/${part(filterId)}`, { body }),

  /**
   * POST /api/v1/contacts/filters, scope contacts:write. Keep a filter; it takes the place of
   * one of the same name.
   */
  filters_save: (body) =>
    call("POST", "/api/v1/contacts/filters", { body }),

  /**
   * PATCH /api/v1/gateways/{gateway_id}/senders/{sender_id}, scope gateways:manage. Allow or
   * forbid a sender, or give it a rate of its own.
   */
  gateways_change_sender: (gatewayId, senderId, body) =>
    call("PATCH", `/api/v1/gateways/${part(gatewayId)}/senders/${part(senderId)}`, { body }),

  /**
   * POST /api/v1/gateways, scope gateways:manage. A new gateway, active at once: a connector
   * takes it up within seconds. Then give it a sender.
   */
  gateways_create: (body) =>
    call("POST", "/api/v1/gateways", { body }),

  /**
   * GET /api/v1/gateways/{gateway_id}, scope gateways:read. One gateway with its settings;
   * secrets are not shown.
   */
  gateways_get: (gatewayId) =>
    call("GET", `/api/v1/gateways/${part(gatewayId)}`),

  /**
   * POST /api/v1/gateways/{gateway_id}/senders, scope gateways:manage. Allow a sender, for one
   * country or all. 409 if the gateway has it already.
   */
  gateways_give_sender: (gatewayId, body) =>
    call("POST", `/api/v1/gateways/${part(gatewayId)}/senders`, { body }),

  /**
   * GET /api/v1/gateways, scope gateways:read. The gateways of the workspace; `retired=true`:
   * those alone that are retired. Settings and secrets are not shown. Query: after, limit,
   * retired.
   */
  gateways_list_all: (query = {}) =>
    call("GET", "/api/v1/gateways", { query }),

  /**
   * GET /api/v1/gateways/kinds, scope gateways:read. The kinds of gateways and the settings of
   * each: which are required, which are optional. In a sandbox only those that reach no real
   * carrier.
   */
  gateways_list_kinds: () =>
    call("GET", "/api/v1/gateways/kinds"),

  /**
   * POST /api/v1/gateways/{gateway_id}/pause, scope gateways:manage. Finish what is in flight
   * and unbind; messages wait. Twice is once.
   */
  gateways_pause: (gatewayId) =>
    call("POST", `/api/v1/gateways/${part(gatewayId)}/pause`),

  /**
   * DELETE /api/v1/gateways/{gateway_id}, scope gateways:manage. Take a paused gateway away:
   * deleted if it never carried anything, else retired; the answer says which. A retired one
   * stands in no list unless it is asked for and is never bound again; reports keep its
   * figures, and late receipts and replies by webhook are taken. 409 while it is active, or
   * while campaigns or texts wait for it.
   */
  gateways_remove: (gatewayId) =>
    call("DELETE", `/api/v1/gateways/${part(gatewayId)}`),

  /**
   * POST /api/v1/gateways/{gateway_id}/restore, scope gateways:manage. Bring a retired gateway
   * back, paused. Twice is once.
   */
  gateways_restore: (gatewayId) =>
    call("POST", `/api/v1/gateways/${part(gatewayId)}/restore`),

  /**
   * POST /api/v1/gateways/{gateway_id}/resume, scope gateways:manage. Active again. Twice is
   * once.
   */
  gateways_resume: (gatewayId) =>
    call("POST", `/api/v1/gateways/${part(gatewayId)}/resume`),

  /**
   * PATCH /api/v1/gateways/{gateway_id}, scope gateways:manage. Change what is given. One that
   * its carrier refused becomes active again.
   */
  gateways_update: (gatewayId, body) =>
    call("PATCH", `/api/v1/gateways/${part(gatewayId)}`, { body }),

  /**
   * POST /api/v1/workspace/link-domain/check, scope workspace:manage. Look now whether its
   * links would arrive here: name, certificate, server. Takes some seconds.
   */
  hosts_check: () =>
    call("POST", "/api/v1/workspace/link-domain/check"),

  /**
   * DELETE /api/v1/workspace/link-domain, scope workspace:manage. New links begin with the
   * installation's domain again; links that were sent go on working.
   */
  hosts_delete: () =>
    call("DELETE", "/api/v1/workspace/link-domain"),

  /**
   * GET /api/v1/workspace/link-domain, scope campaigns:read. The link domain and what its last
   * check found; 404 where links begin with the installation's.
   */
  hosts_get: () =>
    call("GET", "/api/v1/workspace/link-domain"),

  /**
   * PUT /api/v1/workspace/link-domain, scope workspace:manage. Set it. New links begin with it
   * once a check was good; links of the one before go on working.
   */
  hosts_put: (body) =>
    call("PUT", "/api/v1/workspace/link-domain", { body }),

  /** PATCH /api/v1/workspace/link-domain, scope workspace:manage. Change the one that there is. */
  hosts_update: (body) =>
    call("PATCH", "/api/v1/workspace/link-domain", { body }),

  /**
   * POST /api/v1/imports/{import_id}/apply, scope contacts:write. Store the people as the dry
   * run said. 409 before a dry run.
   */
  imports_apply: (importId) =>
    call("POST", `/api/v1/imports/${part(importId)}/apply`),

  /**
   * POST /api/v1/imports/{import_id}/dry-run, scope contacts:write. Judge every row and count.
   * Nothing is stored of its people.
   */
  imports_dry_run: (importId) =>
    call("POST", `/api/v1/imports/${part(importId)}/dry-run`),

  /**
   * GET /api/v1/imports/{import_id}, scope contacts:read. One import with its latest step; ask
   * again until the step is over.
   */
  imports_get: (importId) =>
    call("GET", `/api/v1/imports/${part(importId)}`),

  /**
   * GET /api/v1/imports/{import_id}/rejected.csv, scope contacts:read. The rows that were left
   * out, with line and reason, to mend and import again. Numbers are masked; with the scope
   * contacts:numbers and an `export_reason`, which the audit log keeps, they are full. Query:
   * export_reason.
   */
  imports_get_rejected: (importId, query = {}) =>
    call("GET", `/api/v1/imports/${part(importId)}/rejected.csv`, { query }),

  /**
   * GET /api/v1/imports/{import_id}/no-consent.csv, scope contacts:read. The people who come
   * in without the consent that their row claims, with line and reason. Numbers are masked or
   * full as in `rejected.csv`. Query: export_reason.
   */
  imports_get_without_consent: (importId, query = {}) =>
    call("GET", `/api/v1/imports/${part(importId)}/no-consent.csv`, { query }),

  /**
   * GET /api/v1/imports, scope contacts:read. Imports with their latest steps, newest first.
   * Query: after, limit.
   */
  imports_list_all: (query = {}) =>
    call("GET", "/api/v1/imports", { query }),

  /**
   * POST /api/v1/imports/paste, scope contacts:write. People as lines of text, with their dry
   * run begun. Nothing is stored of them before `apply`.
   */
  imports_paste: (body) =>
    call("POST", "/api/v1/imports/paste", { body }),

  /**
   * POST /api/v1/imports/{import_id}/resume, scope contacts:write. Let a stopped or failed
   * step go on. 409 if there is none.
   */
  imports_resume: (importId) =>
    call("POST", `/api/v1/imports/${part(importId)}/resume`),

  /**
   * POST /api/v1/imports/{import_id}/stop, scope contacts:write. Ask the present step to stop
   * at its next chunk. Twice is once.
   */
  imports_stop: (importId) =>
    call("POST", `/api/v1/imports/${part(importId)}/stop`),

  /**
   * POST /api/v1/imports/{import_id}/undo, scope contacts:write. Take back what it stored, but
   * for people who changed or were texted since.
   */
  imports_undo: (importId) =>
    call("POST", `/api/v1/imports/${part(importId)}/undo`),

  /**
   * PATCH /api/v1/imports/{import_id}, scope contacts:write. Correct the mapping, and say what
   * is true of the whole file. 409 once it is applied.
   */
  imports_update: (importId, body) =>
    call("PATCH", `/api/v1/imports/${part(importId)}`, { body }),

  /**
   * POST /api/v1/imports, scope contacts:write. Keep a CSV file and guess what its columns
   * mean. Nothing is stored of its people yet.
   */
  imports_upload: (upload) =>
    call("POST", "/api/v1/imports", { upload }),

  /**
   * POST /api/v1/inbox/threads/{thread_id}/answers, scope inbox:write. Send one text to the
   * person, by the sender that they wrote to where it still serves. 409 if somebody answered,
   * noted or wrote after `seen`; `detail` says who and what. 422 if the person opted out, or
   * nothing can carry the text. Nothing is sent then. The same answer with the same `seen` is
   * sent once, also without an Idempotency-Key.
   */
  inbox_answer: (threadId, body) =>
    call("POST", `/api/v1/inbox/threads/${part(threadId)}/answers`, { body }),

  /**
   * PUT /api/v1/inbox/threads/{thread_id}/assignee, scope inbox:write. Give it to a colleague
   * who may answer, or to nobody. Twice is once.
   */
  inbox_assign: (threadId, body) =>
    call("PUT", `/api/v1/inbox/threads/${part(threadId)}/assignee`, { body }),

  /**
   * POST /api/v1/inbox/threads/{thread_id}/close, scope inbox:write. Nothing is left to do. A
   * new text of the person opens it again. Twice is once. 409 if somebody answered, noted or
   * wrote after `seen`; `detail` says who and what.
   */
  inbox_close: (threadId, body) =>
    call("POST", `/api/v1/inbox/threads/${part(threadId)}/close`, { body }),

  /**
   * POST /api/v1/inbox/canned-answers, scope inbox:write. Keep an answer. Every field that it
   * shows needs a fallback, as in a campaign.
   */
  inbox_create_answer: (body) =>
    call("POST", "/api/v1/inbox/canned-answers", { body }),

  /**
   * DELETE /api/v1/inbox/canned-answers/{canned_id}, scope inbox:write. Delete it. What was
   * sent stays.
   */
  inbox_delete_answer: (cannedId) =>
    call("DELETE", `/api/v1/inbox/canned-answers/${part(cannedId)}`),

  /**
   * GET /api/v1/inbox/threads/{thread_id}, scope inbox:read. One thread with its latest texts,
   * notes and changes of hands, or those before a time. Reading it does not mark it as read.
   * Query: before.
   */
  inbox_get: (threadId, query = {}) =>
    call("GET", `/api/v1/inbox/threads/${part(threadId)}`, { query }),

  /** GET /api/v1/inbox/canned-answers/{canned_id}, scope inbox:read. One canned answer. */
  inbox_get_answer: (cannedId) =>
    call("GET", `/api/v1/inbox/canned-answers/${part(cannedId)}`),

  /**
   * GET /api/v1/inbox/threads/{thread_id}/canned-answers/{canned_id}, scope inbox:read. A
   * canned answer as the person of this thread would read it. Nothing is sent.
   */
  inbox_get_canned_text: (threadId, cannedId) =>
    call("GET", `/api/v1/inbox/threads/${part(threadId)}/canned-answers/${part(cannedId)}`),

  /**
   * GET /api/v1/inbox/threads, scope inbox:read. Threads: who waits longest first, then the
   * latest answered. All that is given must hold. Query: after, limit, is_open, assignee_id,
   * contact_id, is_unassigned, is_waiting, is_overdue, search.
   */
  inbox_list_all: (query = {}) =>
    call("GET", "/api/v1/inbox/threads", { query }),

  /**
   * GET /api/v1/inbox/canned-answers, scope inbox:read. All canned answers, by name; 500 at
   * most.
   */
  inbox_list_answers: () =>
    call("GET", "/api/v1/inbox/canned-answers"),

  /**
   * POST /api/v1/inbox/threads/{thread_id}/notes, scope inbox:write. Write something for
   * colleagues. It is never sent.
   */
  inbox_note: (threadId, body) =>
    call("POST", `/api/v1/inbox/threads/${part(threadId)}/notes`, { body }),

  /**
   * POST /api/v1/inbox/threads/{thread_id}/read, scope inbox:write. Say that somebody has
   * looked at all up to `seen`. Twice is once. 409 if somebody answered, noted or wrote after
   * it; `detail` says who and what.
   */
  inbox_read: (threadId, body) =>
    call("POST", `/api/v1/inbox/threads/${part(threadId)}/read`, { body }),

  /**
   * POST /api/v1/inbox/threads/{thread_id}/reopen, scope inbox:write. Take it up again; nobody
   * waits in it until the person writes. Twice is once.
   */
  inbox_reopen: (threadId) =>
    call("POST", `/api/v1/inbox/threads/${part(threadId)}/reopen`),

  /**
   * POST /api/v1/inbox/threads, scope inbox:write. The thread of whoever wrote a text. A
   * stranger becomes a contact, without any consent. It needs the scope `contacts:write` too.
   * Twice is once. 409 if all that the person wrote was handled by itself, such as STOP.
   */
  inbox_take: (body) =>
    call("POST", "/api/v1/inbox/threads", { body }),

  /**
   * PATCH /api/v1/inbox/canned-answers/{canned_id}, scope inbox:write. Change it: only the
   * fields given. What was sent stays as it was sent.
   */
  inbox_update_answer: (cannedId, body) =>
    call("PATCH", `/api/v1/inbox/canned-answers/${part(cannedId)}`, { body }),

  /**
   * POST /api/v1/keys, scope keys:manage. A new key. The answer holds its secret, this once.
   * 403 for a scope that this key lacks.
   */
  keys_create: (body) =>
    call("POST", "/api/v1/keys", { body }),

  /** GET /api/v1/keys/{key_id}, scope keys:manage. One key, without its secret. */
  keys_get: (keyId) =>
    call("GET", `/api/v1/keys/${part(keyId)}`),

  /**
   * GET /api/v1/keys, scope keys:manage. Keys of the workspace, newest first, revoked ones
   * too; never their secrets. Query: after, limit.
   */
  keys_list_keys: (query = {}) =>
    call("GET", "/api/v1/keys", { query }),

  /**
   * POST /api/v1/keys/{key_id}/revoke, scope keys:manage. Refuse it from the next request on.
   * Twice is once.
   */
  keys_revoke: (keyId) =>
    call("POST", `/api/v1/keys/${part(keyId)}/revoke`),

  /**
   * PATCH /api/v1/keys/{key_id}, scope keys:manage. Use it otherwise, from its next request
   * on. 403 for a key that may do more than this one.
   */
  keys_update: (keyId, body) =>
    call("PATCH", `/api/v1/keys/${part(keyId)}`, { body }),

  /**
   * POST /api/v1/law/exception-days, scope campaigns:write. Ask for a day on which marketing
   * may go outside of the hours that we recommend in a country. Somebody else approves it. The
   * hours of law hold on that day too, and nothing goes between 22:00 and 07:00. 409 where the
   * day is on file there already.
   */
  law_ask_day: (body) =>
    call("POST", "/api/v1/law/exception-days", { body }),

  /**
   * POST /api/v1/law/exception-days/{exception_id}/decide, scope campaigns:approve. Approve a
   * day that somebody else asked for, or give it back with a note. 403 for a key whose maker
   * asked for it, 409 when it does not wait for a decision.
   */
  law_decide_day: (exceptionId, body) =>
    call("POST", `/api/v1/law/exception-days/${part(exceptionId)}/decide`, { body }),

  /** GET /api/v1/law/exception-days/{exception_id}, scope campaigns:read. One of these days. */
  law_get_day: (exceptionId) =>
    call("GET", `/api/v1/law/exception-days/${part(exceptionId)}`),

  /**
   * GET /api/v1/law/packs/{version}, scope campaigns:read. The file of one of them, for
   * whoever verifies proofs that name its version.
   */
  law_get_pack: (version) =>
    call("GET", `/api/v1/law/packs/${part(version)}`),

  /**
   * GET /api/v1/law/exception-days, scope campaigns:read. Named days on which the hours that
   * we recommend do not hold, the latest first: there are few.
   */
  law_list_days: () =>
    call("GET", "/api/v1/law/exception-days"),

  /**
   * GET /api/v1/law/packs, scope campaigns:read. The rule packs of its own that this
   * installation put in force, by version: there are few.
   */
  law_list_packs: () =>
    call("GET", "/api/v1/law/packs"),

  /**
   * GET /api/v1/law/disputed-rules, scope campaigns:read. Rules that are read in more than one
   * way, each with its readings and what was chosen here.
   */
  law_list_rules: () =>
    call("GET", "/api/v1/law/disputed-rules"),

  /**
   * POST /api/v1/law/packs/impact, scope workspace:manage. The texts that wait in any
   * workspace and that a rule pack would move or stop. Nothing is changed. Every rule is asked
   * as far as facts are kept. The key's maker owns every workspace: 403 for others, as a pack
   * holds for all. 422 names file, line and rule of a pack that cannot be read, 409 a rule
   * that does not do what its vectors say.
   */
  law_look_at_pack: (body) =>
    call("POST", "/api/v1/law/packs/impact", { body }),

  /**
   * POST /api/v1/law/packs/{version}/withdrawal-impact, scope workspace:manage. The texts that
   * wait and that taking a pack back would move or stop. Nothing is changed. As of
   * `/packs/impact`. 409 where it was taken back already.
   */
  law_look_at_withdrawal: (version, body) =>
    call("POST", `/api/v1/law/packs/${part(version)}/withdrawal-impact`, { body }),

  /**
   * POST /api/v1/law/packs, scope workspace:manage. Put a rule pack in force for the whole
   * installation, after its impact was looked at. Every process on every machine holds to it
   * within seconds, from its first day on. 409 where other texts are moved or stopped by now
   * than `fingerprint` says, or where its version is in force with another text.
   */
  law_put_in_force: (body) =>
    call("POST", "/api/v1/law/packs", { body }),

  /**
   * POST /api/v1/law/disputed-rules/lenient, scope workspace:manage. Read a disputed rule the
   * looser way: somebody signs for it by name and says why. It holds for what is planned and
   * handed off from now on, and stands in the proofs. Twice is once.
   */
  law_read_leniently: (body) =>
    call("POST", "/api/v1/law/disputed-rules/lenient", { body }),

  /**
   * POST /api/v1/law/disputed-rules/strict, scope workspace:manage. Read a disputed rule the
   * strict way again. Twice is once.
   */
  law_read_strictly: (body) =>
    call("POST", "/api/v1/law/disputed-rules/strict", { body }),

  /**
   * POST /api/v1/law/packs/{version}/withdraw, scope workspace:manage. Take a pack of this
   * installation's own back, after the impact was looked at. From today what held before it
   * holds again: an earlier one of its own, or the one that ships. Its file stays, for proofs
   * that name it. 409 where other texts are moved or stopped by now than `fingerprint` says.
   */
  law_take_back: (version, body) =>
    call("POST", `/api/v1/law/packs/${part(version)}/withdraw`, { body }),

  /**
   * POST /api/v1/law/exception-days/{exception_id}/withdraw, scope campaigns:write. Have the
   * recommended hours hold on that day again. Texts that wait go by it at once.
   */
  law_withdraw_day: (exceptionId) =>
    call("POST", `/api/v1/law/exception-days/${part(exceptionId)}/withdraw`),

  /**
   * POST /api/v1/lists/{list_id}/members, scope contacts:write. Put people on the list;
   * answers how many were not on it before.
   */
  lists_add: (listId, body) =>
    call("POST", `/api/v1/lists/${part(listId)}/members`, { body }),

  /** POST /api/v1/lists, scope contacts:write. Make an empty list. */
  lists_create: (body) =>
    call("POST", "/api/v1/lists", { body }),

  /**
   * DELETE /api/v1/lists/{list_id}, scope contacts:write. Delete the list; answers how many
   * people were on it. The people stay. 409 while a scheduled campaign chooses its people by
   * it.
   */
  lists_delete: (listId) =>
    call("DELETE", `/api/v1/lists/${part(listId)}`),

  /** GET /api/v1/lists/{list_id}, scope contacts:read. One list with the number of its people. */
  lists_get: (listId) =>
    call("GET", `/api/v1/lists/${part(listId)}`),

  /**
   * GET /api/v1/lists, scope contacts:read. All lists by name. GET /v1/contacts?list_id=… has
   * their people.
   */
  lists_list_all: () =>
    call("GET", "/api/v1/lists"),

  /**
   * POST /api/v1/lists/{list_id}/members/remove, scope contacts:write. Take people off the
   * list; answers how many were on it.
   */
  lists_remove: (listId, body) =>
    call("POST", `/api/v1/lists/${part(listId)}/members/remove`, { body }),

  /**
   * PATCH /api/v1/lists/{list_id}, scope contacts:write. Give the list another name, or say
   * whether its people get test sends of campaigns. What uses it goes on using it.
   */
  lists_rename: (listId, body) =>
    call("PATCH", `/api/v1/lists/${part(listId)}`, { body }),

  /**
   * PATCH /api/v1/members/{user_id}, scope members:manage. Give a member another role. 403 for
   * owners, and for the owner's role.
   */
  members_change: (userId, body) =>
    call("PATCH", `/api/v1/members/${part(userId)}`, { body }),

  /**
   * POST /api/v1/invitations, scope members:manage. Invite a person. The answer holds the
   * link, this once; no mail is sent, that is up to you. An older invitation to the same
   * address ends. 409 for a member.
   */
  members_invite: (body) =>
    call("POST", "/api/v1/invitations", { body }),

  /**
   * GET /api/v1/members, scope members:manage. The people who may use the workspace, the
   * oldest first. Query: after, limit.
   */
  members_list_members: (query = {}) =>
    call("GET", "/api/v1/members", { query }),

  /**
   * GET /api/v1/invitations, scope members:manage. Invitations that still open the door,
   * newest first. Query: after, limit.
   */
  members_list_open: (query = {}) =>
    call("GET", "/api/v1/invitations", { query }),

  /**
   * DELETE /api/v1/members/{user_id}, scope members:manage. Take a person out of the
   * workspace, at once; the account stays. 403 for owners. API keys that they made here, and
   * keys made by those, are refused from then on; open invitations to their address end.
   */
  members_remove: (userId) =>
    call("DELETE", `/api/v1/members/${part(userId)}`),

  /**
   * DELETE /api/v1/invitations/{invitation_id}, scope members:manage. Close the door that it
   * opens. Twice is once.
   */
  members_revoke: (invitationId) =>
    call("DELETE", `/api/v1/invitations/${part(invitationId)}`),

  /**
   * POST /api/v1/messages/{message_id}/cancel, scope messages:send. Withdraw a message that no
   * connector has begun to hand off; canceled twice is once.
   */
  messages_cancel_message: (messageId) =>
    call("POST", `/api/v1/messages/${part(messageId)}/cancel`),

  /**
   * GET /api/v1/messages/{message_id}, scope messages:read. One message with its timeline:
   * planned, handed over, answers, receipts.
   */
  messages_get_message: (messageId) =>
    call("GET", `/api/v1/messages/${part(messageId)}`),

  /**
   * GET /api/v1/messages/{message_id}/proof, scope messages:read. What the gate decided at
   * hand-off and by which facts, signed: lines of JSON, the latest last. A text that was held
   * has several; one whose turn has not come yet, none. `textwell proof verify` and the public
   * keys of the workspace check them with no database. The key under which the number is
   * hashed is in them with the scope contacts:numbers alone; without it all else can be
   * checked as well.
   */
  messages_get_proof: (messageId) =>
    call("GET", `/api/v1/messages/${part(messageId)}/proof`),

  /**
   * GET /api/v1/messages, scope messages:read. Messages by rising id, of a campaign, a person
   * or in a state. Query: after, limit, campaign_id, contact_id, state.
   */
  messages_list_all: (query = {}) =>
    call("GET", "/api/v1/messages", { query }),

  /**
   * POST /api/v1/messages, scope messages:send. Send one text to one person, as it is but for
   * its links. The gate judges at once (consent, suppression, sender, the workspace's cap,
   * expiry) and again at hand-off; what it refuses is answered with 422 and its reason, and
   * nothing is recorded. Use an Idempotency-Key: a repeated request then gives the same answer
   * and sends nothing twice.
   */
  messages_send_message: (body) =>
    call("POST", "/api/v1/messages", { body }),

  /**
   * POST /api/v1/messages/{message_id}/unknown/settle, scope messages:send. Say that a message
   * outside campaigns whose answer was lost was sent, or was not. Nothing is sent by it; twice
   * is once. 409 where its fate is known, and for a campaign's message (`POST
   * /campaigns/{id}/unknown/settle`).
   */
  messages_settle_message: (messageId, body) =>
    call("POST", `/api/v1/messages/${part(messageId)}/unknown/settle`, { body }),

  /**
   * POST /api/v1/contacts/{contact_id}/page-link, scope contacts:erase. A link to the person's
   * own page: see, correct, pause, stop, download, erase; no sign-in.
   */
  page_links_make: (contactId, body) =>
    call("POST", `/api/v1/contacts/${part(contactId)}/page-link`, { body }),

  /**
   * POST /api/v1/programmes/{programme_id}/codes, scope campaigns:write. Add codes to the
   * pool. Those that are in it already are counted and left.
   */
  programmes_add_codes: (programmeId, body) =>
    call("POST", `/api/v1/programmes/${part(programmeId)}/codes`, { body }),

  /**
   * POST /api/v1/programmes, scope campaigns:write. Make a draft with ready-made words in the
   * workspace's language and one placement.
   */
  programmes_create: (body) =>
    call("POST", "/api/v1/programmes", { body }),

  /**
   * POST /api/v1/programmes/{programme_id}/placements, scope campaigns:write. A place where
   * the programme is offered, with a link of its own: `/join/` and its code.
   */
  programmes_create_placement: (programmeId, body) =>
    call("POST", `/api/v1/programmes/${part(programmeId)}/placements`, { body }),

  /**
   * GET /api/v1/programmes/{programme_id}, scope campaigns:read. One programme: what keeps it
   * from being published, its words, and what each placement brought.
   */
  programmes_get: (programmeId) =>
    call("GET", `/api/v1/programmes/${part(programmeId)}`),

  /**
   * GET /api/v1/programmes, scope campaigns:read. All programmes, the newest first; there are
   * 200 at most.
   */
  programmes_list_all: () =>
    call("GET", "/api/v1/programmes"),

  /**
   * POST /api/v1/programmes/{programme_id}/pause, scope campaigns:write. Nobody joins until it
   * is published again. Whoever joined stays.
   */
  programmes_pause: (programmeId) =>
    call("POST", `/api/v1/programmes/${part(programmeId)}/pause`),

  /**
   * POST /api/v1/programmes/placements/{placement_id}/pause, scope campaigns:write. Nobody
   * joins there any more.
   */
  programmes_pause_placement: (placementId) =>
    call("POST", `/api/v1/programmes/placements/${part(placementId)}/pause`),

  /**
   * POST /api/v1/programmes/{programme_id}/publish, scope campaigns:write. Let people join;
   * 409 names each element that a rule pack requires and that is missing.
   */
  programmes_publish: (programmeId) =>
    call("POST", `/api/v1/programmes/${part(programmeId)}/publish`),

  /**
   * PUT /api/v1/programmes/{programme_id}/disclosures/{country}/{language}, scope
   * campaigns:write. The sentences that people of a country are shown in a language; without
   * any, none are.
   */
  programmes_put_disclosure: (programmeId, country, language, body) =>
    call("PUT", `/api/v1/programmes/${part(programmeId)}/disclosures/${part(country)}/${part(language)}`, { body }),

  /**
   * POST /api/v1/programmes/placements/{placement_id}/resume, scope workspace:manage. People
   * join there again, also where the placement had paused itself.
   */
  programmes_resume_placement: (placementId) =>
    call("POST", `/api/v1/programmes/placements/${part(placementId)}/resume`),

  /**
   * POST /api/v1/programmes/{programme_id}/sign-ups, scope contacts:write. Somebody joined at
   * your checkout, on a call, at the counter. The same person again is the same.
   */
  programmes_sign_up: (programmeId, body) =>
    call("POST", `/api/v1/programmes/${part(programmeId)}/sign-ups`, { body }),

  /**
   * PATCH /api/v1/programmes/{programme_id}, scope campaigns:write. Change it: only the fields
   * given. Words that name what changed get a new version.
   */
  programmes_update: (programmeId, body) =>
    call("PATCH", `/api/v1/programmes/${part(programmeId)}`, { body }),

  /**
   * PATCH /api/v1/programmes/placements/{placement_id}, scope campaigns:write. Change it: only
   * the fields given. Its link stays.
   */
  programmes_update_placement: (placementId, body) =>
    call("PATCH", `/api/v1/programmes/placements/${part(placementId)}`, { body }),

  /**
   * GET /api/v1/workspace/promise, scope campaigns:read. The present version of the public
   * promise; 404 where there never was one.
   */
  promises_get: () =>
    call("GET", "/api/v1/workspace/promise"),

  /**
   * PUT /api/v1/workspace/promise, scope workspace:manage. Sign and publish it, with today's
   * senders and topics. The gate holds it like a cap. A lower number holds for everybody from
   * the next text on, a higher one for those alone who agree after it. The same again makes no
   * new version.
   */
  promises_put: (body) =>
    call("PUT", "/api/v1/workspace/promise", { body }),

  /**
   * POST /api/v1/registrations/{registration_id}/templates, scope gateways:manage. Put down a
   * text as it is registered for a sender. Where a country asks for it, a text that is none of
   * these sign by sign, its places filled in, is refused with the reason
   * `template_unregistered`, and told where it leaves the nearest.
   */
  registered_texts_put_down: (registrationId, body) =>
    call("POST", `/api/v1/registrations/${part(registrationId)}/templates`, { body }),

  /**
   * DELETE /api/v1/registrations/{registration_id}/templates/{text_id}, scope gateways:manage.
   * Forget it: texts like it are refused from then on.
   */
  registered_texts_remove: (registrationId, textId) =>
    call("DELETE", `/api/v1/registrations/${part(registrationId)}/templates/${part(textId)}`),

  /**
   * PATCH /api/v1/registrations/{registration_id}/templates/{text_id}, scope gateways:manage.
   * Change what is given: what waits is judged by it at once. The words of a template never
   * change.
   */
  registered_texts_update: (registrationId, textId, body) =>
    call("PATCH", `/api/v1/registrations/${part(registrationId)}/templates/${part(textId)}`, { body }),

  /**
   * POST /api/v1/registers, scope contacts:write. Put the numbers of a file in the place of
   * those that the register had. The file has a number on each line, or is CSV in UTF-8 with a
   * column of them; numbers without a country code are read as of the register's country.
   * `name` as the rule pack of the country has it, `checked_at`: when the list was taken. From
   * then on marketing to listed numbers is refused as `register_listed`.
   */
  registers_bring_in: (upload) =>
    call("POST", "/api/v1/registers", { upload }),

  /**
   * GET /api/v1/registers/{register_id}, scope contacts:read. One register, without its
   * numbers.
   */
  registers_get: (registerId) =>
    call("GET", `/api/v1/registers/${part(registerId)}`),

  /** GET /api/v1/registers, scope contacts:read. The registers on file, by name: there are few. */
  registers_list_all: () =>
    call("GET", "/api/v1/registers"),

  /**
   * GET /api/v1/registers/standings, scope contacts:read. Every register that the rules of
   * some country name, and how our copy of it stands. Whether marketing there needs its list,
   * and whether the one on file is fresh, too old or missing.
   */
  registers_list_needed: () =>
    call("GET", "/api/v1/registers/standings"),

  /**
   * DELETE /api/v1/registers/{register_id}, scope contacts:write. Forget it with its numbers:
   * nobody is left out by it any more.
   */
  registers_remove: (registerId) =>
    call("DELETE", `/api/v1/registers/${part(registerId)}`),

  /**
   * POST /api/v1/registrations, scope gateways:manage. Put down how a sender is registered. It
   * registers nothing: that is between you and the registry.
   */
  registrations_create: (body) =>
    call("POST", "/api/v1/registrations", { body }),

  /**
   * DELETE /api/v1/registrations/{registration_id}/documents/{document_id}, scope
   * gateways:manage. Throw a paper away; the audit log keeps its hash.
   */
  registrations_discard: (registrationId, documentId) =>
    call("DELETE", `/api/v1/registrations/${part(registrationId)}/documents/${part(documentId)}`),

  /**
   * GET /api/v1/registrations/{registration_id}/documents/{document_id}, scope gateways:read.
   * A paper, octet by octet as it was given.
   */
  registrations_download: (registrationId, documentId) =>
    call("GET", `/api/v1/registrations/${part(registrationId)}/documents/${part(documentId)}`),

  /**
   * GET /api/v1/registrations/{registration_id}, scope gateways:read. One registration with
   * its papers; their bodies are read one by one.
   */
  registrations_get: (registrationId) =>
    call("GET", `/api/v1/registrations/${part(registrationId)}`),

  /**
   * GET /api/v1/registrations, scope gateways:read. What is on file of senders, country by
   * country. Where a country asks for it, only a sender that is approved there for the class
   * of a text goes out: other texts are refused with the reason `sender_unregistered`. Query:
   * after, limit.
   */
  registrations_list_all: (query = {}) =>
    call("GET", "/api/v1/registrations", { query }),

  /**
   * DELETE /api/v1/registrations/{registration_id}, scope gateways:manage. Forget it with its
   * papers.
   */
  registrations_remove: (registrationId) =>
    call("DELETE", `/api/v1/registrations/${part(registrationId)}`),

  /**
   * PATCH /api/v1/registrations/{registration_id}, scope gateways:manage. Change what is
   * given: what waits is judged by it at once.
   */
  registrations_update: (registrationId, body) =>
    call("PATCH", `/api/v1/registrations/${part(registrationId)}`, { body }),

  /**
   * POST /api/v1/registrations/{registration_id}/documents, scope gateways:manage. Keep a
   * paper with it: a PDF, PNG or JPEG of 5 MB at most. The same one twice is kept once.
   */
  registrations_upload: (registrationId, upload) =>
    call("POST", `/api/v1/registrations/${part(registrationId)}/documents`, { upload }),

  /**
   * GET /api/v1/campaigns/{campaign_id}/people.csv, scope reports:read. All people of a figure
   * as CSV, streamed. Numbers are masked; with the scope contacts:numbers and an
   * `export_reason`, which the audit log keeps, they are full. Query: term, state, reason,
   * code, country, operator, region, place, segments, reaction, intent, link, asked, device,
   * click_country, gateway, currency, lot, event, since, until, export_reason.
   */
  reports_export_people: (campaignId, query = {}) =>
    call("GET", `/api/v1/campaigns/${part(campaignId)}/people.csv`, { query }),

  /**
   * GET /api/v1/campaigns/{campaign_id}/rejudgment, scope reports:read. What the rule packs
   * say of each text of a campaign, past or planned, or would with another version. `pack`
   * names a version that is to hold on every day, as FR@2026-11-01. `choices` `then` takes
   * named days and lenient readings as they stood at the minute of each text, `now` as they
   * stand today. A large campaign is judged in parts: ask again with `after` until `next` is
   * null, and add the counts up. Nothing is changed. Query: pack, after, choices.
   */
  reports_get_rejudgment: (campaignId, query = {}) =>
    call("GET", `/api/v1/campaigns/${part(campaignId)}/rejudgment`, { query }),

  /**
   * GET /api/v1/campaigns/{campaign_id}/report, scope reports:read. The whole report:
   * equation, progress, failures, segments, clicks, replies, places.
   */
  reports_get_report: (campaignId) =>
    call("GET", `/api/v1/campaigns/${part(campaignId)}/report`),

  /**
   * GET /api/v1/campaigns/{campaign_id}/report.csv, scope reports:read. The report as CSV:
   * section, name, figure, and what the figure is, as in `metrics` of the report.
   */
  reports_get_report_csv: (campaignId) =>
    call("GET", `/api/v1/campaigns/${part(campaignId)}/report.csv`),

  /**
   * GET /api/v1/campaigns/{campaign_id}/people, scope reports:read. The people of a figure, by
   * message id. Query: after, limit, term, state, reason, code, country, operator, region,
   * place, segments, reaction, intent, link, asked, device, click_country, gateway, currency,
   * lot, event, since, until.
   */
  reports_list_people: (campaignId, query = {}) =>
    call("GET", `/api/v1/campaigns/${part(campaignId)}/people`, { query }),

  /**
   * GET /api/v1/workspace/suppression-group, scope workspace:manage. What the workspace
   * shares, and with whom; 404 where it shares with nobody.
   */
  sharing_get: () =>
    call("GET", "/api/v1/workspace/suppression-group"),

  /**
   * POST /api/v1/workspace/suppression-group/join, scope workspace:manage. Join the group of a
   * code: whom one brand may not text, for a reason that it shares, no brand texts. It holds
   * at once, also for what was put down before and for texts that wait. 409 for a workspace
   * that is in a group.
   */
  sharing_join: (body) =>
    call("POST", "/api/v1/workspace/suppression-group/join", { body }),

  /**
   * DELETE /api/v1/workspace/suppression-group, scope workspace:manage. Share nothing from now
   * on, and be told nothing. What was shared stays until it is lifted. Twice is once.
   */
  sharing_leave: () =>
    call("DELETE", "/api/v1/workspace/suppression-group"),

  /**
   * POST /api/v1/workspace/suppression-group/codes, scope workspace:manage. A code by which
   * one other workspace may join; the first one begins the group. Give it to the owner of the
   * other workspace: entering it is their consent, making it is yours.
   */
  sharing_make_code: (body) =>
    call("POST", "/api/v1/workspace/suppression-group/codes", { body }),

  /**
   * GET /api/v1/workspace/signing-keys, scope messages:read. Public keys of the workspace,
   * replaced ones too: with them anybody checks what it signed.
   */
  signing_list_signing_keys: () =>
    call("GET", "/api/v1/workspace/signing-keys"),

  /**
   * POST /api/v1/workspace/signing-keys/replace, scope workspace:manage. Sign with a new key
   * from now on. What was signed stays valid, under the key of its time.
   */
  signing_replace: (body) =>
    call("POST", "/api/v1/workspace/signing-keys/replace", { body }),

  /**
   * POST /api/v1/suppressions, scope contacts:write. Never text this number, whoever has it.
   * What waits for it is left out at once. Twice is once.
   */
  suppressions_add: (body) =>
    call("POST", "/api/v1/suppressions", { body }),

  /**
   * POST /api/v1/suppressions/bulk, scope contacts:write. Up to 10,000 numbers at once. What
   * is no number is reported, the others are suppressed.
   */
  suppressions_add_many: (body) =>
    call("POST", "/api/v1/suppressions/bulk", { body }),

  /** GET /api/v1/suppressions/{suppression_id}, scope contacts:read. One reason of one number. */
  suppressions_get: (suppressionId) =>
    call("GET", `/api/v1/suppressions/${part(suppressionId)}`),

  /**
   * POST /api/v1/suppressions/{suppression_id}/lift, scope contacts:write. Take this reason
   * away; consent stays what it is. 409 for an opt-out: only a new consent of the person, with
   * its proof, lifts that.
   */
  suppressions_lift: (suppressionId, body) =>
    call("POST", `/api/v1/suppressions/${part(suppressionId)}/lift`, { body }),

  /**
   * GET /api/v1/suppressions, scope contacts:read. Numbers that are not texted, latest first;
   * one that has two reasons stands here twice. `search` is the beginning of a number, or a
   * whole one as written at home. Query: after, limit, search, reason.
   */
  suppressions_list_all: (query = {}) =>
    call("GET", "/api/v1/suppressions", { query }),

  /**
   * POST /api/v1/tags, scope contacts:write. Add and take away tags; answers how many people
   * changed.
   */
  tags_change: (body) =>
    call("POST", "/api/v1/tags", { body }),

  /**
   * POST /api/v1/tags/delete, scope contacts:write. Take a tag from everybody. 409 while a
   * scheduled campaign chooses by it.
   */
  tags_delete: (body) =>
    call("POST", "/api/v1/tags/delete", { body }),

  /** GET /api/v1/tags, scope contacts:read. Tags in use, by name, with their people. */
  tags_list_all: () =>
    call("GET", "/api/v1/tags"),

  /**
   * POST /api/v1/tags/rename, scope contacts:write. Rename a tag, or merge it into another.
   * 409 while a scheduled campaign chooses by it.
   */
  tags_rename: (body) =>
    call("POST", "/api/v1/tags/rename", { body }),

  /**
   * POST /api/v1/templates, scope campaigns:write. Keep a text. A campaign that begins with it
   * copies its values.
   */
  templates_create: (body) =>
    call("POST", "/api/v1/templates", { body }),

  /**
   * DELETE /api/v1/templates/{template_id}, scope campaigns:write. Delete it. Campaigns that
   * began with it stay.
   */
  templates_delete: (templateId) =>
    call("DELETE", `/api/v1/templates/${part(templateId)}`),

  /** GET /api/v1/templates/{template_id}, scope campaigns:read. One template. */
  templates_get: (templateId) =>
    call("GET", `/api/v1/templates/${part(templateId)}`),

  /**
   * GET /api/v1/templates, scope campaigns:read. Templates, newest first; `search` looks into
   * names and main texts. Query: after, limit, search.
   */
  templates_list_all: (query = {}) =>
    call("GET", "/api/v1/templates", { query }),

  /**
   * PATCH /api/v1/templates/{template_id}, scope campaigns:write. Change it: only the fields
   * given. Campaigns keep what they copied.
   */
  templates_update: (templateId, body) =>
    call("PATCH", `/api/v1/templates/${part(templateId)}`, { body }),

  /**
   * POST /api/v1/brands/{brand_id}/close, scope contacts:write. Use it no more, for good. What
   * people said of it stays; they can still say no.
   */
  topics_close_brand: (brandId) =>
    call("POST", `/api/v1/brands/${part(brandId)}/close`),

  /**
   * POST /api/v1/topics/{topic_id}/close, scope contacts:write. Offer and use it no more, for
   * good. What people said of it stays; they can still say no.
   */
  topics_close_topic: (topicId) =>
    call("POST", `/api/v1/topics/${part(topicId)}/close`),

  /**
   * POST /api/v1/brands, scope contacts:write. Define a brand. The same definition twice is
   * once; another one with its key is a conflict.
   */
  topics_define_brand: (body) =>
    call("POST", "/api/v1/brands", { body }),

  /**
   * POST /api/v1/topics, scope contacts:write. Define a topic. The same definition twice is
   * once; another one with its key is a conflict.
   */
  topics_define_topic: (body) =>
    call("POST", "/api/v1/topics", { body }),

  /** GET /api/v1/brands, scope contacts:read. The names under which the workspace writes. */
  topics_list_brands: () =>
    call("GET", "/api/v1/brands"),

  /** GET /api/v1/topics, scope contacts:read. What the workspace writes about, by name. */
  topics_list_topics: () =>
    call("GET", "/api/v1/topics"),

  /**
   * PATCH /api/v1/brands/{brand_id}, scope contacts:write. Call it otherwise. What people
   * agreed to stays.
   */
  topics_rename_brand: (brandId, body) =>
    call("PATCH", `/api/v1/brands/${part(brandId)}`, { body }),

  /**
   * PATCH /api/v1/topics/{topic_id}, scope contacts:write. Call it otherwise. What people
   * agreed to stays.
   */
  topics_rename_topic: (topicId, body) =>
    call("PATCH", `/api/v1/topics/${part(topicId)}`, { body }),

  /**
   * POST /api/v1/campaigns/{campaign_id}/unknown/send-again, scope campaigns:write. Send what
   * was found not sent once more: the gate and the caps judge each. Twice is once. Who they
   * are: `GET …/people?state=not_sent`. 409 while the campaign is paused, and for one that was
   * canceled or failed.
   */
  unknown_send_again: (campaignId, body) =>
    call("POST", `/api/v1/campaigns/${part(campaignId)}/unknown/send-again`, { body }),

  /**
   * POST /api/v1/campaigns/{campaign_id}/unknown/settle, scope campaigns:write. Say that
   * unknown messages were sent, or were not. Nothing is sent by it; twice is once. Who they
   * are: `GET …/people?state=unknown`.
   */
  unknown_settle: (campaignId, body) =>
    call("POST", `/api/v1/campaigns/${part(campaignId)}/unknown/settle`, { body }),

  /**
   * POST /api/v1/webhooks, scope webhooks:manage. Tell this address what happens from now on.
   * The answer holds the signing secret, this once.
   */
  webhooks_create: (body) =>
    call("POST", "/api/v1/webhooks", { body }),

  /** DELETE /api/v1/webhooks/{endpoint_id}, scope webhooks:manage. Tell it nothing more. */
  webhooks_delete: (endpointId) =>
    call("DELETE", `/api/v1/webhooks/${part(endpointId)}`),

  /** GET /api/v1/webhooks/{endpoint_id}, scope webhooks:manage. One endpoint with its health. */
  webhooks_get: (endpointId) =>
    call("GET", `/api/v1/webhooks/${part(endpointId)}`),

  /**
   * GET /api/v1/webhooks, scope webhooks:manage. The endpoints of the workspace, newest first;
   * at most fifty.
   */
  webhooks_list_all: () =>
    call("GET", "/api/v1/webhooks"),

  /**
   * GET /api/v1/webhooks/{endpoint_id}/deliveries, scope webhooks:manage. Deliveries, newest
   * first; `state` may be waiting, delivered or failed. Query: after, limit, state.
   */
  webhooks_list_tries: (endpointId, query = {}) =>
    call("GET", `/api/v1/webhooks/${part(endpointId)}/deliveries`, { query }),

  /**
   * POST /api/v1/webhooks/{endpoint_id}/secret, scope webhooks:manage. A new signing secret;
   * the old one signs beside it for a day.
   */
  webhooks_renew_secret: (endpointId) =>
    call("POST", `/api/v1/webhooks/${part(endpointId)}/secret`),

  /**
   * POST /api/v1/webhooks/{endpoint_id}/replay, scope webhooks:manage. Tell again what
   * happened in a span of the last thirty days; event ids stay the same.
   */
  webhooks_replay_span: (endpointId, body) =>
    call("POST", `/api/v1/webhooks/${part(endpointId)}/replay`, { body }),

  /**
   * POST /api/v1/webhooks/{endpoint_id}/deliveries/{delivery_id}/resend, scope
   * webhooks:manage. Try this delivery again now.
   */
  webhooks_resend: (endpointId, deliveryId) =>
    call("POST", `/api/v1/webhooks/${part(endpointId)}/deliveries/${part(deliveryId)}/resend`),

  /**
   * POST /api/v1/webhooks/{endpoint_id}/test, scope webhooks:manage. Send an event of type
   * `test`.
   */
  webhooks_test: (endpointId) =>
    call("POST", `/api/v1/webhooks/${part(endpointId)}/test`),

  /**
   * PATCH /api/v1/webhooks/{endpoint_id}, scope webhooks:manage. Change what is given.
   * `is_active` true starts a stopped one again.
   */
  webhooks_update: (endpointId, body) =>
    call("PATCH", `/api/v1/webhooks/${part(endpointId)}`, { body }),

  /**
   * POST /api/v1/workspace/sandbox, scope workspace:manage. Turn the workspace into a sandbox,
   * for ever: there is no way back. Twice is once. 409 while it has gateways to real carriers.
   */
  workspace_begin_sandbox: () =>
    call("POST", "/api/v1/workspace/sandbox"),

  /**
   * POST /api/v1/workspaces, scope workspace:manage. One more workspace; the person behind the
   * key becomes its owner. The answer holds its first key. A sandbox has a gateway to the
   * simulated carrier from the start. 409 for a key with no person behind it, as one of the
   * command line.
   */
  workspace_create: (body) =>
    call("POST", "/api/v1/workspaces", { body }),

  /**
   * GET /api/v1/stop-all/{stop_id}/people.csv, scope reports:read. Everybody to whom a text
   * was handed off before the stop was lifted, by campaign; masked.
   */
  workspace_export_reached: (stopId) =>
    call("GET", `/api/v1/stop-all/${part(stopId)}/people.csv`),

  /** GET /api/v1/workspace, scope campaigns:read. The workspace that the key belongs to. */
  workspace_get_workspace: () =>
    call("GET", "/api/v1/workspace"),

  /**
   * POST /api/v1/stop-all/lift, scope campaigns:write. Let sending go on where it stood.
   * Lifting twice is once.
   */
  workspace_lift_everything: () =>
    call("POST", "/api/v1/stop-all/lift"),

  /**
   * GET /api/v1/stop-all, scope campaigns:read. Every press of the red button, newest first:
   * who, why, what it held, who lifted it. Query: after, limit.
   */
  workspace_list_presses: (query = {}) =>
    call("GET", "/api/v1/stop-all", { query }),

  /**
   * PUT /api/v1/workspace/answer-time, scope workspace:manage. Within how many minutes whoever
   * writes is to be answered; 0: no answer time. It holds at once, also for those who wait
   * already.
   */
  workspace_put_answer_time: (body) =>
    call("PUT", "/api/v1/workspace/answer-time", { body }),

  /**
   * PUT /api/v1/workspace/approval, scope workspace:manage. Whether campaigns need a second
   * person's word before they are launched.
   */
  workspace_put_approval: (body) =>
    call("PUT", "/api/v1/workspace/approval", { body }),

  /**
   * PUT /api/v1/workspace/cap, scope workspace:manage. At most so many marketing texts a
   * person, over all campaigns and messages; 0: no cap. A campaign may be stricter, never
   * looser.
   */
  workspace_put_cap: (body) =>
    call("PUT", "/api/v1/workspace/cap", { body }),

  /**
   * PUT /api/v1/workspace/consent-lifetime, scope workspace:manage. For how many months a
   * consent counts here; 0: as long as law has it. Where a country's rules have a sooner end,
   * that one holds. It holds at once, for waiting texts too: who agreed longer ago is left out
   * as `consent_expired`.
   */
  workspace_put_consent_lifetime: (body) =>
    call("PUT", "/api/v1/workspace/consent-lifetime", { body }),

  /**
   * PUT /api/v1/workspace/hours, scope workspace:manage. Which hours hold for marketing: those
   * that we recommend, or those of law and carriers alone. It holds for campaigns that are
   * planned from now on, and for messages that are taken from now on. What law asks cannot be
   * switched off: see `textwell packs list`.
   */
  workspace_put_hours: (body) =>
    call("PUT", "/api/v1/workspace/hours", { body }),

  /**
   * PUT /api/v1/workspace/small-business, scope workspace:manage. Whether the pages are one
   * screen for a small firm, and where it is reviewed. Nothing else changes: reminders and
   * requests for reviews are messages, see `POST /messages`.
   */
  workspace_put_small_business: (body) =>
    call("PUT", "/api/v1/workspace/small-business", { body }),

  /**
   * PUT /api/v1/workspace/speaker, scope workspace:manage. Who speaks in texts, and whom
   * people find on the page where they stop them. What a country asks for is added to
   * marketing texts, or shown on that page. What is not given is not told any more.
   */
  workspace_put_speaker: (body) =>
    call("PUT", "/api/v1/workspace/speaker", { body }),

  /**
   * PATCH /api/v1/workspace, scope workspace:manage. Give the brand another name; nothing
   * given, nothing changed.
   */
  workspace_rename: (body) =>
    call("PATCH", "/api/v1/workspace", { body }),

  /**
   * POST /api/v1/stop-all, scope campaigns:write. The red button: within two seconds nothing
   * of this workspace is handed off any more. Pressing it again while it holds is once: the
   * first reason stays.
   */
  workspace_stop_everything: (body = null) =>
    call("POST", "/api/v1/stop-all", { body }),
};
