// An open page hears what changed and fetches its part of it. Every page works without this file.
// The socket says only {"n": number, "what": kind, "task": which}. A part with an id that says
// data-live="tasks", "task-17" or "job-4" is fetched anew, from the page's own address,
// when such a thing changes; [data-count] are the numbers beside the navigation.
(() => {
  "use strict";
  const frame = document.getElementById("live");
  if (!frame) return;
  const { user, url, offline, over, show } = frame.dataset;
  const GAP = 3000, UNSEEN = 10000; // ms from one fetch to the next; when nobody looks at the page
  const POLL = 15000; // ms from one question to the next while no socket opens
  const TASK = ["new", "taken", "released", "handed", "decided", "over", "changed", "gone", "leave"];
  const key = `live-${user}`;
  const number = () => sessionStorage.getItem(key);
  const title = document.title;
  const lines = {};
  const words = new Set(), later = new Set(); // what to fetch; and what when somebody looks again
  let socket, timer, planned, next = 0, failures = 0, ended = false;

  // A line at the edge of the page, and perhaps a link that shows the page anew.
  function line(name, text, again) {
    if (lines[name]) lines[name].remove();
    delete lines[name];
    if (text) {
      const said = lines[name] = document.createElement("p");
      said.textContent = text;
      if (again) {
        const link = document.createElement("a");
        link.href = location.pathname + location.search;
        link.textContent = show;
        said.append(" ", link);
      }
      frame.append(said);
    }
    frame.hidden = !frame.children.length;
  }

  const shown = (count) => (count > 99 ? "99+" : count);
  function count(counts) {
    document.querySelectorAll("[data-count]").forEach((each) => {
      const now = counts[each.dataset.count];
      if (now === undefined) return;
      each.firstChild.textContent = shown(now);
      each.hidden = !now;
    });
    document.title = counts.mine ? `(${shown(counts.mine)}) ${title}` : title;
  }
  function counted(page) {
    const counts = {};
    page.querySelectorAll("[data-count]").forEach((each) => {
      counts[each.dataset.count] = each.hidden ? 0 : parseInt(each.textContent, 10);
    });
    count(counts);
  }

  const TEXT = "textarea, select, input:not([type=checkbox], [type=radio], [type=hidden])";
  // A choice that nobody made is the marked option, or the first where none is marked.
  const unchosen = (list) => Math.max(0, [...list.options].findIndex((option) => option.defaultSelected));
  const written = (field) => {
    if (!field.options) return field.value !== field.defaultValue;
    return field.multiple ? [...field.options].some((each) => each.selected !== each.defaultSelected)
      : field.selectedIndex !== unchosen(field);
  };
  const typed = (field) => field === document.activeElement || written(field);
  const folded = (field) => Boolean(field.closest("details:not([open])"));
  // The same thing in another copy of the page; by its id last, since those of a list are counted.
  const like = (one) => (one.name && `[name="${CSS.escape(one.name)}"][value="${CSS.escape(one.value)}"]`)
    || (one.href && `[href="${CSS.escape(one.getAttribute("href"))}"]`)
    || (one.id && `#${CSS.escape(one.id)}`) || "[no-such]";

  const place = (row) => [...row.parentNode.children].indexOf(row);

  // Put a part in the place of the old one, unless somebody writes in it. What is ticked stays so,
  // also when it is gone from the list: the answer to the act will say why. What is written in a
  // fold that is closed waits there.
  function swap(old, fresh) {
    const fields = [...old.querySelectorAll(TEXT)];
    if (fields.some((field) => !folded(field) && typed(field))) return;
    fields.filter(written).forEach((field) => {
      const there = field.id && fresh.querySelector(`#${CSS.escape(field.id)}`);
      if (there) there.value = field.value;
    });
    old.querySelectorAll(":is([type=checkbox], [type=radio]):checked").forEach((box) => {
      const there = fresh.querySelector(like(box));
      if (there) there.checked = true;
      const row = !there && box.closest("tr, li");
      const rows = row && fresh.querySelector(row.parentNode.tagName);
      if (rows) rows.insertBefore(row.cloneNode(true), rows.children[place(row)] || null);
    });
    old.querySelectorAll("details[id][open]").forEach((each) => {
      const there = fresh.querySelector(like(each));
      if (there) there.open = true;
    });
    const active = old.contains(document.activeElement) && like(document.activeElement);
    old.replaceWith(fresh);
    const again = active && fresh.querySelector(active);
    if (again) again.focus({ preventScroll: true });
    fresh.dispatchEvent(new CustomEvent("live:swapped", { bubbles: true }));
  }

  async function get(address) {
    const answer = await fetch(address, {
      headers: { "X-Live": "1" }, redirect: "manual", cache: "no-store",
    });
    if (answer.type === "opaqueredirect") end();
    if (!answer.ok) throw new Error(answer.status);
    return answer;
  }

  const parts = (now) => [...document.querySelectorAll("[data-live]")].filter((part) => part.id
    && (now.has("all") || part.dataset.live.split(" ").some((word) => now.has(word))));
  async function fetchParts(now) {
    const text = await (await get(location.pathname + location.search)).text();
    const page = new DOMParser().parseFromString(text, "text/html");
    parts(now).forEach((old) => {
      const there = page.getElementById(old.id);
      if (there) swap(old, document.importNode(there, true));
    });
    counted(page);
  }

  // What is heard within a moment is fetched together.
  function heard(signal) {
    sessionStorage.setItem(key, signal.n);
    if (signal.reset) words.add("all");
    if (signal.what) words.add(signal.what);
    if (TASK.includes(signal.what) || signal.task) words.add("tasks").add(`task-${signal.task}`);
    if (signal.ref) words.add(`${signal.what}-${signal.ref}`);
    document.dispatchEvent(new CustomEvent("live:heard", { detail: signal }));
    plan();
  }
  function plan() {
    if (planned || !words.size || ended) return;
    planned = setTimeout(fetchNow, Math.max(next - Date.now(), Math.random() * 200));
  }
  async function fetchNow() {
    const now = new Set(words), looks = !document.hidden;
    words.clear();
    next = Date.now() + (looks ? GAP : UNSEEN);
    if (!looks) now.forEach((word) => later.add(word));
    try {
      await (looks && parts(now).length ? fetchParts(now) : ask(false));
    } catch (error) {
      now.forEach((word) => words.add(word));
      next = Date.now() + UNSEEN;
    }
    planned = null;
    plan();
  }
  document.addEventListener("visibilitychange", () => {
    if (document.hidden || !later.size) return;
    later.forEach((word) => words.add(word));
    later.clear();
    clearTimeout(planned);
    planned = null;
    next = 0;
    plan();
  });

  // The counts; and, where no socket says it, what was missed.
  async function ask(missed) {
    const since = missed && number() !== null ? `?since=${number()}` : "";
    const answer = await (await get(url + since)).json();
    count(answer.counts);
    if (missed) caughtUp(answer);
  }
  function caughtUp(answer) {
    if (answer.reset) heard(answer);
    (answer.missed || []).forEach(heard);
    sessionStorage.setItem(key, answer.n);
  }

  function connect() {
    clearTimeout(timer);
    if (ended || socket) return;
    if (!window.WebSocket) { lost(); return; }
    const made = socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/ws/`);
    const slow = setTimeout(() => made.close(), 10000);
    made.onopen = () => {
      clearTimeout(slow);
      if (number() === null) words.add("all"); // what came since the page was made
      made.send(JSON.stringify({ since: number() === null ? null : Number(number()) }));
      document.dispatchEvent(new CustomEvent("live:open"));
    };
    made.onmessage = (event) => {
      const said = JSON.parse(event.data);
      document.dispatchEvent(new CustomEvent("live:said", { detail: said }));
      if (said.n === undefined) return;
      failures = 0;
      line("offline");
      if (said.missed) caughtUp(said); else heard(said);
      plan();
    };
    made.onclose = () => { clearTimeout(slow); lost(); };
  }

  // No socket: try again, later and later; from the second time on ask by plain requests meanwhile.
  async function lost() {
    socket = null;
    failures += 1;
    line("present");
    timer = setTimeout(connect, (failures < 3 ? 1000 * failures : POLL) * (0.75 + Math.random() / 2));
    if (failures < 2 && window.WebSocket) return;
    try {
      await ask(true);
      line("offline");
    } catch (error) {
      if (!ended) line("offline", offline);
    }
  }

  function end() {
    ended = true;
    clearTimeout(timer);
    line("offline", over, true);
    if (socket) socket.close();
  }

  const leave = () => { if (socket) { socket.onclose = null; socket.close(); socket = null; } };
  window.addEventListener("pagehide", leave);
  window.addEventListener("pageshow", (event) => { if (event.persisted) connect(); });
  window.addEventListener("online", connect);
  window.addEventListener("offline", () => { leave(); lost(); });
  document.addEventListener("live:say", ({ detail }) => {
    if (socket && socket.readyState === 1) socket.send(JSON.stringify(detail));
  });
  document.addEventListener("live:line", ({ detail }) => line(...detail));

  counted(document);
  connect();
})();
