// On the page of a task: who else has it open, and what became of it while it was read. Nothing is
// pulled from under who reads or writes.
(() => {
  "use strict";
  const page = document.querySelector("[data-task]");
  const frame = document.getElementById("live");
  if (!page || !frame) return;
  const task = Number(page.dataset.task);
  const { url, here, writes } = frame.dataset;
  const say = (message) => document.dispatchEvent(new CustomEvent("live:say", { detail: message }));
  const line = (...words) => document.dispatchEvent(new CustomEvent("live:line", { detail: words }));
  let wrote = 0;

  const open = () => say({ open: task });
  document.addEventListener("live:open", open);
  open(); // the socket may have been quicker than this file
  document.addEventListener("live:said", ({ detail: { present, who, writing } }) => {
    if (present !== task) return;
    const names = who.join("、");
    line("present", writing ? writes.replace("{}", writing) : names && here.replace("{}", names));
  });
  document.addEventListener("input", (event) => {
    if (!event.target.closest("main form[method=post]") || Date.now() < wrote + 3000) return;
    wrote = Date.now();
    say({ writing: task });
  });

  document.addEventListener("live:heard", async ({ detail }) => {
    if (detail.task !== task && !detail.reset && !["gone", "leave"].includes(detail.what)) return;
    const answer = await fetch(`${url}?task=${task}`, { headers: { "X-Live": "1" }, redirect: "manual" });
    if (!answer.ok) return;
    const became = (await answer.json()).task;
    line("became", became.state === page.dataset.state ? "" : became.said, true);
  });
})();
