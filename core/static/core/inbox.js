// Keys, ticks and calls in the lists of tasks and on a task's page. Every page works without this file.
(() => {
  "use strict";
  const one = (selector, within = document) => within.querySelector(selector);
  const all = (selector) => [...document.querySelectorAll(selector)];
  const sheet = one("#keys");
  const openSheet = () => { if (sheet && !sheet.open) sheet.showModal(); };
  all("[data-keys]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", openSheet);
  });

  // The row in which the focus is; the list may be swapped for a fresh one at any time.
  const rows = () => all("[data-row]");
  const here = () => document.activeElement.closest("[data-row]");
  function step(by) {
    const there = rows();
    if (!there.length) return;
    const now = there.indexOf(here());
    const next = there[now < 0 ? (by > 0 ? 0 : there.length - 1) : now + by];
    if (next) one("th a", next).focus();
  }

  // Ticks: "all" follows the rows, and the rows follow "all".
  const ticks = () => all("[name=task][type=checkbox]");
  function even() {
    const every = ticks().length > 0 && ticks().every((tick) => tick.checked);
    all("[data-all]").forEach((box) => { box.checked = every; });
  }
  document.addEventListener("change", ({ target }) => {
    if (target.matches("[data-all]")) ticks().forEach((tick) => { tick.checked = target.checked; });
    if (target.matches("[data-all], [name=task]")) even();
  });
  document.addEventListener("live:swapped", even);

  // An act of a list on the row in which the focus is, or on what is ticked already.
  function act(name) {
    const button = one(`.bar [name=act][value=${name}]`);
    const tick = here() && one("[name=task]", here());
    if (!button || (!tick && !ticks().some((each) => each.checked))) return;
    if (tick) tick.checked = true;
    even();
    const menu = button.closest("details");
    if (!menu) { button.click(); return; }
    menu.open = true;
    one("textarea, input, select", menu).focus();
  }

  // On a task's page: to the answer, with the decision chosen where there is one.
  function answer(decision) {
    const form = one("#answer") || one(".desk form[method=post]");
    if (!form) return;
    const radio = one(`[name=decision][value=${decision}]`, form);
    if (radio) radio.checked = true;
    else if (decision !== "approve") return;
    (one("textarea", form) || one("input:not([type=hidden]), select", form)).focus();
    form.scrollIntoView({ block: "center" });
  }
  function unfold(id) {
    const folded = document.getElementById(id);
    if (!folded) return;
    folded.open = true;
    one("input:not([type=hidden])", folded).focus();
  }

  const onTask = Boolean(one("[data-task]"));
  const KEYS = {
    j: () => step(1),
    k: () => step(-1),
    x: () => { const tick = here() && one("[name=task]", here()); if (tick) tick.click(); },
    a: () => (onTask ? answer("approve") : act("approve")),
    r: () => (onTask ? answer("return") : act("release")),
    h: () => (onTask ? unfold("hold") : act("hold")),
    "/": () => { const search = one("main [type=search]"); if (search) search.focus(); },
    "?": openSheet,
  };
  const LISTS = "tqpwd"; // after g, in the order of the sheet's data-lists
  let went = 0; // when g was pressed

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.keyCode === 229) return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat && !"jk".includes(event.key)) return;
    const { target, key } = event;
    if (key === "Enter" && target.matches(".bulk input")) event.preventDefault(); // no act by itself
    if (target.isContentEditable || (sheet && sheet.open)) return;
    if (target.matches("textarea, select, input:not([type=checkbox], [type=radio])")) return;
    const list = LISTS.indexOf(key);
    if (Date.now() - went < 1500 && list >= 0 && sheet) {
      event.preventDefault();
      window.location.assign(sheet.dataset.lists.split(" ")[list]);
      return;
    }
    went = key === "g" ? Date.now() : 0;
    if (!Object.hasOwn(KEYS, key)) return;
    event.preventDefault();
    KEYS[key]();
  });

  // A name is put where one writes.
  document.addEventListener("click", ({ target }) => {
    const name = target.dataset && target.dataset.mention;
    const text = name && one("textarea", target.form);
    if (!text) return;
    const before = text.value.slice(0, text.selectionStart);
    const gap = before && !/\s$/.test(before) ? " " : "";
    text.setRangeText(`${gap}@${name} `, text.selectionStart, text.selectionEnd, "end");
    text.focus();
  });

  // What is written in one form and not sent is lost when another one is sent: ask first.
  document.addEventListener("submit", (event) => {
    if (!sheet || event.target.method !== "post") return;
    const unsent = all("main form textarea").some((text) =>
      text.form !== event.target && text.value.trim() && text.value !== text.defaultValue);
    if (unsent && !window.confirm(sheet.dataset.unsent)) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  }, true);
})();
