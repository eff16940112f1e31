package course

import (
	"slices"

	"sopan.dev/sopan/internal/format"
)

// The keys of settings, data files and front matter: what the readers of this
// package take, and what an editor is told.

// Format is the keys of a file of the site: "site", "competencies", "roles",
// "glossary", "frontmatter".
func Format(name string) (t format.Table, ok bool) {
	t, ok = map[string]format.Table{
		"site": siteTable, "competencies": competenciesTable, "roles": rolesTable, "glossary": glossaryTable, "frontmatter": courseTable,
	}[name]
	return t, ok
}

// local is a text, or one for each language; locals lists of them.
func local() format.Value {
	v := format.Text()
	return format.Value{Text: true, Any: &v, Names: languageTags()}
}

func ptr(v format.Value) *format.Value { return &v }

func locals() format.Value {
	v := format.Texts()
	return format.Value{Text: true, List: v.List, Any: &v, Names: languageTags()}
}

// listOf is a list, for which a single text will do.
func listOf(v format.Value) format.Value {
	return format.Value{Text: v.Text, Words: v.Words, List: &v}
}

var siteTable = format.Table{Keys: []format.Key{
	{Name: "title", Says: "The site's title.", Value: local(), Required: true},
	{Name: "summary", Says: "What the site is, in a sentence.", Value: local()},
	{Name: "id", Says: "The site's id in records: a short name, or an address that your institute owns.", Value: format.Text()},
	{Name: "languages", Says: "The languages; the first one stands at the root.", Value: listOf(format.Words(languageTags()...))},
	{Name: "publisher", Says: "Who publishes the site.", Value: local()},
	{Name: "theme", Says: "A folder in `themes`; without it the built-in theme.", Value: format.Text()},
	{Name: "records", Says: "Where records of learning are sent; without it nowhere.", Value: format.TableOf(recordsTable)},
	{Name: "offline", Says: "Whether learners can keep a course on their device; yes without it.", Value: format.Words("true", "false")},
	{Name: "html", Says: "Whether a sanitised subset of HTML is allowed in Markdown.", Value: format.Words("off", "sanitised", "sanitized")},
}}

var recordsTable = format.Table{Keys: []format.Key{
	{Name: "endpoint", Says: "The address of a record store. Never a user name or a password: everybody can read it.", Value: format.Text()},
	{Name: "version", Says: "The version of xAPI that the record store has; 1.0.3 without it.", Value: format.Words(XAPIVersions()...)},
	{Name: "ask", Says: "A number that learners are asked for, with the notice that they read first. Without it records name nobody.", Value: format.TableOf(askTable)},
}}

var frontTable = format.Table{Keys: []format.Key{
	{Name: "title", Says: "The title.", Value: format.Text()},
	{Name: "summary", Says: "What the text is about, in a sentence or two.", Value: format.Text()},
	{Name: "id", Says: "A short name that is kept when the file is renamed: progress is kept by it.", Value: format.Text()},
	{Name: "minutes", Says: "How long it takes; worked out from the words without it.", Value: format.Text()},
	{Name: "status", Says: "A draft is in the preview only.", Value: format.Words(statusWords...)},
	{Name: "competencies", Says: "What it practises: `People First, level 2`.", Value: format.Texts()},
	{Name: "roles", Says: "Who it is for: a role, or `role > activity`, of content/roles.yaml.", Value: format.Texts()},
	{Name: "authors", Says: "Who wrote it.", Value: format.Texts()},
	{Name: "licence", Says: "Its licence.", Value: format.Text()},
	{Name: "sources", Says: "What it draws on.", Value: listOf(format.Value{Text: true, Table: &sourceTable})},
	{Name: "as_of", Says: "The day that it describes: `2026-03-31`.", Value: format.Text()},
	{Name: "review_by", Says: "The day by which it must be read again: `2026-03-31`.", Value: format.Text()},
	{Name: "aliases", Says: "Old addresses that lead here.", Value: format.Texts()},
}}

// courseTable is the front matter of a course's index.md.
var courseTable = format.Table{Keys: append(slices.Clone(frontTable.Keys), []format.Key{
	{Name: "outcomes", Says: "Of a course: what learners can do afterwards.", Value: format.Texts()},
	{Name: "keywords", Says: "Of a course: words by which it is found.", Value: format.Texts()},
	{Name: "audience", Says: "Of a course: whom it is for.", Value: format.Text()},
	{Name: "complete", Says: "Of a course: when it is completed.", Value: format.TableOf(completeTable)},
}...)}

var statusWords = []string{string(Draft), string(Review), string(Published)}

var sourceTable = format.Table{Keys: []format.Key{
	{Name: "title", Says: "The work's title.", Value: format.Text()},
	{Name: "url", Says: "Its address, with `https://`.", Value: format.Text()},
	{Name: "publisher", Says: "Who published it.", Value: format.Text()},
	{Name: "date", Says: "When it was published.", Value: format.Text()},
}}

var completeTable = format.Table{Keys: []format.Key{
	{Name: "lessons", Says: "How many lessons must be read: `all`, `none`, `80%`.", Value: format.Text()},
	{Name: "quizzes", Says: "How many quizzes must be passed: `all`, `none`, `80%`.", Value: format.Text()},
	{Name: "cases", Says: "How many case studies must be finished: `all`, `none`, `80%`.", Value: format.Text()},
	{Name: "pass", Says: "The pass mark of quizzes that name none.", Value: format.Text()},
}}

var competenciesTable = format.Table{Keys: []format.Key{
	{Name: "frameworks", Says: "Competency frameworks.", Value: format.ListOf(format.TableOf(frameworkTable))},
}}

var frameworkTable = format.Table{Keys: []format.Key{
	{Name: "id", Says: "A short name.", Value: format.Text(), Required: true},
	{Name: "title", Says: "The framework's title.", Value: local(), Required: true},
	{Name: "version", Says: "Its version.", Value: format.Text()},
	{Name: "source", Says: "Where it stands.", Value: format.Value{Text: true, Any: ptr(format.Text())}},
	{Name: "levels", Says: "The names of its levels, from level 1; five levels without it.", Value: locals()},
	{Name: "areas", Says: "Groups of competencies.", Value: format.ListOf(format.TableOf(areaTable))},
}}

var areaTable = format.Table{Keys: []format.Key{
	{Name: "title", Says: "The group's title.", Value: local(), Required: true},
	{Name: "competencies", Says: "Its competencies.", Value: listOf(format.Value{Text: true, Table: &competencyTable})},
}}

var competencyTable = format.Table{Keys: []format.Key{
	{Name: "id", Says: "A short name; made from the title without it.", Value: format.Text()},
	{Name: "title", Says: "The competency's title.", Value: local(), Required: true},
}}

var rolesTable = format.Table{Keys: []format.Key{
	{Name: "positions", Says: "Positions with their roles and activities, after FRAC.", Value: format.ListOf(format.TableOf(positionTable))},
}}

var positionTable = format.Table{Keys: []format.Key{
	{Name: "id", Says: "A short name.", Value: format.Text(), Required: true},
	{Name: "title", Says: "The position's title.", Value: local(), Required: true},
	{Name: "roles", Says: "Its roles.", Value: format.ListOf(format.TableOf(roleTable))},
}}

var roleTable = format.Table{Keys: []format.Key{
	{Name: "id", Says: "A short name.", Value: format.Text(), Required: true},
	{Name: "title", Says: "The role's title.", Value: local(), Required: true},
	{Name: "activities", Says: "What somebody in the role does.", Value: format.ListOf(format.TableOf(activityTable))},
}}

var activityTable = format.Table{Keys: []format.Key{
	{Name: "id", Says: "A short name.", Value: format.Text(), Required: true},
	{Name: "title", Says: "The activity's title.", Value: local(), Required: true},
	{Name: "competencies", Says: "What it takes: `People First, level 2`.", Value: format.Texts()},
}}

var glossaryTable = format.Table{Keys: []format.Key{
	{Name: "terms", Says: "Terms; the first place where one stands in a text is linked to its meaning.", Value: format.ListOf(format.TableOf(termTable))},
}}

var termTable = format.Table{Keys: []format.Key{
	{Name: "id", Says: "A short name; made from the term without it.", Value: format.Text()},
	{Name: "term", Says: "The word.", Value: local(), Required: true},
	{Name: "also", Says: "Other forms of it, which are found too.", Value: locals()},
	{Name: "meaning", Says: "What it means, in a sentence.", Value: local(), Required: true},
}}
