// Questions that follow an answer are exchanged once the server has said which they are. Whoever types on meanwhile
// keeps what was typed, and the place: without this, the exchange would put back what stood when the answer was sent.
const fields = "input:not([type=hidden]), select, textarea";

document.addEventListener("htmx:oobBeforeSwap", ({ detail: { target, fragment } }) => {
  for (const typed of target.querySelectorAll(fields)) {
    const chooses = typed.type === "radio" || typed.type === "checkbox";
    for (const field of fragment.querySelectorAll(fields)) {
      if (field.name !== typed.name || (chooses && field.value !== typed.value)) continue;
      if (chooses) field.checked = typed.checked;
      else field.value = typed.value;
    }
  }
  const active = document.activeElement;
  if (!active.id || !target.contains(active)) return;
  const { id, selectionStart, selectionEnd } = active;
  document.addEventListener(
    "htmx:oobAfterSwap",
    () => {
      const field = document.getElementById(id);
      field?.focus();
      if (field && selectionStart != null) field.setSelectionRange(selectionStart, selectionEnd);
    },
    { once: true },
  );
});
