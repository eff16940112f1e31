(() => {
  // A learning platform that speaks SCORM, to the letter: what the standard does not allow is refused, and listed. What an
  // attempt has committed is kept under "platform" in this origin's localStorage, which outlives a launch.
  const { version, learner, lang } = JSON.parse(document.getElementById("platform-data").textContent);
  const old = version === "1.2";
  const core = old ? "cmi.core." : "cmi.";
  const real = "-?\\d{1,7}(\\.\\d{1,7})?";
  const time = old ? "\\d{2,4}:[0-5]\\d:[0-5]\\d(\\.\\d{1,2})?" : "P(\\d+D)?(T(\\d+H)?(\\d+M)?(\\d+(\\.\\d{1,2})?S)?)?";

  /** Elements that may be set, and their values; # is the number of an interaction. */
  const writable = old ? {
    "cmi.core.lesson_location": "[\\x20-\\x7e]{0,255}",
    "cmi.core.lesson_status": "passed|completed|failed|incomplete|browsed",
    "cmi.core.exit": "time-out|suspend|logout|",
    "cmi.core.session_time": time,
    "cmi.core.score.raw": "(\\d{1,2}(\\.\\d+)?|100(\\.0+)?)?",
    "cmi.core.score.min": "(\\d{1,2}(\\.\\d+)?|100(\\.0+)?)?",
    "cmi.core.score.max": "(\\d{1,2}(\\.\\d+)?|100(\\.0+)?)?",
    "cmi.suspend_data": "[\\x20-\\x7e]{0,4096}",
    "cmi.comments": "[^]{0,4096}",
    "cmi.interactions.#.id": "[A-Za-z0-9_.-]{1,255}",
    "cmi.interactions.#.type": "true-false|choice|fill-in|matching|performance|likert|sequencing|numeric",
    "cmi.interactions.#.time": "([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d{1,2})?",
    "cmi.interactions.#.weighting": real,
    "cmi.interactions.#.student_response": "[^]{0,255}",
    "cmi.interactions.#.result": `correct|wrong|unanticipated|neutral|${real}`,
    "cmi.interactions.#.latency": time,
  } : {
    "cmi.location": "[^]{0,1000}",
    "cmi.completion_status": "completed|incomplete|not attempted|unknown",
    "cmi.success_status": "passed|failed|unknown",
    "cmi.progress_measure": "0(\\.\\d{1,7})?|1(\\.0+)?",
    "cmi.exit": "time-out|suspend|logout|normal|",
    "cmi.session_time": time,
    "cmi.score.scaled": "-?(0(\\.\\d{1,7})?|1(\\.0+)?)",
    "cmi.score.raw": real,
    "cmi.score.min": real,
    "cmi.score.max": real,
    "cmi.suspend_data": "[^]{0,64000}",
    "cmi.interactions.#.id": "[!-~]{1,4000}",
    "cmi.interactions.#.type": "true-false|choice|fill-in|long-fill-in|matching|performance|likert|sequencing|numeric|other",
    "cmi.interactions.#.timestamp": "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,2})?(Z|[+-]\\d\\d(:\\d\\d)?)?",
    "cmi.interactions.#.weighting": real,
    "cmi.interactions.#.learner_response": "[^]{0,4000}",
    "cmi.interactions.#.result": `correct|incorrect|unanticipated|neutral|${real}`,
    "cmi.interactions.#.latency": time,
    "cmi.interactions.#.description": "(\\{lang=[A-Za-z-]+\\})?[^]{0,250}",
  };

  /** An answer in the forms that its type has. */
  const short = old ? "[a-z0-9]" : "[!-~]{1,250}?";
  const [comma, dot] = old ? [",", "\\."] : ["\\[,\\]", "\\[\\.\\]"];
  const listed = (one) => `${one}(${comma}${one})*`;
  const answers = {
    "true-false": old ? "[tf01]" : "true|false",
    choice: listed(short),
    sequencing: listed(short),
    likert: short,
    matching: listed(short + dot + short),
    numeric: real,
  };

  const platform = JSON.parse(localStorage.getItem("platform") || "null") || { values: {}, launches: 0, violations: [] };
  platform.launches++;
  const keep = () => localStorage.setItem("platform", JSON.stringify(platform));
  keep();
  const { values } = platform;
  const first = values[core + "exit"] !== "suspend";
  Object.assign(values, old ? {
    "cmi.core.student_id": learner, "cmi.core.student_name": "Learner, A", "cmi.student_preference.language": lang,
    "cmi.core.credit": "credit", "cmi.core.lesson_mode": "normal", "cmi.launch_data": "",
  } : {
    "cmi.learner_id": learner, "cmi.learner_name": "A Learner", "cmi.learner_preference.language": lang,
    "cmi.credit": "credit", "cmi.mode": "normal",
  });
  values[core + "entry"] = first ? "ab-initio" : "resume";
  if (first && old) values["cmi.core.lesson_status"] = "not attempted";
  delete values[core + "exit"];
  let state = "before";
  let last = "0";

  const count = () => Object.keys(values).filter((key) => /^cmi\.interactions\.\d+\.id$/.test(key)).length;
  const refuse = (code, what) => {
    platform.violations.push(what);
    keep();
    last = code;
    return "false";
  };
  const fine = (value = "true") => {
    last = "0";
    return value;
  };
  const running = (call) => state === "running" ? "" : refuse(old ? "301" : "132", `${call} ${state} the session`);

  const api = {
    Initialize(given) {
      if (state !== "before") return refuse(old ? "101" : "103", `a second Initialize, ${state} the session`);
      if (given !== "") return refuse("201", "Initialize takes an empty text");
      state = "running";
      return fine();
    },
    GetValue(key) {
      if (running(`GetValue ${key}`)) return "";
      if (key === "cmi.interactions._count") return fine(String(count()));
      if (/^cmi\.interactions\.\d/.test(key) && old || /(exit|session_time)$/.test(key)) {
        refuse(old ? "404" : "405", `${key} can only be set`);
        return "";
      }
      last = key in values || old ? "0" : "403";
      return values[key] === undefined ? "" : values[key];
    },
    SetValue(key, value) {
      if (running(`SetValue ${key}`)) return "false";
      if (typeof value !== "string") return refuse("201", `${key} is given as ${typeof value}`);
      const [, n, field] = /^cmi\.interactions\.(\d+)\.(.*)$/.exec(key) || [];
      const form = writable[n === undefined ? key : `cmi.interactions.#.${field}`];
      if (form === undefined) return refuse(old ? "402" : "401", `${key} is nothing that can be set`);
      if (!new RegExp(`^(?:${form})$`).test(value)) return refuse(old ? "405" : "406", `${key} cannot be ${JSON.stringify(value.slice(0, 80))} (${value.length} characters)`);
      if (n !== undefined) {
        if (Number(n) > count() || (Number(n) === count() && field !== "id")) return refuse(old ? "201" : "351", `${key} is set before ${count()} has its id`);
        const type = values[`cmi.interactions.${n}.type`];
        if (/_response$/.test(field) && answers[type] && !new RegExp(`^(?:${answers[type]})$`).test(value)) {
          return refuse(old ? "405" : "406", `${key} is no answer to a ${type}: ${JSON.stringify(value)}`);
        }
      }
      values[key] = value;
      return fine();
    },
    Commit(given) {
      if (running("Commit")) return "false";
      if (given !== "") return refuse("201", "Commit takes an empty text");
      keep();
      return fine();
    },
    Terminate(given) {
      if (running("Terminate")) return "false";
      if (given !== "") return refuse("201", "Terminate takes an empty text");
      state = "after";
      keep();
      return fine();
    },
    GetLastError: () => last,
    GetErrorString: (code) => `Error ${code}`,
    GetDiagnostic: (code) => `Error ${code}`,
  };
  const renamed = { Terminate: "Finish" };
  if (!old) window.API_1484_11 = api;
  else window.API = Object.fromEntries(Object.entries(api).map(([name, call]) => [`LMS${renamed[name] || name}`, call]));

  const frame = document.createElement("iframe");
  frame.id = "platform-frame";
  frame.src = "/course/index.html";
  document.body.append(frame);
})();
