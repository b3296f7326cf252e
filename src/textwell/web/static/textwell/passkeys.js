// Says why a passkey did not come to be or did not open; allauth's script says it to the console.
document.addEventListener("allauth.error", (event) => {
  const told = document.getElementById("passkey-problems").content;
  const name = event.detail.exception?.name;
  const problem = told.querySelector(`[data-error="${name}"]`) ?? told.querySelector("[data-error='']");
  const button = document.getElementById("passkey-button");
  document.getElementById("passkey-problem")?.remove();
  const shown = problem.cloneNode(true);
  shown.id = "passkey-problem";
  button.after(shown);
  event.preventDefault();
});
