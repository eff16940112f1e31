// Package record reads xAPI statements, and sends those that a learner saved in
// a file to a record store.
//
// In go the bytes of a request; out come statements whose shape is right, each
// with its bytes as they were sent, or an error that names the statement and
// the place in it.
//
// The package is strict where xAPI is (an unknown or doubled key, a null, an id
// that is no UUID, a score beyond its bounds are all refused) because what is
// let in once is in every report. It never guesses, never changes what was
// said, and does not judge who said it.
package record

import (
	"github.com/go-json-experiment/json/jsontext"
)

// Statement is one xAPI statement. The fields are those that readers ask for;
// Raw has everything.
type Statement struct {
	ID          string         `json:"id,omitzero"` // lower case; "" when the store has to give one
	Actor       Actor          `json:"actor"`
	Verb        Verb           `json:"verb"`
	Object      Object         `json:"object"`
	Result      *Result        `json:"result,omitzero"`
	Context     *Context       `json:"context,omitzero"`
	Timestamp   string         `json:"timestamp,omitzero"`
	Stored      string         `json:"stored,omitzero"` // a store sets its own
	Authority   *Actor         `json:"authority,omitzero"`
	Version     string         `json:"version,omitzero"`
	Attachments jsontext.Value `json:"attachments,omitzero"`

	Raw jsontext.Value `json:"-"` // as it was sent
}

// Actor is an Agent, or a Group of them; one of the four ways to name it is set,
// but for a Group without a name, which has members.
type Actor struct {
	ObjectType  string   `json:"objectType,omitzero"`
	Name        string   `json:"name,omitzero"`
	Account     *Account `json:"account,omitzero"`
	Mbox        string   `json:"mbox,omitzero"`
	MboxSHA1Sum string   `json:"mbox_sha1sum,omitzero"`
	OpenID      string   `json:"openid,omitzero"`
	Member      []Actor  `json:"member,omitzero"`
}

// Account names a learner at a home: with Sopan always a pseudonym.
type Account struct {
	HomePage string `json:"homePage"`
	Name     string `json:"name"`
}

// Language maps language tags to texts.
type Language map[string]string

// Extensions maps IRIs to whatever their owner says.
type Extensions map[string]jsontext.Value

// Verb says what was done.
type Verb struct {
	ID      string   `json:"id"`
	Display Language `json:"display,omitzero"`
}

// Object is what it was done to: an activity mostly; an agent, a reference to
// another statement or a whole statement in it are kept as they are, in
// Statement.Raw.
type Object struct {
	ObjectType string      `json:"objectType,omitzero"`
	ID         string      `json:"id,omitzero"`
	Definition *Definition `json:"definition,omitzero"`
}

// Definition describes an activity.
type Definition struct {
	Name                    Language    `json:"name,omitzero"`
	Description             Language    `json:"description,omitzero"`
	Type                    string      `json:"type,omitzero"`
	MoreInfo                string      `json:"moreInfo,omitzero"`
	InteractionType         string      `json:"interactionType,omitzero"`
	CorrectResponsesPattern []string    `json:"correctResponsesPattern,omitzero"`
	Choices                 []Component `json:"choices,omitzero"`
	Scale                   []Component `json:"scale,omitzero"`
	Source                  []Component `json:"source,omitzero"`
	Target                  []Component `json:"target,omitzero"`
	Steps                   []Component `json:"steps,omitzero"`
	Extensions              Extensions  `json:"extensions,omitzero"`
}

// Component is one choice, step, source or target of an interaction.
type Component struct {
	ID          string   `json:"id"`
	Description Language `json:"description,omitzero"`
}

// Result is how it went.
type Result struct {
	Score      *Score     `json:"score,omitzero"`
	Success    *bool      `json:"success,omitzero"`
	Completion *bool      `json:"completion,omitzero"`
	Response   *string    `json:"response,omitzero"`
	Duration   string     `json:"duration,omitzero"` // ISO 8601: PT1M30S
	Extensions Extensions `json:"extensions,omitzero"`
}

// Score: Scaled is from -1 to 1; Raw lies between Min and Max.
type Score struct {
	Scaled *float64 `json:"scaled,omitzero"`
	Raw    *float64 `json:"raw,omitzero"`
	Min    *float64 `json:"min,omitzero"`
	Max    *float64 `json:"max,omitzero"`
}

// Context is the attempt and what it belongs to.
type Context struct {
	Registration      string             `json:"registration,omitzero"`
	Instructor        *Actor             `json:"instructor,omitzero"`
	Team              *Actor             `json:"team,omitzero"`
	ContextActivities *ContextActivities `json:"contextActivities,omitzero"`
	ContextAgents     jsontext.Value     `json:"contextAgents,omitzero"` // 2.0
	ContextGroups     jsontext.Value     `json:"contextGroups,omitzero"` // 2.0
	Revision          string             `json:"revision,omitzero"`
	Platform          string             `json:"platform,omitzero"`
	Language          string             `json:"language,omitzero"`
	Statement         *Reference         `json:"statement,omitzero"`
	Extensions        Extensions         `json:"extensions,omitzero"`
}

// Reference points at another statement.
type Reference struct {
	ObjectType string `json:"objectType"`
	ID         string `json:"id"`
}

// ContextActivities are the activities around the object.
type ContextActivities struct {
	Parent   Activities `json:"parent,omitzero"`
	Grouping Activities `json:"grouping,omitzero"`
	Category Activities `json:"category,omitzero"`
	Other    Activities `json:"other,omitzero"`
}

// Activities is a list; xAPI 1.0 allows one alone, too.
type Activities []Object
