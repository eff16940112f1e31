package themes_test

import (
	"bytes"
	"html/template"
	"testing"

	"sopan.dev/sopan/builder/page"
)

// story is the fixture course in one language: enough text to see its script,
// its lines and its longest words.
type story struct {
	dir, name, site, course, summary, lesson, lead, para, heading, term string
	modules                                                             []string
	steps                                                               []string
	question, how                                                       string
	choices                                                             []string
	right                                                               string
	scene, where, decision                                              string
}

var stories = map[string]story{
	"en": {
		dir: "ltr", name: "English", site: "Sopan sample courses", course: "Mission Karmayogi for officers on the front line",
		summary: "Why the training of civil servants in India is changing, and what you can do with it at your own desk this month.",
		lesson:  "When the old rules do not fit", lead: "Four words for a world that changes faster than circulars do.",
		para:    "A counter opens at ten. Forty people stand in line. One paper is missing, the network is down, and a man asks why his neighbour's work was done and his was not. This lesson is about that counter, and about the officer who sits behind it.",
		heading: "What changes under your hands", term: "competency",
		modules:  []string{"Why change", "Roles and competencies", "Learning anywhere", "Ethics and service"},
		steps:    []string{"When the old rules do not fit", "From rules to roles", "What a district collector can see from a tehsil", "The missing file", "Check: why change"},
		question: "Forty people wait and the network is down. What do you do first?", how: "Choose one",
		choices: []string{"Close the counter until the network is back", "Tell the line what works now, and take papers for the rest with a written receipt", "Call the help desk and wait for their answer"},
		right:   "People can plan their day once they know what works. The receipt keeps their place.",
		scene:   "The counter closes", where: "Tehsil office, Amarpur. Monday, ten days before the term ends.", decision: "Order a search of the old record room, and write down who searched what",
	},
	"hi": {
		dir: "ltr", name: "हिन्दी", site: "सोपान के नमूना पाठ्यक्रम", course: "मिशन कर्मयोगी: जनता से सीधे मिलने वाले अधिकारियों के लिए",
		summary: "भारत में सिविल सेवकों का प्रशिक्षण क्यों बदल रहा है, और इस महीने आप अपनी मेज़ पर उससे क्या कर सकते हैं।",
		lesson:  "जब पुराने नियम काम न आएँ", lead: "उस दुनिया के लिए चार शब्द, जो परिपत्रों से तेज़ बदलती है।",
		para:    "दस बजे खिड़की खुलती है। चालीस लोग कतार में खड़े हैं। एक काग़ज़ नहीं मिल रहा, नेटवर्क बंद है, और एक आदमी पूछता है कि पड़ोसी का काम हो गया तो उसका क्यों नहीं हुआ। यह पाठ उसी खिड़की के बारे में है, और उसके पीछे बैठे अधिकारी के बारे में।",
		heading: "आपके हाथों में क्या बदलता है", term: "दक्षता",
		modules:  []string{"बदलाव क्यों", "भूमिकाएँ और दक्षताएँ", "कहीं भी सीखना", "नैतिकता और सेवा"},
		steps:    []string{"जब पुराने नियम काम न आएँ", "नियमों से भूमिकाओं तक", "तहसील से ज़िला कलेक्टर क्या देख सकता है", "गुम हुई फ़ाइल", "जाँच: बदलाव क्यों"},
		question: "चालीस लोग प्रतीक्षा में हैं और नेटवर्क बंद है। सबसे पहले आप क्या करेंगे?", how: "एक चुनिए",
		choices: []string{"नेटवर्क आने तक खिड़की बंद कर देंगे", "कतार को बताएँगे कि अभी क्या हो सकता है, और बाक़ी के काग़ज़ लिखित रसीद देकर रख लेंगे", "हेल्प डेस्क को फ़ोन करके उनके उत्तर की राह देखेंगे"},
		right:   "जब लोगों को पता हो कि क्या हो सकता है, तब वे अपना दिन तय कर पाते हैं। रसीद से उनकी जगह बनी रहती है।",
		scene:   "खिड़की बंद होती है", where: "तहसील कार्यालय, अमरपुर। सोमवार, अवधि पूरी होने से दस दिन पहले।", decision: "पुराने अभिलेख कक्ष में खोज का आदेश दें, और लिखें कि किसने क्या खोजा",
	},
	"ur": {
		dir: "rtl", name: "اردو", site: "سوپان کے نمونہ کورس", course: "مشن کرم یوگی: عوام سے براہِ راست ملنے والے افسران کے لیے",
		summary: "بھارت میں سرکاری ملازمین کی تربیت کیوں بدل رہی ہے، اور اس مہینے آپ اپنی میز پر اس سے کیا کر سکتے ہیں۔",
		lesson:  "جب پرانے قاعدے کام نہ آئیں", lead: "اس دنیا کے لیے چار لفظ جو سرکلروں سے تیز بدلتی ہے۔",
		para:    "دس بجے کھڑکی کھلتی ہے۔ چالیس لوگ قطار میں کھڑے ہیں۔ ایک کاغذ نہیں مل رہا، نیٹ ورک بند ہے، اور ایک آدمی پوچھتا ہے کہ پڑوسی کا کام ہو گیا تو اس کا کیوں نہیں ہوا۔ یہ سبق اسی کھڑکی کے بارے میں ہے۔",
		heading: "آپ کے ہاتھوں میں کیا بدلتا ہے", term: "اہلیت",
		modules:  []string{"تبدیلی کیوں", "کردار اور اہلیتیں", "کہیں بھی سیکھنا", "اخلاق اور خدمت"},
		steps:    []string{"جب پرانے قاعدے کام نہ آئیں", "قاعدوں سے کرداروں تک", "تحصیل سے ضلع کلکٹر کیا دیکھ سکتا ہے", "گم شدہ فائل", "جانچ: تبدیلی کیوں"},
		question: "چالیس لوگ انتظار میں ہیں اور نیٹ ورک بند ہے۔ سب سے پہلے آپ کیا کریں گے؟", how: "ایک چنیے",
		choices: []string{"نیٹ ورک آنے تک کھڑکی بند", "قطار کو بتائیں کہ ابھی کیا ہو سکتا ہے، اور باقی کاغذ لکھی ہوئی رسید دے کر رکھ لیں", "ہیلپ ڈیسک کو فون"},
		right:   "جب لوگوں کو پتا ہو کہ کیا ہو سکتا ہے، تب وہ اپنا دن طے کر پاتے ہیں۔",
		scene:   "کھڑکی بند ہوتی ہے", where: "تحصیل دفتر، امرپور۔ پیر۔", decision: "پرانے ریکارڈ روم میں تلاش کا حکم دیں",
	},
}

func fixtures(t *testing.T, set *template.Template, lang string, words map[string]string) map[string]any {
	t.Helper()
	s := stories[lang]
	var alternates []page.Alternate
	for _, l := range []string{"en", "hi", "ur"} {
		if lang != "ur" && l == "ur" {
			continue // two languages are one link, three are a list: both are looked at
		}
		alternates = append(alternates, page.Alternate{Lang: l, Name: stories[l].name, Href: "../" + l + "/lesson.html", Same: true, Current: l == lang})
	}
	common := func(kind, title string, crumbs ...page.Link) page.Common {
		return page.Common{
			Kind: kind, Lang: lang, Dir: s.dir, Title: title, HeadTitle: title + " · " + s.course, Description: s.summary, SiteTitle: s.site,
			Root: "./", Home: "site.html", Map: "map.html", Glossary: "glossary.html", MyRecords: "records.html",
			Links:  []page.Link{{Href: "contact.html", Title: "Contact"}, {Href: "accessibility.html", Title: "Accessibility"}},
			Course: &page.Link{Href: "course.html", Title: s.course, Key: "course"}, Icon: "favicon.svg",
			Styles: []string{"sopan.css"}, Alternates: alternates,
			Crumbs: append([]page.Link{{Href: "site.html", Title: words["home"]}}, append(crumbs, page.Link{Title: title})...),
			Data:   `<script type="application/json" id="sopan-page">{"v":1}</script>`,
			CSP:    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'",
			Draft:  kind == "lesson" && lang == "hi", Publisher: s.site, Updated: "21 November 2026", Words: words,
		}
	}
	types := []string{"lesson", "lesson", "lesson", "case", "quiz"}
	hrefs := []string{"lesson.html", "lesson.html#x", "lesson.html#y", "case.html", "quiz.html"}
	var flights []page.Flight
	for m, title := range s.modules {
		f := page.Flight{Link: page.Link{Href: "module.html", Title: title, Key: title}, Summary: s.lead, Minutes: 45, Time: "45 min", Current: m == 0}
		for i, step := range s.steps {
			f.Steps = append(f.Steps, page.Step{Link: page.Link{Href: hrefs[i], Title: step, Key: title + "/" + step}, Type: types[i], Minutes: 12, Current: m == 0 && i == 0})
		}
		flights = append(flights, f)
	}
	flights = append(flights, page.Flight{Steps: []page.Step{{Link: page.Link{Href: "quiz.html", Title: "Final test", Key: "final", Lang: "en"}, Type: "quiz"}}})
	var outline bytes.Buffer
	err := set.ExecuteTemplate(&outline, "outline.html", page.OutlineView{Words: words, Course: page.Link{Href: "course.html", Title: s.course}, Flights: flights})
	if err != nil {
		t.Fatal(err)
	}
	side := template.HTML(outline.String())
	competencies := []page.CompetencyView{
		{ID: "people-first", Title: "People First", Area: "Ethos", Level: 2, Levels: 5},
		{ID: "records", Title: "Taking Accountability", Area: "Ethics", Level: 4, Levels: 5, LevelName: "expert"},
	}
	sources := []page.SourceView{
		{Title: "Right to Information Act, 2005", URL: "https://rti.gov.in/", Publisher: "Government of India", Date: "2005"},
		{Title: "Office order 12"},
	}
	prev, next := &flights[0].Steps[0], &flights[0].Steps[1]
	module := page.Link{Href: "module.html", Title: s.modules[0]}
	course := page.Link{Href: "course.html", Title: s.course}
	paragraph := template.HTML("<p>" + s.para + "</p>")
	scenes := []page.SceneView{
		{ID: "start", Number: 1, Title: template.HTML(s.scene), Where: template.HTML(s.where), Body: paragraph + paragraph, Start: true, Decisions: []page.DecisionView{
			{Text: template.HTML(s.decision), Target: "found", TargetTitle: s.heading, ID: "found", Number: 1, Best: true, Points: `{"people-first":1}`, Scores: []page.ScoreView{{Title: s.term, Points: "+1"}, {Title: "Taking Accountability", Points: "−2"}}}, {Text: template.HTML(s.choices[0]), Target: "found", TargetTitle: s.heading, ID: "found~2", Number: 2}, {Text: template.HTML(s.choices[1]), Target: "found", TargetTitle: s.heading, ID: "found~2", Number: 2}}},
		{ID: "found", Number: 2, Title: template.HTML(s.heading), Body: paragraph + `<section class="block block-debrief" aria-label="x"><p class="block-title">` + template.HTML(words["debrief"]) + `</p>` + paragraph + `</section>`, Ending: true},
	}
	graph := template.HTML(`<svg class="graph" role="img" aria-labelledby="case-graph-title case-graph-desc" text-anchor="middle" viewBox="0 0 400 120" width="26.66em" height="8em"><title id="case-graph-title">` + s.scene + `</title><desc id="case-graph-desc">` + s.lead + `</desc><g class="node"><rect x="12" y="12" width="168" height="60" rx="6"/><text x="96" y="40" font-size="15">` + s.heading + `</text></g></svg>`)
	return map[string]any{
		"site": page.SitePage{Common: common("site", s.site), Summary: s.summary, Courses: []page.CourseCard{
			{Link: course, Summary: s.summary, Time: "4 h", Modules: 4, Lessons: 21, Langs: []string{"English", "हिन्दी"}},
			{Link: page.Link{Href: "course.html", Title: "Right to Information for front offices", Lang: "en"}, Lessons: 3},
		}},
		"course": page.CoursePage{Common: common("course", s.course), Summary: s.summary, Body: paragraph, Time: "4 h 5 min",
			Outcomes: []string{s.lead, s.lesson, s.heading}, Audience: s.lead, Competencies: competencies, Flights: flights,
			First:    &page.Link{Href: "lesson.html", Title: s.lesson},
			Complete: s.lead, Sources: sources, Authors: []string{"Asha Rao", "R. Menon"}, Licence: "CC BY 4.0"},
		"module": page.ModulePage{Common: common("module", s.modules[0], course), Summary: s.lead, Body: paragraph, Time: "45 min",
			Flight: flights[0], Outline: side, Prev: prev, Next: next},
		"lesson": page.LessonPage{Common: common("lesson", s.lesson, course, module), Summary: s.lead, Minutes: 12, Body: lessonBody(s),
			Contents: []page.Heading{{ID: "one", Text: s.heading, Level: 2}, {ID: "two", Text: s.lesson, Level: 3}},
			Outline:  side, Prev: prev, Next: next, Competencies: competencies, Sources: sources, Authors: []string{"Asha Rao"},
			Licence: "CC BY 4.0", Aged: "To be reviewed by 31 March 2027."},
		"quiz": page.QuizPage{Common: common("quiz", s.steps[4], course, module), Summary: s.lead, Questions: 4, Marks: "6", Pass: "60%", Time: "20 min", Attempts: "3", Sealed: true,
			Activity: "Dispose of RTI applications", Body: quizBody(s), Outline: side, Prev: prev},
		"case": page.CasePage{Common: common("case", s.steps[3], course, module), Summary: s.lead, Minutes: 25, Intro: paragraph, CaseKey: "the-missing-file",
			Scenes: scenes, Graph: page.CaseGraph{SVG: graph, Scenes: scenes}, Facilitator: "facilitator.html",
			CaseData: `<script type="application/json" class="case-data">{}</script>`, Outline: side, Prev: prev, Next: next, Competencies: competencies, Sources: sources},
		"facilitator": page.FacilitatorPage{Common: common("facilitator", s.steps[3], course, module), Summary: s.lead, Minutes: 25,
			Case: page.Link{Href: "case.html", Title: s.steps[3]}, Intro: paragraph, Scenes: scenes, Graph: page.CaseGraph{SVG: graph, Scenes: scenes},
			Prompts: `<section class="block block-facilitator" aria-label="x"><p class="block-title">` + template.HTML(words["facilitator"]) + `</p>` + paragraph + `</section>`,
			Timed:   []page.TimedView{{Title: s.lead, Minutes: 15}, {Scene: s.scene, SceneID: "start", Title: s.lesson, Minutes: 20}}, InAll: 35,
			Best: []page.Link{{Href: "#start", Title: s.scene}, {Href: "#found", Title: s.heading}}, Worst: []page.Link{{Href: "#start", Title: s.scene}},
			Highest: "+12", Lowest: "−3", Competencies: competencies, Sources: sources},
		"glossary": page.GlossaryPage{Common: common("glossary", words["glossary"]), Terms: []page.TermView{
			{ID: "frac", Term: "FRAC", Meaning: s.lead, Other: []page.OtherTerm{{Lang: "hi", Term: "फ़्रैक"}}}, {ID: "role", Term: s.term, Meaning: s.para}}},
		"certificate": page.CertificatePage{Common: common("certificate", words["certificate"], course), Complete: "Read every lesson."},
		"records":     page.RecordsPage{Common: common("records", words["my_records"])},
		"map":         page.MapPage{Common: common("map", words["map"]), Courses: []page.MapCourse{{Link: course, Flights: flights}}},
		"notfound":    page.NotFoundPage{Common: common("notfound", words["notfound"])},
	}
}

func lessonBody(s story) template.HTML {
	return template.HTML(`<p>` + s.para + ` <a class="term" href="glossary.html#role" data-meaning="` + s.lead + `">` + s.term + `</a>. <a href="https://example.org/" rel="external noopener">` + s.site + `</a></p>
<h2 id="one">` + s.heading + `</h2>
<p>` + s.para + ` <code>sopan build</code><sup id="fnref:1"><a href="#fn:1" class="footnote-ref" role="doc-noteref">1</a></sup></p>
<ul><li>` + s.choices[0] + `</li><li>` + s.choices[1] + `<ol><li>` + s.choices[2] + `</li></ol></li></ul>
<aside class="callout callout-note"><p class="callout-title">Note</p><p>` + s.lead + `</p></aside>
<aside class="callout callout-tip"><p class="callout-title">Tip</p><p>` + s.lead + `</p></aside>
<aside class="callout callout-warning"><p class="callout-title">Warning</p><p>` + s.lead + `</p></aside>
<aside class="callout callout-caution"><p class="callout-title">Take care</p><p>` + s.lead + `</p></aside>
<section class="block block-activity" aria-label="Activity"><p class="block-title">Activity: ` + s.heading + ` <span class="block-minutes">10 minutes</span></p><p>` + s.para + `</p><ol><li>` + s.choices[0] + `</li><li>` + s.choices[2] + `</li></ol></section>
<h3 id="two">` + s.lesson + `</h3>
<blockquote><p>` + s.para + `</p></blockquote>
<div class="table" tabindex="0" role="region" aria-label="Table 1"><table><thead><tr><th scope="col">` + s.term + `</th><th scope="col">` + s.heading + `</th><th scope="col">` + s.lesson + `</th></tr></thead><tbody><tr><td>` + s.lead + `</td><td>12,34,567</td><td>` + s.choices[0] + `</td></tr><tr><td>` + s.lead + `</td><td>98,765</td><td>` + s.choices[2] + `</td></tr></tbody></table></div>
<details class="block block-details"><summary>` + s.heading + `</summary><p>` + s.para + `</p></details>
<div class="tabs"><section class="tab" id="t1"><h3 id="t1-h">` + s.choices[0] + `</h3><p>` + s.lead + `</p></section><section class="tab" id="t2"><h3 id="t2-h">` + s.choices[2] + `</h3><p>` + s.lead + `</p></section></div>
<pre class="chroma" tabindex="0"><code class="language-yaml"><span class="nt">title</span><span class="p">:</span><span class="w"> </span><span class="s">"A very long title that has to scroll sideways on a phone, because code is not wrapped"</span>
<span class="c"># what a comment looks like</span>
<span class="k">func</span> <span class="nf">main</span>() { <span class="mi">42</span> }</code></pre>
<dl><dt>` + s.term + `</dt><dd>` + s.lead + `</dd></dl>
<section class="footnotes" role="doc-endnotes" aria-label="Notes"><hr><ol><li id="fn:1"><p>` + s.lead + ` <a href="#fnref:1" class="footnote-backref" role="doc-backlink" aria-label="Back">↩</a></p></li></ol></section>`)
}

func quizBody(s story) template.HTML {
	choices := func(id, kind string, after map[int]string) string {
		b := `<ul class="q-choices">`
		for i, c := range s.choices {
			checked := ""
			if i == 0 && id == "a" {
				checked = " checked"
			}
			b += `<li><label class="q-choice"><input type="` + kind + `" name="` + id + `" value="` + string(rune('a'+i)) + `"` + checked + `> <span class="q-text">` + c + `</span></label>` + after[i] + `</li>`
		}
		return b + `</ul>`
	}
	return template.HTML(`<form class="quiz" data-quiz="check" novalidate>
<fieldset class="q" id="q-a" data-q="a" data-kind="choice"><legend><span class="q-number">1</span> <span class="q-ask">` + s.question + `</span></legend>
<p class="q-how" id="q-a-how">` + s.how + `</p>` + choices("a", "radio", map[int]string{
		0: `<div class="q-feedback wrong"><p><span class="mark mark-wrong" aria-hidden="true"></span><strong>Not this.</strong> ` + s.lead + `</p></div>`,
		1: `<div class="q-feedback right"><p><span class="mark mark-right" aria-hidden="true"></span><strong>Right.</strong> ` + s.right + `</p></div>`}) + `
<div class="q-actions"><button type="submit" class="button q-check">Check</button> <button type="button" class="q-hint">Hint</button></div>
<div class="q-result" id="q-a-result" role="status" aria-live="polite"><p>0 of 1 marks. <a href="lesson.html#one">` + s.heading + `</a></p></div></fieldset>
<fieldset class="q" id="q-b" data-q="b" data-kind="choice"><legend><span class="q-number">2</span> <span class="q-ask">` + s.heading + `?</span></legend><p class="q-how">Choose all that are right</p>` + choices("b", "checkbox", nil) + `</fieldset>
<fieldset class="q" id="q-c" data-q="c" data-kind="number" aria-describedby="q-c-ask"><legend>3</legend><div class="q-ask" id="q-c-ask"><p>` + s.para + `</p></div><p class="q-how">Write a number</p>
<p class="q-field"><label for="q-c-in">Your answer</label> <input id="q-c-in" type="text" inputmode="decimal" autocomplete="off" name="c"> <span class="q-unit">rupees</span></p></fieldset>
<div class="quiz-end"><button type="submit" class="button quiz-submit">Finish</button></div>
<section class="quiz-result" tabindex="-1" aria-labelledby="r"><h2 id="r">4 of 6 marks</h2><p>` + s.right + `</p></section>
<script type="application/json" class="quiz-data">{}</script>
</form>`)
}
