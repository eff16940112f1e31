package compiled

import (
	"bytes"
	"html/template"
	"reflect"
	"sync"
)

// Set is html/template's templates, each compiled for a type of view when it is
// first run with one. It may be used by many goroutines.
type Set struct {
	templates *template.Template
	mu        sync.Mutex
	made      sync.Map // callee -> *Template, nil where html/template runs it
}

// NewSet makes a set of templates that have been parsed and not yet run; they
// are not added to from then on.
func NewSet(templates *template.Template) *Set { return &Set{templates: templates} }

// Execute is html/template's ExecuteTemplate.
func (s *Set) Execute(out *bytes.Buffer, name string, view any) error {
	if t := s.compiled(callee{name, reflect.TypeOf(view)}, view); t != nil && t.Execute(out, view) == nil {
		return nil
	}
	return s.templates.ExecuteTemplate(out, name, view)
}

func (s *Set) compiled(key callee, view any) *Template {
	if made, ok := s.made.Load(key); ok {
		return made.(*Template)
	}
	s.mu.Lock() // html/template changes what it escapes, and Compile looks at it
	defer s.mu.Unlock()
	if made, ok := s.made.Load(key); ok {
		return made.(*Template)
	}
	t, err := Compile(s.templates, key.name, view)
	if err != nil {
		t = nil
	}
	s.made.Store(key, t)
	return t
}
