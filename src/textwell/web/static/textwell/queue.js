// Entries of a form stay on this device until the server says that it has them: each is written down
// first, then sent, by a key of its own, so that saying it twice is saying it once.
"use strict";

(() => {
  const area = document.getElementById("queue");
  const form = document.querySelector("form[data-queued]");
  const PREFIX = `textwell.queue.${area.dataset.queue}.`;
  const RETRY_MS = 20_000;
  const PATIENCE_MS = 10_000;

  // One item an entry: two tabs never write over each other's.
  const read = () =>
    Object.keys(localStorage)
      .filter((name) => name.startsWith(PREFIX))
      .map((name) => JSON.parse(localStorage.getItem(name)))
      .sort((one, other) => one.at - other.at);
  const keep = (entry) => localStorage.setItem(PREFIX + entry.key, JSON.stringify(entry));
  const drop = (entry) => localStorage.removeItem(PREFIX + entry.key);

  // Also where the page came without TLS, as in a shop's own network.
  const drawKey = () =>
    [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, "0")).join("");

  // Who has the page open; a kiosk has nobody. Theirs alone are the entries that are shown.
  const actor = form?.elements.by?.value ?? "";
  const path = (url) => new URL(url, location.href).pathname;
  const isMine = (entry) => entry.by === actor && path(entry.url) === location.pathname;
  const own = ["csrfmiddlewaretoken", "key", "age_s", "by"];
  const fieldsOf = () => [...new FormData(form)].filter(([name]) => !own.includes(name));

  async function send(entry) {
    const body = new FormData();
    entry.fields.forEach(([name, value]) => body.append(name, value));
    body.set("key", entry.key);
    body.set("by", entry.by);
    body.set("age_s", (Date.now() - entry.at) / 1000);
    const token = form?.elements.csrfmiddlewaretoken?.value ?? "";
    const headers = { Accept: "application/json", "X-CSRFToken": token };
    let response;
    try {
      const signal = AbortSignal.timeout(PATIENCE_MS);
      response = await fetch(entry.url, { method: "POST", body, headers, redirect: "manual", signal });
    } catch {
      return { waits: "offline" };
    }
    if (response.type === "opaqueredirect" || response.status === 403) return { waits: "door" };
    if (response.status === 404) return { waits: "later", why: area.dataset.lost };
    if (![200, 409, 422].includes(response.status)) return { waits: "later" };
    const answer = await response.json().catch(() => ({ waits: "later" }));
    if (response.status === 409) return { waits: "later", why: answer.waits };
    if (response.status === 200 && !answer.waits) drop(entry);
    return answer;
  }

  // One at a time, whoever asks.
  let turn = Promise.resolve();
  const inTurn = (work) => (turn = turn.then(work, work));

  async function flush() {
    let sent = 0;
    let state = "";
    for (const entry of read().filter((each) => !each.problem)) {
      show("sending");
      const answer = await send(entry);
      settle(entry, answer);
      if (answer.waits) state = answer.waits;
      else if (!answer.problem) sent += 1;
      // Without a connection, or signed out, none can go; any other reason is this entry's own.
      if (state === "offline" || state === "door") break;
    }
    if (sent) say("queue-success", `${area.dataset.sent} ${sent}`);
    show(state);
  }

  // What can never be taken: a member mends it. On a kiosk the person is gone, and the server counted it.
  // What cannot be taken now says why, and is tried again.
  function settle(entry, { problem, why }) {
    if (!(problem || why) || !localStorage.getItem(PREFIX + entry.key)) return;
    if (area.dataset.mends) keep({ ...entry, problem, why });
    else if (problem) drop(entry);
  }

  function show(state) {
    const all = read();
    const waiting = all.filter((each) => !each.problem).length;
    area.hidden = waiting === 0;
    area.querySelector("[data-count]").textContent = waiting;
    area.querySelectorAll("[data-state]").forEach((each) => { each.hidden = each.dataset.state !== state; });
    showRefused(all.filter((each) => (each.problem || each.why) && isMine(each)));
  }

  function showRefused(refused) {
    const list = document.getElementById("queue-refused");
    if (!list) return;
    list.hidden = refused.length === 0;
    list.querySelector("ul").replaceChildren(...refused.map((entry) => {
      const row = document.getElementById("queue-row").content.cloneNode(true);
      const number = entry.fields.find(([name]) => name === "msisdn")?.[1] ?? "";
      row.querySelector("[data-what]").textContent = `…${number.slice(-3)}: ${entry.problem || entry.why}`;
      row.querySelector("button").addEventListener("click", () => putBack(entry));
      return row;
    }));
  }

  // The entry that was put back into the form: mended, it is still of when it was taken.
  let mended = null;
  form?.addEventListener("reset", () => { mended = null; });

  function putBack(entry) {
    form.reset();
    mended = { at: entry.at, by: entry.by };
    entry.fields.forEach(([name, value]) => { if (form.elements[name]) form.elements[name].value = value; });
    drop(entry);
    show("");
    form.elements.msisdn.focus();
  }

  function say(id, text) {
    document.querySelectorAll("[data-says]").forEach((each) => { each.hidden = true; });
    const box = document.getElementById(id);
    if (!box || !text) return;
    box.querySelector("[data-text]").textContent = text;
    box.hidden = false;
  }

  async function take(entry) {
    show("sending");
    const answer = await send(entry);
    if (answer.problem) {
      drop(entry);
      say("queue-problem", answer.problem);
      show("");
      return;
    }
    settle(entry, answer);
    form.reset();
    form.dispatchEvent(new CustomEvent("queue:taken"));
    if (answer.waits) show(answer.waits);
    else await flush();
    if (!answer.why) say(`queue-${answer.level ?? "kept"}`, answer.told ?? area.dataset.kept);
  }

  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    say("", "");
    if (!form.reportValidity()) return;
    const entry = { key: drawKey(), at: Date.now(), by: actor, url: form.action, fields: fieldsOf(), ...mended };
    try {
      keep(entry);
    } catch {
      form.submit(); // no room, or none allowed: as a page without script does
      return;
    }
    inTurn(() => take(entry));
  });

  const again = () => { if (read().some((each) => !each.problem)) inTurn(flush); };
  area.querySelector("[data-send]")?.addEventListener("click", again);
  window.addEventListener("online", again);
  window.setInterval(again, RETRY_MS);
  show("");
  again();
})();
