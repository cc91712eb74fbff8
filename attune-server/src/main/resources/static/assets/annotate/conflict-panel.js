import { html } from "lit";
import { t, time } from "../texts.js";
import { fromResponse, inWords } from "./answers.js";
import { Element } from "./element.js";

/** Two answers of the same person to the same record, given in two places: a person chooses. */
class ConflictPanel extends Element {
  static properties = { questions: { attribute: false }, mine: { attribute: false }, theirs: { attribute: false }, record: { attribute: false } };

  render() {
    return html`<section class="conflict" role="alertdialog" aria-label=${t("annotate.conflict")}>
      <h2>${t("annotate.conflict")}</h2>
      <p class="muted">${t("annotate.conflict.help")}</p>
      <table><thead><tr><td></td><th scope="col">${t("annotate.conflict.mine")}</th><th scope="col">${this.theirs ? t("annotate.conflict.theirs", time(new Date(`${this.theirs.updated_at}Z`))) : t("annotate.conflict.gone")}</th></tr></thead>
        <tbody><tr><th scope="row">${t("annotate.conflict.status")}</th><td>${t(`annotate.status.${this.mine.status}`)}</td><td>${this.theirs ? t(`annotate.status.${this.theirs.status}`) : "–"}</td></tr>
        ${this.questions.map((question) => html`<tr><th scope="row">${question.title}</th>
          <td dir="auto">${this.words(question, this.mine.answers)}</td><td dir="auto">${this.words(question, fromResponse(this.theirs))}</td></tr>`)}</tbody></table>
      <div class="choices"><button class="btn" @click=${() => this.tell("resolve", "theirs")}>${t("annotate.conflict.take-theirs")}</button>
        <button class="btn go" @click=${() => this.tell("resolve", "mine")}>${t("annotate.conflict.take-mine")}</button></div>
    </section>`;
  }

  words(question, answers) {
    return inWords(question, answers[question.name], this.record.fields[question.settings.field]);
  }
}
customElements.define("attune-conflict-panel", ConflictPanel);
