(() => {
  // What a learner does in a page. Runs in the tab's top window. In a package for a learning platform the course stands in
  // a frame of the shell, and that may stand in a frame of the platform.
  const platform = document.getElementById("platform-frame");
  const outer = platform ? platform.contentWindow : window;
  const shell = outer.document.getElementById("sopan-shell");
  const win = shell ? outer.document.querySelector("iframe").contentWindow : window;
  const doc = win.document;

  const all = (selector, root = doc) => [...root.querySelectorAll(selector)];
  const seen = (e) => e && e.getClientRects().length > 0;
  const words = (e) => (e.textContent || "").replace(/\s+/g, " ").trim();
  const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

  async function until(what, condition) {
    for (let i = 0; i < 3000; i++) {
      const value = condition();
      if (value) return value;
      await sleep(10);
    }
    throw new Error(`the page does not come to this: ${what}`);
  }

  /** All that was done is kept: a read waits behind the writes before it. */
  async function saved() {
    const desk = await win.sopan.ready;
    await desk.book.store.read("nothing ");
    return desk;
  }

  function set(control, value) {
    control.value = value;
    control.dispatchEvent(new win.Event("input", { bubbles: true }));
    control.dispatchEvent(new win.Event("change", { bubbles: true }));
  }

  function tick(field, values) {
    for (const input of all("input[type=radio],input[type=checkbox]", field)) {
      if (!input.closest(".q-sure") && input.checked !== values.includes(input.value)) input.click();
    }
  }

  /** How each kind of question is answered, rightly or not. */
  const kinds = {
    choice(field, q, well) {
      const other = q.choices.map((c) => c.id).filter((id) => !q.right.includes(id));
      tick(field, well ? q.right : other.slice(0, 1));
    },
    truefalse: (field, q, well) => tick(field, [String(well ? q.right : !q.right)]),
    text: (field, q, well) => set(all("input", field)[0], well ? q.accepted[0] : "I do not know"),
    number: (field, q, well) => set(all("input", field)[0], String(well ? q.number : q.number + (q.within || 0) + 1)),
    fill(field, q, well) {
      all("[data-blank]", field).forEach((control, i) => {
        const blank = q.blanks[i];
        const choices = blank.choices || [];
        set(control, choices.length ? choices[well ? 0 : 1].id : well ? blank.accepted[0] : "I do not know");
      });
    },
    match(field, q, well) {
      for (const select of all("select[data-source]", field)) {
        const target = q.right[select.dataset.source];
        set(select, well ? target : q.targets.find((t) => t.id !== target).id);
      }
    },
    order(field, q, well) {
      const steps = well ? q.steps : [...q.steps].reverse();
      steps.forEach((step, i) => set(all("select[data-step]", field).find((s) => s.dataset.step === step.id), String(i + 1)));
    },
    write(field, q, well) {
      set(all("textarea", field)[0], "What I would write to the applicant.");
      const show = all(".q-show button", field)[0];
      if (show) show.click();
      for (const select of all("select[data-criterion]", field)) {
        const most = q.rubric.find((c) => c.id === select.dataset.criterion).points;
        set(select, String(well ? most : 0));
      }
    },
    do: (field, q, well) => tick(field, q.steps.slice(0, well ? undefined : 1).map((s) => s.id)),
    rate: (field, q, well) => tick(field, [q.scale[well ? q.scale.length - 1 : 0].id]),
    case() {},
  };
  kinds.sort = kinds.match;

  return {
    /** Whether a page stands there with all its scripts; with an address: this one. */
    at(address) {
      if (doc.readyState !== "complete" || win.stale || !win.sopan || (shell && !outer.sopanShell) || (platform && !shell)) return false;
      if (address && !decodeURI(win.location.pathname).endsWith("/" + address)) return false;
      if (win.settled === undefined) {
        win.settled = false;
        win.sopan.ready.then(() => (win.settled = true));
      }
      return win.settled;
    },

    goTo(address) {
      win.stale = true;
      const to = new URL(win.sopan.page.root + encodeURI(address), win.location.href).href;
      setTimeout(() => (win.location.href = to));
    },

    switchTo(lang) {
      const link = all(".languages a[href]").find((a) => a.lang === lang || a.hreflang === lang);
      if (!link) throw new Error(`the page cannot be switched to ${lang}`);
      win.stale = true;
      setTimeout(() => link.click());
    },

    saved,

    /** Everything is with whoever keeps the records; a platform that has ended the session takes it the next time. */
    async sent() {
      const desk = await saved();
      const over = shell && all("[role=status]", outer.document).some((e) => !e.hidden && words(e));
      if (!desk.recorder || over) return;
      for (let i = 0; i < 300; i++) {
        await desk.recorder.send();
        const aside = await desk.book.store.read("aside ");
        if (aside.length) throw new Error(`a record was refused: ${JSON.stringify(aside[0][1])}`);
        if (!(await desk.book.store.read("outbox ")).length) return;
        await sleep(100);
      }
      throw new Error(`records still wait: ${all(".records-line").map(words).join()}`);
    },

    async read() {
      const button = await until("a button to say that the lesson is read", () => all(".done-button")[0]);
      if (button.getAttribute("aria-disabled") !== "true") button.click();
      await until("the lesson is marked as read", () => button.getAttribute("aria-disabled") === "true");
      await saved();
    },

    /** Scrolls to the end once more, and stays as long as reading takes. */
    async readAgain() {
      const desk = await saved();
      let told = false;
      const keep = desk.keep.bind(desk);
      desk.keep = (rows, happened) => {
        told = told || (happened || []).some((h) => h.what === "experienced");
        return keep(rows, happened);
      };
      await until("the end of a lesson that was read before", () => all(".lesson-end")[0]);
      all(".lesson-end")[0].scrollIntoView();
      // The least time is five seconds, and more of a long lesson.
      for (let i = 0; i < 2000 && !told; i++) await sleep(50);
      if (!told) throw new Error("the lesson is not taken as read again");
      await saved();
    },

    async practise() {
      await until("practice questions", () => all("form.quiz[data-practice] .q-check").find(seen));
      for (const form of all("form.quiz[data-practice]")) {
        const { questions } = JSON.parse(all(".quiz-data", form)[0].textContent);
        for (const field of all("fieldset.q", form)) {
          const q = questions.find((one) => one.id === field.dataset.q);
          kinds[q.kind](field, q, true);
          all(".q-check", field)[0].click();
          await saved();
        }
      }
    },

    async give(number) {
      const form = await until("a form for the number", () => all(".ask-form").find(seen));
      set(all("input", form)[0], number);
      form.requestSubmit();
      await until("the number is kept", () => all(".ask-given").find(seen));
      await saved();
    },

    async withdraw(number) {
      const given = await until("a number that was given", () => all(".ask-given").find(seen));
      if (!words(given).includes(number)) throw new Error(`another number was given: ${words(given)}`);
      all(".ask-withdraw", given)[0].click();
      await until("the number is gone", () => all(".ask-form").find(seen));
      await saved();
    },

    async answer(how) {
      const form = await until("a quiz", () => all("form.quiz:not([data-practice])")[0]);
      const quiz = JSON.parse(all(".quiz-data", form)[0].textContent);
      const desk = await saved();
      const result = all(".quiz-result", form)[0];
      if (!result.hidden) {
        await until("the result", () => result.children.length);
        const again = all(".result-again", result)[0];
        if (!again) throw new Error("no attempt is left");
        again.click();
      }
      const begin = all(".quiz-begin", form).find(seen);
      if (begin) {
        const as = all(".quiz-as input", form)[0];
        if (as) as.click();
        begin.click();
      }
      const open = desk.book.attempts(quiz.key).find((a) => a.finishedAt === undefined);
      for (const field of all("fieldset.q", form).filter((f) => !f.hidden)) {
        const id = field.dataset.q;
        if (how.only && !how.only.includes(id)) continue;
        const kept = open && desk.book.answer(quiz.key, id);
        if (kept && kept.attempt === open.number && kept.response !== null) continue; // before they left
        const mood = how.but[id] || how.all;
        if (mood === "skip") continue;
        const q = quiz.questions.find((one) => one.id === id);
        if (quiz.sealed) field.querySelector("input,select,textarea").click(); // what is right nobody knows here
        else kinds[q.kind](field, q, mood === "right");
        const sure = all(".q-sure input", field);
        if (sure.length) sure[Math.min(1, sure.length - 1)].click();
        const check = all(".q-check", field).find(seen);
        if (check) check.click();
        await saved();
      }
      if (how.handIn) {
        all(".quiz-submit", form)[0].click();
        await until("the quiz is handed in", () => !result.hidden);
      }
      await saved();
    },

    async decide(take) {
      const box = await until("a case study", () => all(".case.is-played")[0]);
      const data = JSON.parse(all(".case-data", box)[0].textContent);
      const scene = () => all(".scene[data-scene]", box).find((s) => !s.hidden);
      const again = all(".case-end button.button", scene()).find(seen);
      if (again) again.click();
      for (const to of take[0] === "best" ? data.best.slice(1) : take) {
        const here = scene();
        const link = all("a.decision", here).find((a) => decodeURIComponent(a.hash.slice(1)) === to);
        if (!link) throw new Error(`no decision leads from ${here.dataset.scene} to ${to}; there are: ${all("a.decision", here).map((a) => `${a.hash.slice(1)} (${words(a)})`).join(", ")}`);
        link.click();
        await until(`the scene ${to}`, () => scene().dataset.scene === to);
        await saved();
      }
    },
  };
})()
