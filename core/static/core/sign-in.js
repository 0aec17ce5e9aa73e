// On the demo: a button fills in an account. Typing it works as well.
(() => {
  "use strict";
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-fill-username]");
    if (!button) return;
    document.getElementById("id_username").value = button.dataset.fillUsername;
    const password = document.getElementById("id_password");
    password.value = button.dataset.fillPassword;
    password.form.querySelector("button.primary").focus();
  });
})();
