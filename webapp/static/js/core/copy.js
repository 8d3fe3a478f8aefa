// Copy buttons beside texts that can be selected anyway; shown only where copying is possible.

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  const text = button.closest(".citation").querySelector("pre").textContent;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text);
    button.dataset.done = "true";
  });
}
