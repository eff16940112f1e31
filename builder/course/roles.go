package course

import (
	"fmt"
	"strings"

	"sopan.dev/sopan/internal/diag"
	"sopan.dev/sopan/internal/yamldoc"
)

// Position is a position of content/roles.yaml with its roles, as in FRAC
// (Framework of Roles, Activities and Competencies).
type Position struct {
	ID    string
	Title LocalText
	Roles []*Role
}

// Role is a role of a position.
type Role struct {
	ID         string
	Title      LocalText
	Position   *Position
	Activities []*Activity
}

// Activity is what somebody in a role does, and what it takes.
type Activity struct {
	ID           string
	Title        LocalText
	Role         *Role
	Competencies []Leveled
}

func readPositions(v yamldoc.Value, languages []string, competencies competencyIndex) []*Position {
	var out []*Position
	ids := map[string]diag.Pos{}
	m := v.Map("roles.yaml", rolesTable.Names()...)
	for _, pv := range m["positions"].Items() {
		pm := pv.Map("a position", positionTable.Names()...)
		p := &Position{ID: readID(pm["id"], pv, ids), Title: readTitle(pm["title"], pv, languages)}
		for _, rv := range pm["roles"].Items() {
			rm := rv.Map("a role", roleTable.Names()...)
			r := &Role{ID: readID(rm["id"], rv, ids), Title: readTitle(rm["title"], rv, languages), Position: p}
			for _, av := range rm["activities"].Items() {
				am := av.Map("an activity", activityTable.Names()...)
				a := &Activity{ID: readID(am["id"], av, ids), Title: readTitle(am["title"], av, languages), Role: r}
				for _, cv := range am["competencies"].Items() {
					if l, code, message, hint := competencies.find(cv.Text()); code != "" {
						cv.Error(code, message, hint)
					} else {
						a.Competencies = append(a.Competencies, l)
					}
				}
				r.Activities = append(r.Activities, a)
			}
			p.Roles = append(p.Roles, r)
		}
		out = append(out, p)
	}
	return out
}

// findRole reads "Public Information Officer" or "Public Information Officer >
// Dispose of RTI applications" (titles in any language, or ids; a position may
// stand in front). The activity is nil where none is named.
func findRole(positions []*Position, text string) (role *Role, activity *Activity, code, message, hint string) {
	parts := strings.Split(text, ">")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	is := func(name, id string, title LocalText) bool {
		if name == id {
			return true
		}
		for _, t := range title.All() {
			if strings.EqualFold(t, name) {
				return true
			}
		}
		return false
	}
	if len(parts) == 3 {
		for i, p := range positions {
			if is(parts[0], p.ID, p.Title) {
				positions, parts = positions[i:i+1], parts[1:]
				break
			}
		}
	}
	var names []string
	for _, p := range positions {
		for _, r := range p.Roles {
			names = append(append(names, r.ID), r.Title.All()...)
			if role == nil && is(parts[0], r.ID, r.Title) {
				role = r
			}
		}
		// A position may be named where all its roles are meant.
		names = append(append(names, p.ID), p.Title.All()...)
		if role == nil && len(parts) == 1 && len(p.Roles) > 0 && is(parts[0], p.ID, p.Title) {
			return p.Roles[0], nil, "", "", ""
		}
	}
	if role == nil {
		hint = diag.DidYouMean(parts[0], names)
		if hint == "" {
			hint = "Add it to `content/roles.yaml`, or use the name of one that stands there."
		}
		return nil, nil, "role/unknown", fmt.Sprintf("There is no role `%s`.", parts[0]), hint
	}
	if len(parts) == 1 {
		return role, nil, "", "", ""
	}
	names = nil
	for _, a := range role.Activities {
		names = append(append(names, a.ID), a.Title.All()...)
		if is(parts[1], a.ID, a.Title) {
			return role, a, "", "", ""
		}
	}
	hint = diag.DidYouMean(parts[1], names)
	if hint == "" {
		hint = "Add it to `content/roles.yaml`, or use the name of one that stands there."
	}
	return role, nil, "role/unknown-activity", fmt.Sprintf("The role `%s` has no activity `%s`.", parts[0], parts[1]), hint
}
