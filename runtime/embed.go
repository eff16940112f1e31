// Package runtime holds the browser's side of a site as embedded TypeScript: what marks, remembers and records while
// somebody learns. In goes nothing; out come the files and the list of scripts that a bundler makes of them. Two module
// names are the bundler's to provide: "sopan:words" (what the script says, in one language), "sopan:version" (of a record store) and "sopan:kinds" (the
// question kinds).
//
// The scripts never ask another host for anything but the record endpoint that the page names, never write markup from
// text, and run from a disk (file://) as well as from a server.
package runtime

import (
	"embed"
	"slices"
	"strings"
)

// Files are the scripts and the words they say. Tests (*.test.ts) are in it too; no entry point leads to them.
//
//go:embed *.ts recorder/*.ts words/*.yaml tsconfig.json
var Files embed.FS

// Script is one bundle: NAME.ts is its entry point. A page carries only the scripts that it uses, because each byte is
// paid for by a learner on a slow network.
type Script struct {
	Name string
	Use  string   // which pages carry it, in words
	Says []string // first parts of the keys of words/LANG.yaml that it says: "quiz" for "quiz.retake"
	Else bool     // it also says the keys that no script names, and these of the question kinds
	Own  bool     // it needs none before it; the others take what base holds for them (shared.ts)

	// Profile is the package whose first page, the shell, carries the script: recorder/NAME.ts then. It may be what the
	// names of several begin with; "" for the scripts of pages.
	Profile string
}

// Entry is the file that the script begins with.
func (s Script) Entry() string {
	if s.Profile != "" {
		return "recorder/" + s.Name + ".ts"
	}
	return s.Name + ".ts"
}

// In tells whether a site or a package has the script: "" is a site, "web" a package that is no more than a site. A
// package for a learning platform brings its own recorder, in the place of that of sites.
func (s Script) In(profile string) bool {
	switch {
	case s.Profile != "":
		return strings.HasPrefix(profile, s.Profile)
	case s.Name == "recorder", s.Name == "offline":
		return !Hosted(profile)
	case s.Name == "unsent":
		return !strings.HasPrefix(profile, "scorm")
	default:
		return true
	}
}

// For is the script as a package of a profile has it. In one for a learning platform the shell sends the records; it says
// what it has to say, and its pages say in their foot what waits, with the words of base. SCORM has nothing that waits.
func (s Script) For(profile string) Script {
	switch {
	case !Hosted(profile):
	case s.Name == "base" && strings.HasPrefix(profile, "scorm"):
		s.Says = append(slices.Clip(s.Says), "shell")
	case s.Name == "base":
		s.Says = append(slices.Clip(s.Says), "records", "unsent", "shell")
	case s.Name == "unsent":
		s.Says = nil
	}
	return s
}

// Hosted tells whether a package of this profile runs inside a learning platform, which it tells what happened.
func Hosted(profile string) bool { return profile != "" && profile != "web" }

// Early are the kinds of pages that are worked on rather than read: their scripts are asked for with the page. On the
// others the boot script asks for them once the page has loaded.
func Early(kind string) bool {
	return kind == "quiz" || kind == "case" || kind == "records" || kind == "certificate"
}

// Scripts lists them. Where a page carries several, base stands first; the order of the others does not matter.
func Scripts() []Script {
	return []Script{
		{Name: "boot", Use: "every page, in its head, before anything is painted", Own: true},
		{Name: "base", Use: "every page", Own: true, Says: []string{
			"saved", "saving", "fleeting", "step", "flight", "set", "searching"}},
		{Name: "read", Use: "pages with running text", Says: []string{"lesson", "start", "continue"}},
		{Name: "recorder", Use: "every page of a site that names a record endpoint", Says: []string{"records"}},
		{Name: "unsent", Use: "pages whose records stay, once they do: it is asked for by recorder, and by the shells of packages that send over the network", Says: []string{"unsent"}},
		{Name: "typed", Use: "pages with a question that is answered in writing, and none that needs kinds; before quiz"},
		{Name: "kinds", Use: "pages with a question of another kind that quiz does not hold; before quiz"},
		{Name: "quiz", Use: "pages with questions", Says: []string{"quiz"}, Else: true},
		{Name: "rules", Use: "pages of a quiz with a time, a draw or a purpose", Says: []string{"rule"}},
		{Name: "result", Use: "pages of a quiz, once they are at rest", Says: []string{"result", "score"}},
		{Name: "case", Use: "pages with a case study", Says: []string{"case", "score"}},
		{Name: "certificate", Use: "the certificate of a course", Says: []string{"certificate"}},
		{Name: "my", Use: "the page What is kept about me", Says: []string{"my", "step", "saved"}},
		{Name: "offline", Use: "the front page of a course that can be kept on a device", Says: []string{"offline"}},
		{Name: "scorm12", Profile: "scorm12", Use: "the shell of a package for SCORM 1.2"},
		{Name: "scorm2004", Profile: "scorm2004", Use: "the shell of a package for SCORM 2004, 4th edition"},
		{Name: "packer", Profile: "scorm", Use: "both, once half of the room that a platform gives is taken"},
		{Name: "cmi5", Profile: "cmi5", Use: "the shell of a cmi5 package"},
		{Name: "cmi5_sending", Profile: "cmi5", Use: "the same: it asks for it when it is opened, and does not wait for it"},
		{Name: "xapi", Profile: "xapi", Use: "the shell of an xAPI package"},
		{Name: "xapi_sending", Profile: "xapi", Use: "the same: it asks for it when it is opened, and does not wait for it"},
		{Name: "search", Says: []string{"search"}, Use: "no page: it stands before `sopanSearch(INDEX)` in the file that PageData.search names"},
	}
}

// Workers are the service workers that a site's sw.js may be. They say nothing and stand in no page.
func Workers() []Script {
	return []Script{
		{Name: "worker", Own: true, Use: "sw.js of a site whose courses can be kept on a device"},
		{Name: "worker_off", Own: true, Use: "sw.js of any other site: it removes what an earlier release's kept"},
	}
}

// Silent tells that a script says nothing, and so is the same in all languages.
func (s Script) Silent() bool { return len(s.Says) == 0 && !s.Else }

// Words picks from all words of a language (the runtime's and the question kinds') those that a script says.
func (s Script) Words(all map[string]string) map[string]string {
	said := map[string]string{}
	for key, text := range all {
		first, _, _ := strings.Cut(key, ".")
		if slices.Contains(s.Says, first) || s.Else && !known(first) {
			said[key] = text
		}
	}
	return said
}

func known(first string) bool {
	return first == "shell" || slices.ContainsFunc(Scripts(), func(s Script) bool { return slices.Contains(s.Says, first) })
}
