// Only the columns of the chosen task are asked for and sent.
const form = document.querySelector("form.export");
const settle = () => {
  const training = form.elements.format.value === "training";
  for (const select of form.querySelectorAll("select[data-task]")) {
    select.disabled = !training || select.dataset.task !== form.elements.task.value;
    select.closest("label").hidden = select.disabled;
  }
};
form.addEventListener("change", settle);
window.addEventListener("pageshow", settle);
settle();
