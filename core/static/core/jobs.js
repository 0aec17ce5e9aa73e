// Keeps the state of a running job fresh: asks every two seconds, sooner when somebody knows better
// (what the page hears live: see live.js).
(() => {
  "use strict";
  const part = document.querySelector("[data-job]");
  if (!part) return;
  const EVERY = 2000, AT_MOST = 20000;
  let wait = EVERY, timer = 0, asking = false, asked = false;

  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(ask, wait);
  };

  async function ask() {
    if (asking) {
      asked = true;
      return;
    }
    if (document.hidden) return;
    clearTimeout(timer);
    asking = true;
    asked = false;
    try {
      const answer = await fetch(part.dataset.part, { headers: { "X-Requested-With": "fetch" } });
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").body;
      if (fresh.querySelector("[data-over]")) {
        location.replace(location.pathname);
        return;
      }
      if (part.innerHTML !== fresh.innerHTML) part.replaceChildren(...fresh.childNodes);
      wait = EVERY;
    } catch {
      wait = Math.min(wait * 2, AT_MOST);
    } finally {
      asking = false;
    }
    if (asked) ask();
    else later();
  }

  document.addEventListener("visibilitychange", () => document.hidden || ask());
  document.addEventListener("live:heard", ({ detail }) => {
    if (detail.what === "job" && String(detail.ref) === part.dataset.job) ask();
  });
  later();
})();
