// Review by keys: digits choose an answer, arrows move between questions and records, Enter saves.

const fieldsets = [...document.querySelectorAll(".final")];
let current = 0;

function select(place) {
  if (place < 0 || place >= fieldsets.length) return;
  fieldsets[current]?.removeAttribute("aria-current");
  current = place;
  fieldsets[current].setAttribute("aria-current", "true");
  fieldsets[current].scrollIntoView({ block: "nearest" });
}

function choose(digit) {
  const radio = fieldsets[current]?.querySelectorAll("input[type=radio]")[digit];
  if (!radio) return;
  radio.checked = true;
  if (radio.value === "override") radio.closest(".choice").querySelector("select, textarea")?.focus();
  else select(current + 1);
}

const follow = (rel) => document.querySelector(`a[rel=${rel}]`)?.click();

function act(event) {
  if (/^[1-9]$/.test(event.key)) choose(Number(event.key) - 1);
  else if (event.key === "ArrowDown") select(current + 1);
  else if (event.key === "ArrowUp") select(current - 1);
  else if (event.key === "ArrowLeft") follow("prev");
  else if (event.key === "ArrowRight") follow("next");
  else if (event.key === "Enter") document.querySelector("form.stack")?.requestSubmit();
  else return;
  event.preventDefault();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest("textarea, select, a, button, summary")) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  act(event);
});
select(0);
