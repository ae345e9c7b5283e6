// The SHA-256 of each file chosen, so that the page can say whether another claim rests on the same bytes before they are
// sent. Without it the server says so when the form is sent; it believes nothing from here.
const held = document.querySelector("input[name=digests]");
const files = held ? [...held.form.querySelectorAll("input[type=file]")] : [];

async function digest(file) {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function chosen() {
  const now = files.flatMap((input) => [...input.files]);
  held.value = (await Promise.all(now.map(digest))).join(" ");
  held.dispatchEvent(new Event("change", { bubbles: true }));
}

if (globalThis.crypto?.subtle) files.forEach((input) => input.addEventListener("change", chosen));
