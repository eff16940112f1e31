// Package format describes the keys of a file that authors write: their names,
// what may stand behind them, and what they mean.
//
// In goes nothing: a reader's package holds a Table for each of its mappings,
// takes the keys that it knows from there (Names) and decodes them itself. Out
// comes the same table as JSON Schema (Schema), for editors. There is no
// second list of keys. A schema says less than the reader: what depends on
// another file, or on arithmetic, only the reader knows.
package format

import (
	"encoding/json"
	"slices"
	"strconv"
)

// Table is the keys of a mapping.
type Table struct {
	Keys []Key
	// OneOf are keys of which exactly one must be there.
	OneOf []string
	// Needs are keys that make sense only beside one of others.
	Needs map[string][]string
}

// Key is a key of a mapping.
type Key struct {
	Name     string
	Says     string // what it is for, in a sentence
	Value    Value
	Required bool
}

// Value is what may stand behind a key. Several fields are alternatives.
type Value struct {
	Text  bool     // one text; YAML may take it for a number or a truth value
	Words []string // one of these texts
	List  *Value   // a list
	Table *Table   // keys of their own
	Any   *Value   // keys that the author chooses
	Names []string // of Any: the keys that there are to choose from; nil for all
}

// Text is one text; Texts one text or a list of them.
func Text() Value  { return Value{Text: true} }
func Texts() Value { return Value{Text: true, List: &Value{Text: true}} }

// Words is one of some texts.
func Words(words ...string) Value { return Value{Words: words} }

// ListOf is a list, TableOf keys of their own.
func ListOf(v Value) Value  { return Value{List: &v} }
func TableOf(t Table) Value { return Value{Table: &t} }

// Names lists the keys.
func (t Table) Names() []string {
	names := make([]string, len(t.Keys))
	for i, k := range t.Keys {
		names[i] = k.Name
	}
	return names
}

// schema is a part of a JSON Schema; encoding/json sorts its keys.
type schema map[string]any

// Schema writes a table as JSON Schema, draft 2020-12.
func Schema(title, says string, t Table) []byte {
	s := t.schema()
	s["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	s["title"], s["description"] = title, says
	b, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		panic("format: a schema that is no JSON: " + err.Error()) // texts, lists and maps
	}
	return append(b, '\n')
}

func (t Table) schema() schema {
	properties := schema{}
	var required []string
	for _, k := range t.Keys {
		p := k.Value.schema()
		if k.Says != "" {
			p["description"] = k.Says
		}
		properties[k.Name] = p
		if k.Required {
			required = append(required, k.Name)
		}
	}
	s := schema{"type": "object", "properties": properties, "additionalProperties": false}
	if len(required) > 0 {
		s["required"] = required
	}
	if len(t.OneOf) > 0 {
		var one []schema
		for _, name := range t.OneOf {
			one = append(one, schema{"required": []string{name}})
		}
		s["oneOf"] = one
	}
	if len(t.Needs) > 0 {
		needs := schema{}
		for name, others := range t.Needs {
			var any []schema
			for _, o := range others {
				any = append(any, schema{"required": []string{o}})
			}
			needs[name] = schema{"anyOf": any}
		}
		s["dependentSchemas"] = needs
	}
	return s
}

func (v Value) schema() schema {
	var all []schema
	if v.Text {
		all = append(all, schema{"type": []string{"string", "number", "boolean"}})
	}
	if len(v.Words) > 0 {
		all = append(all, schema{"enum": typed(v.Words)})
	}
	if v.List != nil {
		all = append(all, schema{"type": "array", "items": v.List.schema()})
	}
	if v.Table != nil {
		all = append(all, v.Table.schema())
	}
	if v.Any != nil {
		s := schema{"type": "object", "additionalProperties": v.Any.schema(), "minProperties": 1}
		if v.Names != nil {
			s["propertyNames"] = schema{"enum": v.Names}
		}
		all = append(all, s)
	}
	switch len(all) {
	case 0:
		return schema{}
	case 1:
		return all[0]
	}
	return schema{"anyOf": all}
}

// typed lists words, and beside them what YAML makes of those that look like a
// number or a truth value.
func typed(words []string) []any {
	var out []any
	for _, w := range words {
		out = append(out, w)
	}
	for _, w := range words {
		if n, err := strconv.Atoi(w); err == nil {
			out = append(out, n)
		} else if slices.Contains([]string{"true", "false"}, w) {
			out = append(out, w == "true")
		}
	}
	return out
}
