// The page of a learning platform, around scorm-again: it keeps what an attempt leaves, launches the course in a frame, and
// notes every call. The test says what it wants through window.platform.
(() => {
  const query = new URLSearchParams(location.search);
  const is2004 = query.get("version") === "2004";
  const name = is2004 ? "API_1484_11" : "API";
  const keys = is2004
    ? ["suspend_data", "location", "completion_status", "success_status", "progress_measure", "score.scaled", "score.raw", "score.min", "score.max"]
    : ["suspend_data", "core.lesson_location", "core.lesson_status", "core.score.raw", "core.score.min", "core.score.max"];
  const core = is2004 ? "" : "core.";
  const calls = is2004
    ? ["Initialize", "GetValue", "SetValue", "Commit", "Terminate", "GetLastError", "GetErrorString", "GetDiagnostic"]
    : ["Initialize", "GetValue", "SetValue", "Commit", "Finish", "GetLastError", "GetErrorString", "GetDiagnostic"].map((c) => "LMS" + c);
  const reach = (cmi, key, value) => {
    const parts = key.split(".");
    const last = parts.pop();
    const at = parts.reduce((o, part) => o[part], cmi);
    if (value !== undefined) at[last] = value;
    return at[last];
  };
  const platform = window.platform = {
    log: [],
    kept: null,
    /** Commits fail, as where the platform's session has run out. */
    broken: false,
    /** How long the API is not there. */
    late: 0,
    launch({ learner = "learner-1", mode = "normal", lang = "", loose = false, page = "index.html" } = {}) {
      const made = loose ? looseAPI(learner) : standard(learner, mode, lang);
      const noted = {};
      for (const call of calls) {
        noted[call] = (...given) => {
          if (platform.broken && call.endsWith("Commit")) {
            platform.log.push({ call, given, gave: "false", error: "101" });
            return "false";
          }
          const gave = made[call](...given);
          if (!/GetLastError|GetErrorString|GetDiagnostic/.test(call)) {
            platform.log.push({ call, given, gave: String(gave), error: String(made[calls[5]]()), at: performance.now() });
          }
          return gave;
        };
      }
      delete window[name];
      setTimeout(() => { window[name] = noted; }, platform.late);
      if (!platform.late) window[name] = noted;
      const frame = document.createElement("iframe");
      frame.src = "course/" + page;
      document.body.append(frame);
      platform.api = made;
    },
    /** The learner goes back to the platform. */
    leave() {
      document.querySelector("iframe").remove();
    },
    /** The next launch begins a new attempt. */
    retry() {
      platform.kept = null;
    },
  };

  function standard(learner, mode, lang) {
    const api = new (is2004 ? window.Scorm2004API : window.Scorm12API)({ autocommit: false, logLevel: 5 });
    const { cmi } = api;
    const kept = platform.kept;
    reach(cmi, is2004 ? "learner_id" : "core.student_id", learner);
    reach(cmi, is2004 ? "learner_name" : "core.student_name", "Sharma, Meera");
    reach(cmi, is2004 ? "mode" : "core.lesson_mode", mode);
    reach(cmi, core + "entry", kept ? "resume" : "ab-initio");
    if (lang) reach(cmi, is2004 ? "learner_preference.language" : "student_preference.language", lang);
    for (const [key, value] of Object.entries(kept || {})) if (value !== "") reach(cmi, key, value);
    const finish = is2004 ? "Terminate" : "LMSFinish";
    const wrapped = Object.create(api);
    for (const call of calls) {
      const method = is2004 ? "lms" + call : "lms" + call.slice(3);
      wrapped[call] = (...given) => {
        if (call === finish) {
          const values = Object.fromEntries(keys.map((key) => [key, reach(cmi, key)]));
          // As the standard has it: who does not suspend begins anew.
          platform.kept = platform.suspended ? values : null;
        }
        if (/SetValue$/.test(call) && given[0] === (is2004 ? "cmi.exit" : "cmi.core.exit")) platform.suspended = given[1] === "suspend";
        return (api[call] || api[method]).apply(api, given);
      };
    }
    return wrapped;
  }

  /** As iGOT's: true for "true", the value for "true", "" and an error for what was never set; nothing is checked. */
  function looseAPI(learner) {
    const values = platform.kept || (platform.kept = {});
    let error = 0;
    return {
      LMSInitialize: () => true,
      LMSFinish: () => true,
      LMSCommit: () => true,
      LMSGetValue(key) {
        const value = key === "cmi.core.student_id" ? learner : values[key];
        error = value === undefined ? 201 : 0;
        return value === undefined ? "" : value;
      },
      LMSSetValue(key, value) {
        error = 0;
        return (values[key] = value);
      },
      LMSGetLastError: () => error,
      LMSGetErrorString: () => "",
      LMSGetDiagnostic: () => "",
    };
  }
})();
