package compiled

import (
	"cmp"
	"reflect"
	"text/template/parse"
)

// expr is a value in a template, and its type.
type expr struct {
	typ   reflect.Type
	value func(e *frame) reflect.Value
	text  func(e *frame) string // of a plain string that is at hand without reflection, else nil
}

// plain is an expression of a string. As a value it is made when it is asked for:
// most are printed, or compared.
func plain(text func(e *frame) string) expr {
	return expr{reflect.TypeFor[string](), func(e *frame) reflect.Value { return reflect.ValueOf(text(e)) }, text}
}

// pipe is a pipeline of one command, its escapers taken off.
func (c *compiler) pipe(cmds []*parse.CommandNode, s *scope) expr {
	if len(cmds) != 1 {
		refuse("a pipeline of %d commands", len(cmds))
	}
	return c.command(cmds[0], s)
}

func (c *compiler) command(cmd *parse.CommandNode, s *scope) expr {
	if name, ok := cmd.Args[0].(*parse.IdentifierNode); ok {
		return c.function(name.Ident, cmd.Args[1:], s)
	}
	if len(cmd.Args) != 1 {
		refuse("`%s`", cmd)
	}
	return c.operand(cmd.Args[0], s)
}

func (c *compiler) operand(n parse.Node, s *scope) expr {
	switch n := n.(type) {
	case *parse.DotNode:
		return dot(s)
	case *parse.FieldNode:
		return fields(dot(s), n.Ident)
	case *parse.VariableNode:
		return fields(s.variable(n.Ident[0]), n.Ident[1:])
	case *parse.StringNode:
		return constant(n.Text)
	case *parse.NumberNode:
		if n.IsInt {
			return constant(int(n.Int64))
		}
	case *parse.PipeNode:
		if len(n.Decl) == 0 {
			return c.pipe(n.Cmds, s)
		}
	}
	refuse("`%s`", n)
	return expr{}
}

func constant(of any) expr {
	v := reflect.ValueOf(of)
	return expr{typ: v.Type(), value: func(*frame) reflect.Value { return v }}
}

func dot(s *scope) expr {
	if s.dot == nil {
		refuse("a value where there is none")
	}
	return expr{typ: s.dot, value: func(e *frame) reflect.Value { return e.dot }}
}

func (s *scope) variable(name string) expr {
	if name == "$" {
		if s.root == nil {
			refuse("a value where there is none")
		}
		return expr{typ: s.root, value: func(e *frame) reflect.Value { return e.root }}
	}
	for at := len(s.vars) - 1; at >= 0; at-- {
		if s.vars[at].name == name {
			return expr{typ: s.vars[at].typ, value: func(e *frame) reflect.Value { return e.vars[at] }}
		}
	}
	refuse("the variable `%s`", name)
	return expr{}
}

// fields follows names from a value: `.Course.Title`, `.Words.next`.
func fields(x expr, names []string) expr {
	for _, name := range names {
		x = field(x, name)
	}
	return x
}

func field(x expr, name string) expr {
	t := x.typ
	for _, t := range [...]reflect.Type{t, reflect.PointerTo(t)} {
		if _, ok := t.MethodByName(name); ok {
			refuse("the method `%s`", name)
		}
	}
	if t.Kind() == reflect.Pointer {
		inner := x.value
		t = t.Elem()
		x.value = func(e *frame) reflect.Value {
			v := inner(e)
			if v.IsNil() {
				refuse("`%s` of nothing", name)
			}
			return v.Elem()
		}
	}
	of := x.value
	switch {
	case t.Kind() == reflect.Struct:
		f, ok := t.FieldByName(name)
		if !ok || !f.IsExported() {
			refuse("`%s` of %s", name, t)
		}
		if len(f.Index) == 1 {
			at := f.Index[0]
			return expr{typ: f.Type, value: func(e *frame) reflect.Value { return of(e).Field(at) }}
		}
		for at := range f.Index[:len(f.Index)-1] {
			if t.FieldByIndex(f.Index[:at+1]).Type.Kind() != reflect.Struct {
				refuse("`%s` of %s, through a pointer", name, t)
			}
		}
		return expr{typ: f.Type, value: func(e *frame) reflect.Value { return of(e).FieldByIndex(f.Index) }}
	case t == reflect.TypeFor[map[string]string]():
		return plain(func(e *frame) string {
			text, ok := of(e).Interface().(map[string]string)[name]
			if !ok {
				refuse("the key `%s`", name)
			}
			return text
		})
	}
	refuse("`%s` of %s", name, t)
	return expr{}
}

// function is a call whose result is a value. Those that give true or false are
// conditions, see condition.
func (c *compiler) function(name string, args []parse.Node, s *scope) expr {
	switch {
	case name == "len" && len(args) == 1:
		x := c.operand(args[0], s)
		if k := x.typ.Kind(); k != reflect.Slice && k != reflect.Map && k != reflect.String {
			refuse("len of %s", x.typ)
		}
		return expr{typ: reflect.TypeFor[int](), value: func(e *frame) reflect.Value { return reflect.ValueOf(x.value(e).Len()) }}
	case name == "print":
		var parts []expr
		for _, a := range args {
			parts = append(parts, c.operand(a, s))
			if t := parts[len(parts)-1].typ; t != reflect.TypeFor[string]() {
				refuse("print of %s", t)
			}
		}
		return plain(func(e *frame) string {
			text := ""
			for _, x := range parts {
				text += x.value(e).String()
			}
			return text
		})
	case name == "index" && len(args) == 2:
		of, key := c.operand(args[0], s), c.operand(args[1], s)
		if of.typ.Kind() == reflect.Slice && key.typ == reflect.TypeFor[int]() {
			return expr{typ: of.typ.Elem(), value: func(e *frame) reflect.Value {
				list, at := of.value(e), key.value(e).Int()
				if at < 0 || at >= int64(list.Len()) {
					refuse("entry %d of %d", at, list.Len())
				}
				return list.Index(int(at))
			}}
		}
		if of.typ != reflect.TypeFor[map[string]string]() || key.typ != reflect.TypeFor[string]() {
			break
		}
		return plain(func(e *frame) string { return of.value(e).Interface().(map[string]string)[key.value(e).String()] })
	}
	refuse("the function `%s`", name)
	return expr{}
}

// condition is a pipe of which only the truth matters.
func (c *compiler) condition(n parse.Node, s *scope) func(e *frame) bool {
	if p, ok := n.(*parse.PipeNode); ok && len(p.Decl) == 0 && len(p.Cmds) == 1 {
		cmd := p.Cmds[0]
		if name, ok := cmd.Args[0].(*parse.IdentifierNode); ok {
			if holds := c.test(name.Ident, cmd.Args[1:], s); holds != nil {
				return holds
			}
		} else if len(cmd.Args) == 1 {
			n = cmd.Args[0]
		}
	}
	x := c.operand(n, s)
	full := truth(x.typ)
	return func(e *frame) bool { return full(x.value(e)) }
}

func (c *compiler) test(name string, args []parse.Node, s *scope) func(e *frame) bool {
	switch name {
	case "not":
		if len(args) != 1 {
			refuse("`not` of %d values", len(args))
		}
		holds := c.condition(args[0], s)
		return func(e *frame) bool { return !holds(e) }
	case "and", "or":
		var all []func(e *frame) bool
		for _, a := range args {
			all = append(all, c.condition(a, s))
		}
		wanted := name == "or"
		return func(e *frame) bool {
			for _, holds := range all {
				if holds(e) == wanted {
					return wanted
				}
			}
			return !wanted
		}
	case "eq", "ne", "lt", "le", "gt", "ge":
		return c.comparison(name, args, s)
	}
	return nil
}

// comparison compares texts with texts and whole numbers with whole numbers.
func (c *compiler) comparison(name string, args []parse.Node, s *scope) func(e *frame) bool {
	if len(args) < 2 || len(args) > 2 && name != "eq" {
		refuse("`%s` of %d values", name, len(args))
	}
	var of []expr
	for _, a := range args {
		x := c.operand(a, s)
		of = append(of, x)
		if k := x.typ.Kind(); k != of[0].typ.Kind() || k != reflect.String && k != reflect.Int {
			refuse("`%s` of %s", name, x.typ)
		}
	}
	compare := func(a, b reflect.Value) int {
		if a.Kind() == reflect.String {
			return cmp.Compare(a.String(), b.String())
		}
		return cmp.Compare(a.Int(), b.Int())
	}
	return func(e *frame) bool {
		first := of[0].value(e)
		for _, x := range of[1:] {
			n := compare(first, x.value(e))
			if name == "eq" && n == 0 || name == "ne" && n != 0 || name == "lt" && n < 0 || name == "le" && n <= 0 || name == "gt" && n > 0 || name == "ge" && n >= 0 {
				return true
			}
		}
		return false
	}
}

// truth tells how a type's values are true: as text/template has it.
func truth(t reflect.Type) func(reflect.Value) bool {
	switch t.Kind() {
	case reflect.Bool:
		return reflect.Value.Bool
	case reflect.Int:
		return func(v reflect.Value) bool { return v.Int() != 0 }
	case reflect.String, reflect.Slice, reflect.Map:
		return func(v reflect.Value) bool { return v.Len() > 0 }
	case reflect.Pointer:
		return func(v reflect.Value) bool { return !v.IsNil() }
	case reflect.Struct:
		return func(reflect.Value) bool { return true }
	}
	refuse("the truth of %s", t)
	return nil
}
