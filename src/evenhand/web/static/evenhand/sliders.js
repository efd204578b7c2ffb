// A slider beside each number field that names its step: the two always say the same. Only the field is sent.
for (const field of document.querySelectorAll("input[data-slider]")) {
  const slider = document.createElement("input");
  Object.assign(slider, { type: "range", min: field.min, max: field.max, step: field.dataset.slider });
  slider.value = field.value;
  slider.setAttribute("aria-label", `${field.labels[0].textContent.trim()}, slider`);
  slider.addEventListener("input", () => {
    field.value = slider.value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  field.addEventListener("input", () => {
    if (field.value !== "") slider.value = field.value;
  });
  field.after(slider);
}
