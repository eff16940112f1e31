package page_test

import (
	"context"
	"html"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"sopan.dev/sopan/builder"
	"sopan.dev/sopan/internal/diag"
)

func caseSite() map[string]string {
	return map[string]string{
		"sopan.yaml":                     "title: A site\nlanguages: [en, hi]\n",
		"content/competencies.yaml":      "frameworks:\n- id: f\n  title: F\n  areas:\n  - title: A\n    competencies:\n    - id: care\n      title: {en: Taking care, hi: देखभाल}\n",
		"content/c/index.md":             "---\ntitle: A course\n---\nWelcome.\n",
		"content/c/10-m/10-a.md":         "---\ntitle: A\n---\nWords.\n",
		"content/c/10-m/80-x.case.md":    "---\ntitle: The form\nas_of: 2026-11-21\nminutes: 40\n---\nYou are the clerk; read [A](10-a.md).\n\n:::facilitator{title=Opening minutes=10}\nAsk around.\n:::\n\n## The counter {#start}\n\n*Friday*\n\nA man waits.\n\n- [Help him](#helped) {care +2}\n- [Send him *away*](#sent) {care -1}\n\n## Sent {#sent}\n\n:::debrief\nA wage lost.\n:::\n\n:::facilitator{minutes=15}\nWho paid?\n:::\n\n## Helped {#helped}\n\n:::debrief\nEight minutes.\n:::\n",
		"content/c/10-m/80-x.case.hi.md": "---\ntitle: फ़ॉर्म\n---\nआप क्लर्क हैं।\n\n## खिड़की {#start}\n\n- [मदद कीजिए](#helped) {care +2}\n- [लौटा दीजिए](#sent) {care -1}\n\n## लौटा दिया {#sent}\n\n:::debrief\nदिहाड़ी गई।\n:::\n\n## मदद हुई {#helped}\n\n:::debrief\nआठ मिनट।\n:::\n",
	}
}

var spaces = regexp.MustCompile(`\s+`)
var tags = regexp.MustCompile(`<[^>]*>`)

// words is the text of a page as it is read, scripts and pictures left out.
func words(page string) string {
	for _, element := range []string{"template", "script", "svg"} {
		page = regexp.MustCompile(`(?s)<`+element+`\b.*?</`+element+`>`).ReplaceAllString(page, " ")
	}
	return spaces.ReplaceAllString(html.UnescapeString(tags.ReplaceAllString(page, " ")), " ")
}

func TestTheFacilitatorsSheetShowsEverythingAtOnce(t *testing.T) {
	pages, _ := built(t, builder.New(), caseSite())
	sheet, ok := pages["c/m/x.facilitator.html"]
	if !ok {
		t.Fatal("there is no sheet beside the case")
	}
	got := words(sheet)
	for _, want := range []string{
		"A course", "21 November 2026", "Facilitator's sheet: The form", "You are the clerk; read A .",
		"Opening", "Ask around.", "Who paid?", "10 min", "15 min", "25 min In all",
		"1 Help him → Helped (Taking care +2)", "2 Send him away → Sent (Taking care −1)",
		"The way that earns most, in points: +2 The counter Helped", "The way that earns least, in points: −1 The counter Sent",
		"A wage lost.", "Eight minutes.", "Friday",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the sheet lacks %q:\n%s", want, got)
		}
	}
	for _, want := range []string{`<meta name="robots" content="noindex">`, `data-page="facilitator"`, `<a href="a.html">A</a>`, `href="#helped"`, `href="x.html"`, `<svg class="graph"`, `href="../../hi/c/m/x.facilitator.html"`} {
		if !strings.Contains(sheet, want) {
			t.Errorf("the sheet lacks %s", want)
		}
	}
	if strings.Contains(sheet, "<script src") && strings.Contains(sheet, "case.en.") {
		t.Error("the sheet loads the script of the case")
	}
	hindi := words(pages["hi/c/m/x.facilitator.html"])
	for _, want := range []string{"संचालक का पन्ना: फ़ॉर्म", "मदद कीजिए → मदद हुई", "(देखभाल +2)", "दिहाड़ी गई।"} {
		if !strings.Contains(hindi, want) {
			t.Errorf("the Hindi sheet lacks %q:\n%s", want, hindi)
		}
	}
}

// What is for the facilitator stands in no page, index or outline of learners.
func TestTheFacilitatorsSheetIsKeptOutOfTheWay(t *testing.T) {
	pages, _ := built(t, builder.New(), caseSite())
	for address, page := range pages {
		if strings.HasSuffix(address, ".facilitator.html") || strings.HasPrefix(address, "assets/offline/") { // what a device keeps
			continue
		}
		if strings.Contains(page, "Who paid?") || strings.Contains(page, "Ask around.") {
			t.Errorf("%s tells learners what is for the facilitator", address)
		}
		if n := strings.Count(page, "facilitator.html"); n > 0 && !strings.HasSuffix(address, "c/m/x.html") || n > 1 {
			t.Errorf("%s leads to the sheet %d times", address, n)
		}
	}
	// The graph and its points are inert until the end of the case is reached.
	learner := pages["c/m/x.html"]
	if !strings.Contains(learner, `<template data-part="graph">`) || strings.Contains(words(learner), "Taking care +2") {
		t.Error("the page of the case tells the points before it is played")
	}
}

// A lesson cannot take the address of a sheet.
func TestASheetsAddressIsClaimed(t *testing.T) {
	files := caseSite()
	files["content/c/index.md"] = "---\ntitle: A course\naliases: [c/m/x.facilitator.html]\n---\nWelcome.\n"
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	_, diags, err := builder.New().Build(context.Background(), fsys, builder.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(diags, func(d diag.Diagnostic) bool { return d.Code == "front/alias" }) {
		t.Errorf("an alias took the sheet's address: %v", diags)
	}
}
