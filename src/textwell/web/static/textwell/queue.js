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

  const own = ["csrfmiddlewaretoken", "key", "age_s"];
  const fieldsOf = () => [...new FormData(form)].filter(([name]) => !own.includes(name));

  async function send(entry) {
    const body = new FormData();
    entry.fields.forEach(([name, value]) => body.append(name, value));
    body.set("key", entry.key);
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
    if (response.status !== 200 && response.status !== 422) return { waits: "later" };
    const answer = await response.json().catch(() => ({ waits: "later" }));
    if (response.status === 200 && !answer.waits) drop(entry);
    return answer;
  }

  // One at a time, whoever asks.
  let turn = Promise.resolve();
  const inTurn = (work) => (turn = turn.then(work, work));

  async function flush() {
    let sent = 0;
    for (const entry of read().filter((each) => !each.problem)) {
      show("sending");
      const answer = await send(entry);
      if (answer.problem && localStorage.getItem(PREFIX + entry.key)) refuse(entry, answer.problem);
      if (answer.waits) return show(answer.waits);
      if (!answer.problem) sent += 1;
    }
    if (sent) say("queue-success", `${area.dataset.sent} ${sent}`);
    show("");
  }

  // What can never be taken: a member mends it. On a kiosk the person is gone, and the server counted it.
  function refuse(entry, problem) {
    if (area.dataset.mends) keep({ ...entry, problem });
    else drop(entry);
  }

  function show(state) {
    const all = read();
    const waiting = all.filter((each) => !each.problem).length;
    area.hidden = waiting === 0;
    area.querySelector("[data-count]").textContent = waiting;
    area.querySelectorAll("[data-state]").forEach((each) => { each.hidden = each.dataset.state !== state; });
    showRefused(all.filter((each) => each.problem));
  }

  function showRefused(refused) {
    const list = document.getElementById("queue-refused");
    if (!list) return;
    list.hidden = refused.length === 0;
    list.querySelector("ul").replaceChildren(...refused.map((entry) => {
      const row = document.getElementById("queue-row").content.cloneNode(true);
      const number = entry.fields.find(([name]) => name === "msisdn")?.[1] ?? "";
      row.querySelector("[data-what]").textContent = `…${number.slice(-3)}: ${entry.problem}`;
      row.querySelector("button").addEventListener("click", () => putBack(entry));
      return row;
    }));
  }

  function putBack(entry) {
    form.reset();
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
    form.reset();
    form.dispatchEvent(new CustomEvent("queue:taken"));
    if (answer.waits) show(answer.waits);
    else await flush();
    say(`queue-${answer.level ?? "kept"}`, answer.told ?? area.dataset.kept);
  }

  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    say("", "");
    if (!form.reportValidity()) return;
    const entry = { key: drawKey(), at: Date.now(), url: form.action, fields: fieldsOf() };
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
