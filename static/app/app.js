// Starts GOV.UK Frontend. The address comes from the page, because the served name carries a hash of the content.
const { initAll } = await import(document.getElementById("govuk-frontend").href);
initAll();

// What a swap by htmx brings in is started as well.
document.addEventListener("htmx:load", (event) => {
  if (event.target !== document.body) initAll({ scope: event.target });
});

// Paper cannot be clicked: everything folded away is opened for the print and closed again.
let opened = [];
addEventListener("beforeprint", () => {
  opened = [...document.querySelectorAll("details:not([open])")];
  for (const details of opened) details.open = true;
});
addEventListener("afterprint", () => {
  for (const details of opened) details.open = false;
});

// A form that sends itself twice records a saving twice; the server refuses it too, this spares the person the refusal.
// Released after a moment, because a download leaves its page, and the form on it, standing.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, 5000);
});
