package page

import "html/template"

// This file is what a theme sees: one typed, read-only view for each template.
// Templates choose markup; they never look anything up and never compute.

// Common is in every view.
type Common struct {
	Kind        string // "lesson", "quiz" …: the template's name and <html data-page>
	Lang        string // BCP 47
	Dir         string // "ltr" or "rtl"
	Title       string // of the page, plain text
	HeadTitle   string // of the window: "VUCA · Mission Karmayogi"
	Description string // one sentence, plain text; may be empty
	SiteTitle   string
	Root        string // relative way to the root of this language's site: "../../"
	Home        string // relative address of the site's front page in this language
	Map         string // … of the site map
	Glossary    string // … of the glossary, "" when there is none
	MyRecords   string // … of the page "What is kept about me"
	Links       []Link // further pages the site names for every foot: contact, help, accessibility; may be empty
	Icon        string // relative address of the favicon; "" when there is none
	Course      *Link  // the course this page belongs to; nil outside one
	Styles      []string
	Boot        string        // the script that runs before the page is painted
	Late        []string      // style sheets of what is not seen at first; part of Then where that is not empty
	Then        string        // sheets and scripts that Boot asks for when the page has loaded, with blanks between them; "" for none
	Scripts     []string      // scripts that run when the page has been read, in order; on pages where Then is ""
	Spare       string        // a script that is fetched when nothing else is to do, because it is needed when the network is gone; "" for none
	Alternates  []Alternate   // the same page in the site's languages; one entry per language, also for the current one
	Crumbs      []Link        // from the front page down; the last is this page, without Href
	Data        template.HTML // the whole <script type="application/json" id="sopan-page"> element
	CSP         string
	Draft       bool
	Hosted      bool // part of a package for a learning platform: .no-platform says, when the script shows it, that there is none
	Publisher   string
	Updated     string            // "as of" date as written by the author, already in words of the language; "" when unknown
	Words       map[string]string // UI words of this language: {{.Words.next}}
}

// Link is an address with its words. Key is the stable item key where the link leads to an item.
type Link struct {
	Href  string
	Title string
	Key   string
	Lang  string // set when the target is in another language than the page (an untranslated lesson)
}

// Alternate is this page in a language of the site.
type Alternate struct {
	Lang    string
	Name    string // the language's own name: "हिन्दी"
	Href    string // where the switch leads: this page in that language, or that language's front page of the course
	Same    bool   // Href is a translation of this very page
	Current bool
}

// Step is an item in an outline.
type Step struct {
	Link
	Type    string // "lesson", "quiz", "case"
	Minutes int
	Current bool
}

// Flight is a module in an outline: its steps, in order. Items that stand in the course folder itself form
// flights without a title, at their place.
type Flight struct {
	Link    // to the module's page; Href "" for items outside modules
	Summary string
	Minutes int
	Time    string // Minutes in words
	Steps   []Step
	Current bool
}

// CompetencyView is a competency at a level.
type CompetencyView struct {
	ID        string
	Title     string
	Area      string
	Level     int // 1 to Levels
	Levels    int
	LevelName string
}

// SourceView is a work that a page draws on.
type SourceView struct {
	Title, URL, Publisher, Date string
}

// Heading is an entry of a table of contents. Level is 2 or 3.
type Heading struct {
	ID, Text string
	Level    int
}

// SitePage is the front page: its courses.
type SitePage struct {
	Common
	Summary string
	Courses []CourseCard
}

// CourseCard is a course on the front page.
type CourseCard struct {
	Link
	Summary string
	Time    string // in all, in words: "4 h 53 min"
	Modules int
	Lessons int
	Langs   []string // names of the languages it is in
}

// CoursePage is the front page of a course.
type CoursePage struct {
	Common
	Summary      string
	Body         template.HTML
	Time         string // in all, in words
	Outcomes     []string
	Audience     string
	Competencies []CompetencyView
	Flights      []Flight
	First        *Link        // the first item, for "Start"; nil in an empty course
	Certificate  string       // relative address of the course's certificate
	Offline      *OfflineView // nil where the course cannot be kept on a device
	Complete     string       // the completion rule in words
	Ask          string       // the field that learners are asked for, for Words ask_line_FIELD; "" for none
	Sources      []SourceView
	Authors      []string
	Licence      string
}

// ModulePage lists one module.
type ModulePage struct {
	Common
	Summary    string
	Body       template.HTML
	Time       string
	Flight     Flight
	Outline    template.HTML // the course's outline, rendered once a module
	Prev, Next *Step
}

// LessonPage is a lesson.
type LessonPage struct {
	Common
	Summary      string
	Minutes      int
	Body         template.HTML
	Contents     []Heading
	Outline      template.HTML
	Prev, Next   *Step
	Competencies []CompetencyView
	Sources      []SourceView
	Authors      []string
	Licence      string
	Aged         string // a sentence when review_by names a date: "To be reviewed by 31 March 2027."
}

// QuizPage is a quiz with all its questions, already rendered.
type QuizPage struct {
	Common
	Summary    string
	Questions  int           // that an attempt gets
	Drawn      string        // of how many they are drawn, in words; "" where all are asked
	Marks      string        // "" where nothing is marked, or where each draw has its own
	Pass       string        // "60%"; "" when nothing is to be passed
	Time       string        // how long an attempt may last, in words; "" without a limit
	Attempts   string        // how many there are and which counts, in words; "" where there is nothing to say
	Sealed     bool          // marked elsewhere
	Activity   string        // the FRAC activity it prepares for, "" when none
	Body       template.HTML // the <form class="quiz">
	Outline    template.HTML
	Prev, Next *Step
}

// CasePage is a case study, all its scenes.
type CasePage struct {
	Common
	Summary      string
	Minutes      int
	Intro        template.HTML
	CaseKey      string        // the item's key
	Notes        template.HTML // the footnotes of all scenes; may be empty
	Scenes       []SceneView
	Graph        CaseGraph
	Facilitator  string        // relative address of the facilitator's sheet
	CaseData     template.HTML // the whole <script class="case-data"> element
	Outline      template.HTML
	Prev, Next   *Step
	Competencies []CompetencyView
	Sources      []SourceView
}

// SceneView is one scene. The class names and data attributes stand in docs/extending.md.
type SceneView struct {
	ID        string
	Number    int // from 1
	Title     template.HTML
	Where     template.HTML // place and time; may be empty
	Body      template.HTML
	Prompts   template.HTML // what is for the facilitator; may be empty
	Decisions []DecisionView
	Start     bool
	Ending    bool
}

// DecisionView is one way out of a scene.
type DecisionView struct {
	ID          string // within its scene
	Number      int    // among all decisions of the case, from 1, as in the picture
	Text        template.HTML
	Target      string // a scene's ID
	TargetTitle string
	Points      string // JSON object competency id -> points; "" where there are none
	Scores      []ScoreView
	Best        bool // the way that earns most takes it
}

// ScoreView is what a decision gives or takes: a competency's title and "+2".
type ScoreView struct{ Title, Points string }

// CaseGraph is how the decisions lead from scene to scene: as a picture, and the same in words. The scenes have no
// Body here, and titles and decisions are plain.
type CaseGraph struct {
	SVG    template.HTML
	Scenes []SceneView
}

// FacilitatorPage is the sheet for who leads a session: the whole case study with its points, its graph and the prompts.
type FacilitatorPage struct {
	Common
	Summary         string
	Minutes         int
	Case            Link
	Intro           template.HTML
	Prompts         template.HTML // for the whole case; may be empty
	Notes           template.HTML
	Scenes          []SceneView
	Graph           CaseGraph
	Timed           []TimedView // the blocks that name minutes
	InAll           int         // their minutes
	Best, Worst     []Link      // the way that earns most, and least
	Highest, Lowest string      // their points, with a sign
	Competencies    []CompetencyView
	Sources         []SourceView
}

// TimedView is a block with minutes; Scene is empty before the first scene.
type TimedView struct {
	Scene, SceneID, Title string
	Minutes               int
}

// GlossaryPage lists the terms.
type GlossaryPage struct {
	Common
	Terms []TermView
}

// TermView is a glossary entry in the page's language; Other are the same term in the site's other languages.
type TermView struct {
	ID, Term, Meaning string
	Other             []OtherTerm
}

// OtherTerm is a term in another language.
type OtherTerm struct{ Lang, Term string }

// CertificatePage is a course's certificate: filled by script once the course
// is complete. What it says is the learner's own word.
type CertificatePage struct {
	Common
	Complete string // the completion rule in words
}

// RecordsPage is "What is kept about me": filled by script.
type RecordsPage struct {
	Common
	Ask *Ask // nil where learners are asked for nothing
}

// Ask is the notice that learners read before they are asked for a number.
type Ask struct {
	Field   string // "employee-id", "igot-id": for Words ask_title_FIELD and ask_line_FIELD
	Basis   string // "consent", "employment", "state-service": for Words ask_basis_BASIS
	Purpose string
	Keep    string
	Contact string
}

// MapPage is the site map.
type MapPage struct {
	Common
	Courses []MapCourse
}

// MapCourse is a course in the site map.
type MapCourse struct {
	Link
	Flights []Flight
}

// NotFoundPage is 404.html; it stands at the root and its links are relative to it.
type NotFoundPage struct {
	Common
}

// ShellPage is the first page of a package for a learning platform. Of Common it has what a head needs.
type ShellPage struct {
	Common
	Langs []Link // where the course begins, in each of its languages
}

// GatePage is the first page of a package without a platform. Of Common it has what a head needs, and Alternates, one
// for each of Langs.
type GatePage struct {
	Common
	Langs  []Link // where the course begins, in each of its languages
	Onward string // where it leads by itself; "" where the learner chooses a language
}

// UnkeptPage is what a service worker shows in the place of a page that is neither kept nor within reach. Of Common it has
// what a head needs.
type UnkeptPage struct {
	Common
	Course Link // the front page of the course that is kept
}

// OutlineView is what templates/outline.html gets: the course's outline as seen from one module.
type OutlineView struct {
	Words   map[string]string
	Course  Link
	Flights []Flight
}
