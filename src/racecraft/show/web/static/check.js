// An article to be checked; a link to it carries the article itself, packed behind the #.
import { fill } from "/static/parts.js";

const form = document.querySelector("form.check");
const text = form.elements.article;
const link = document.getElementById("link");

async function through(bytes, stream) {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());
}
async function pack(words) {
  const bytes = await through(new TextEncoder().encode(words), new CompressionStream("deflate-raw"));
  const letters = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
async function unpack(packed) {
  const letters = atob(packed.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
  return new TextDecoder().decode(await through(bytes, new DecompressionStream("deflate-raw")));
}

async function check() {
  const place = document.getElementById("claims");
  place.innerHTML = '<p class="waiting">Reading it, and looking everything up …</p>';
  await fill(place, form.dataset.parts, { method: "POST", body: text.value, headers: { "content-type": "text/plain; charset=utf-8" } });
  link.hidden = !place.querySelector("article");
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  check();
});
link.addEventListener("click", async () => {
  history.replaceState(null, "", `#a=${await pack(text.value)}`);
  const said = document.getElementById("copied");
  try {
    await navigator.clipboard.writeText(location.href);
    said.textContent = "Copied.";
  } catch {
    said.textContent = "It is in the address of this page.";
  }
});
if (location.hash.startsWith("#a=")) {
  try {
    text.value = await unpack(location.hash.slice(3));
    check();
  } catch {
    text.placeholder = "The link to the article is broken.";
  }
}
