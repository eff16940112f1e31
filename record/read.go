package record

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// maxDepth is deeper than any statement with sense in it; with it, no later
// reader needs to fear for its stack.
const maxDepth = 40

// Error is a statement that was refused.
type Error struct {
	Index  int    // of the statement in its batch, from 0; -1 when the batch itself is at fault
	At     string // JSON pointer into the statement, "" for the whole
	Reason string
}

func (e *Error) Error() string {
	where := ""
	if e.Index >= 0 {
		where = fmt.Sprintf("statement %d", e.Index)
	}
	if e.At != "" {
		where += " at " + e.At
	}
	return strings.TrimPrefix(where+": "+e.Reason, ": ")
}

// Read reads the body of a request: one statement, or a list of them. batch
// tells which. The error is an *Error for the first statement that is wrong;
// none of a batch is taken then.
func Read(body []byte) (statements []Statement, batch bool, err error) {
	values, batch, err := split(body)
	if err != nil {
		return nil, false, &Error{Index: -1, Reason: err.Error()}
	}
	seen := map[string]bool{}
	for i, v := range values {
		s, err := readOne(v)
		if err != nil {
			err.Index = i
			return nil, batch, err
		}
		if s.ID != "" && seen[s.ID] {
			return nil, batch, &Error{Index: i, At: "/id", Reason: "another statement of this batch has the same id"}
		}
		seen[s.ID] = true
		statements = append(statements, s)
	}
	return statements, batch, nil
}

// split gives the statements' bytes. A key that stands twice, invalid UTF-8 and
// anything after the end are refused here.
func split(body []byte) ([]jsontext.Value, bool, error) {
	d := jsontext.NewDecoder(bytes.NewReader(body))
	if kind := d.PeekKind(); kind != '{' && kind != '[' {
		return nil, false, errors.New("the body is not a statement, nor a list of them")
	}
	whole, err := d.ReadValue()
	if err != nil {
		return nil, false, err
	}
	whole = whole.Clone()
	if _, err := d.ReadToken(); err != io.EOF {
		return nil, false, errors.New("there is something after the end")
	}
	if whole.Kind() == '{' {
		return []jsontext.Value{whole}, false, nil
	}
	var values []jsontext.Value
	err = json.Unmarshal(whole, &values)
	return values, true, err
}

func readOne(v jsontext.Value) (Statement, *Error) {
	if v.Kind() != '{' {
		return Statement{}, &Error{Reason: "it is not an object"}
	}
	if err := noNulls(v); err != nil {
		return Statement{}, err
	}
	var s Statement
	if err := json.Unmarshal(v, &s, json.RejectUnknownMembers(true)); err != nil {
		return Statement{}, unmarshalError(err)
	}
	if err := s.check(); err != nil {
		return Statement{}, err
	}
	s.ID = strings.ToLower(s.ID)
	s.Raw = v
	return s, nil
}

// unmarshalError puts the library's error into a place and a reason.
func unmarshalError(err error) *Error {
	var own *Error
	if errors.As(err, &own) {
		return own
	}
	var semantic *json.SemanticError
	if !errors.As(err, &semantic) {
		return &Error{Reason: err.Error()}
	}
	at := string(semantic.JSONPointer)
	if errors.Is(err, json.ErrUnknownName) {
		return &Error{At: at, Reason: "xAPI has no such property (upper and lower case count)"}
	}
	if semantic.JSONKind != 0 {
		return &Error{At: at, Reason: "a " + kindName(semantic.JSONKind) + " does not belong here"}
	}
	return &Error{At: at, Reason: "it is not of the right kind"}
}

func kindName(k jsontext.Kind) string {
	switch k {
	case 'n':
		return "null"
	case 't', 'f':
		return "true or false"
	case '"':
		return "text"
	case '0':
		return "number"
	case '[':
		return "list"
	default:
		return "object"
	}
}

// noNulls refuses null everywhere but in extensions, whose content is their
// owner's (xAPI 1.0.3, part two, 2.2), and what is too deep.
func noNulls(v jsontext.Value) *Error {
	d := jsontext.NewDecoder(bytes.NewReader(v))
	for {
		t, err := d.ReadToken()
		if err != nil {
			return nil // the end; the value was valid before
		}
		if d.StackDepth() > maxDepth {
			return &Error{Reason: "it is nested too deeply"}
		}
		if t.Kind() == 'n' && !strings.Contains(string(d.StackPointer()), "/extensions/") {
			return &Error{At: string(d.StackPointer()), Reason: "null does not belong here"}
		}
	}
}

// UnmarshalJSONFrom keeps the shape of what an object may be: an activity, or
// somebody, or another statement.
func (o *Object) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	at := d.StackPointer()
	v, err := d.ReadValue()
	if err != nil {
		return err
	}
	if v.Kind() != '{' {
		return &Error{At: string(at), Reason: "a " + kindName(v.Kind()) + " does not belong here"}
	}
	v = v.Clone()
	var head struct {
		ObjectType string `json:"objectType"`
	}
	json.Unmarshal(v, &head) // a wrong kind is found below
	o.ObjectType = head.ObjectType
	below := func(err error) error {
		e := unmarshalError(err)
		e.At = string(at) + e.At
		return e
	}
	strict := json.RejectUnknownMembers(true)
	switch head.ObjectType {
	case "", "Activity":
		type plain Object
		if err := json.Unmarshal(v, (*plain)(o), strict); err != nil {
			return below(err)
		}
	case "Agent", "Group":
		var a Actor
		if err := json.Unmarshal(v, &a, strict); err != nil {
			return below(err)
		}
		if err := a.check(""); err != nil {
			return below(err)
		}
	case "StatementRef":
		var r Reference
		if err := json.Unmarshal(v, &r, strict); err != nil {
			return below(err)
		}
		if err := r.check(""); err != nil {
			return below(err)
		}
		o.ID = r.ID
	case "SubStatement":
		if err := checkSubStatement(v); err != nil {
			return below(err)
		}
	default:
		return &Error{At: string(at) + "/objectType", Reason: "there is no object type " + head.ObjectType}
	}
	return nil
}

// checkSubStatement: a statement without id, stored, version and authority, and
// without another one in it.
func checkSubStatement(v jsontext.Value) error {
	var sub struct {
		ObjectType string `json:"objectType"`
		Statement  `json:",inline"`
	}
	if err := json.Unmarshal(v, &sub, json.RejectUnknownMembers(true)); err != nil {
		return err
	}
	if sub.ID != "" || sub.Stored != "" || sub.Version != "" || sub.Authority != nil || sub.Object.ObjectType == "SubStatement" {
		return &Error{Reason: "a statement inside a statement has no id, stored, version, authority and no third one"}
	}
	if err := sub.Statement.check(); err != nil {
		return err
	}
	return nil
}

// UnmarshalJSONFrom takes a list or one alone.
func (a *Activities) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	if d.PeekKind() == '{' {
		var one Object
		if err := json.UnmarshalDecode(d, &one); err != nil {
			return err
		}
		*a = Activities{one}
		return nil
	}
	var list []Object
	if err := json.UnmarshalDecode(d, &list); err != nil {
		return err
	}
	*a = list
	return nil
}

// NewID makes a random UUID, version 4.
func NewID() string {
	var b [16]byte
	rand.Read(b[:])
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// Same tells whether two statements say the same, however they are spelt: the
// order of keys, white space and the spelling of numbers do not count. What a
// store adds (stored, authority) is not what was said.
func Same(a, b Statement) bool {
	x, err1 := said(a)
	y, err2 := said(b)
	return err1 == nil && err2 == nil && bytes.Equal(x, y)
}

func said(s Statement) (jsontext.Value, error) {
	var members map[string]jsontext.Value
	if err := json.Unmarshal(s.Raw, &members); err != nil {
		return nil, err
	}
	delete(members, "stored")
	delete(members, "authority")
	members["id"] = jsontext.Value(`"` + s.ID + `"`)
	b, err := json.Marshal(members)
	if err != nil {
		return nil, err
	}
	v := jsontext.Value(b)
	return v, v.Canonicalize()
}
