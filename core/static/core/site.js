// Small comforts. Every page works without this file.
(() => {
  "use strict";

  // A form is sent once, and a risky one only after a question.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const button = event.submitter;
    const question = (button && button.dataset.confirm) || form.dataset.confirm;
    if (question && !window.confirm(question)) {
      event.preventDefault();
      return;
    }
    if (form.method !== "post") return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    // After this turn, so that the button's own name and value are still sent.
    setTimeout(() => form.querySelectorAll("button:not([type=button])").forEach((each) => {
      each.setAttribute("aria-disabled", "true");
    }), 0);
  });

  // Coming back with the browser's back button, the form may be sent again (its key protects it).
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-disabled]").forEach((each) => each.removeAttribute("aria-disabled"));
  }));

  // On a phone the filters make room for what they filter, until somebody asks for them.
  document.querySelectorAll("[data-unfold]").forEach((button) => {
    if (window.innerWidth >= 640) return;
    button.hidden = false;
    button.form.classList.add("folded");
    button.addEventListener("click", () => {
      button.hidden = true;
      button.form.classList.remove("folded");
      button.form.querySelector("select").focus();
    });
  });

  // Where the tabs are wider than a phone, the one that is open is seen.
  const showTab = () => document.querySelectorAll(".tabs [aria-current]").forEach((tab) => {
    const tabs = tab.parentNode;
    tabs.scrollLeft += tab.getBoundingClientRect().left - tabs.getBoundingClientRect().left
      - (tabs.clientWidth - tab.offsetWidth) / 2;
  });
  showTab();
  document.addEventListener("live:swapped", showTab);

  // An open menu closes at a click beside it and at Escape.
  const menus = () => document.querySelectorAll("details.menu[open]");
  document.addEventListener("click", (event) => menus().forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  }));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menus().forEach((menu) => {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });

  // A filter that says so is applied when it is chosen; there is a button for everybody else.
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-auto]")) event.target.form.requestSubmit();
  });

  // A usual sentence is put into its field with one touch.
  document.querySelectorAll("[data-fill]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => {
      const field = document.getElementById(button.dataset.into);
      const typed = field.value.trim();
      if (typed.includes(button.dataset.fill)) return;
      field.value = typed + (typed && !/[。！？]$/.test(typed) ? " " : "") + button.dataset.fill;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
  });

  // After an error the summary is read first.
  const summary = document.querySelector(".error-summary");
  if (summary) summary.focus();

  document.querySelectorAll("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });
})();
