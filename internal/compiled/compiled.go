// Package compiled runs html/template's templates without its interpreter.
//
// In goes a template that html/template has parsed and escaped, and the type
// of view that it gets; out comes a Template that writes the same bytes, in a
// tenth of the time. What can be known of a view's type is worked out once:
// which field a name is, how a value is printed, what has to be escaped.
//
// html/template stays the definition. What is not understood here (a method,
// an interface, a function of JavaScript's or CSS's escaping) is refused when
// the template is compiled, and what goes wrong on a page (a key that a map
// lacks, a nil pointer) ends the run with ErrCannot: the caller then asks
// html/template, which gives the bytes or the error. The package never decides
// what is safe: it does what the escapers that html/template has put into the
// pipelines would do.
package compiled

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"io"
	"reflect"
	"sync"
	"text/template/parse"
)

// ErrCannot says that a template or a page is beyond this package.
var ErrCannot = errors.New("html/template has to run this template")

// Template is a template for one type of view. It may be used by many
// goroutines.
type Template struct {
	view   reflect.Type
	run    step
	frames sync.Pool // of *frame, for one run after the other
}

// step is a piece of a template, ready to run.
type step func(e *frame)

// frame is what a running template sees. Another template that it calls sees its own, in the same place.
type frame struct {
	out  *bytes.Buffer
	root reflect.Value // $
	dot  reflect.Value
	vars []reflect.Value
}

// Compile compiles the named template of a set for views of the type of view.
func Compile(set *template.Template, name string, view any) (*Template, error) {
	t := set.Lookup(name)
	if t == nil {
		return nil, fmt.Errorf("%w: there is no template %s", ErrCannot, name)
	}
	// html/template escapes a template when it first runs. Without a view it gets no further.
	_ = t.Execute(io.Discard, nil)
	c := compiler{set: set, made: map[callee]*step{}}
	var run step
	err := catch(func() { run = c.template(name, reflect.TypeOf(view)) })
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return &Template{view: reflect.TypeOf(view), run: run}, nil
}

// Execute writes the template with a view. After an error, which is ErrCannot,
// nothing is added to out.
func (t *Template) Execute(out *bytes.Buffer, view any) error {
	v := reflect.ValueOf(view)
	if v.Type() != t.view {
		return ErrCannot
	}
	e, _ := t.frames.Get().(*frame)
	if e == nil {
		e = &frame{}
	}
	e.out, e.root, e.dot = out, v, v
	before := out.Len()
	err := catch(func() { t.run(e) })
	if err != nil {
		out.Truncate(before)
	}
	clear(e.vars) // so that nothing stays in memory for them
	*e = frame{vars: e.vars[:0]}
	t.frames.Put(e)
	return err
}

// cannot ends a compilation or a run.
type cannot struct{ error }

func refuse(format string, args ...any) {
	panic(cannot{fmt.Errorf("%w: "+format, append([]any{ErrCannot}, args...)...)})
}

func catch(f func()) (err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case cannot:
			err = r.error
		default:
			panic(r)
		}
	}()
	f()
	return nil
}

type compiler struct {
	set  *template.Template
	made map[callee]*step
}

// callee is a template for a type of view.
type callee struct {
	name string
	view reflect.Type
}

// scope is what is known of a frame while its template is compiled.
type scope struct {
	root, dot reflect.Type // nil: no value
	vars      []variable   // those in sight, innermost last; their places in frame.vars
}

type variable struct {
	name string
	typ  reflect.Type
}

func (c *compiler) template(name string, view reflect.Type) step {
	key := callee{name, view}
	if made := c.made[key]; made != nil {
		return func(e *frame) { (*made)(e) } // perhaps still in the making: a template that calls itself
	}
	t := c.set.Lookup(name)
	if t == nil || t.Tree == nil {
		refuse("a template `%s` in a place of its own", name)
	}
	made := new(step)
	c.made[key] = made
	*made = c.list(t.Tree.Root, &scope{root: view, dot: view})
	return *made
}

func (c *compiler) list(l *parse.ListNode, s *scope) step {
	if l == nil {
		return func(*frame) {}
	}
	inSight := len(s.vars)
	var steps []step
	for _, n := range l.Nodes {
		if one := c.node(n, s); one != nil {
			steps = append(steps, one)
		}
	}
	s.vars = s.vars[:inSight]
	return func(e *frame) {
		for _, one := range steps {
			one(e)
		}
	}
}

func (c *compiler) node(n parse.Node, s *scope) step {
	switch n := n.(type) {
	case *parse.TextNode:
		text := n.Text
		return func(e *frame) { e.out.Write(text) }
	case *parse.CommentNode:
		return nil
	case *parse.ActionNode:
		return c.action(n.Pipe, s)
	case *parse.IfNode:
		return c.branch(&n.BranchNode, s, false)
	case *parse.WithNode:
		return c.branch(&n.BranchNode, s, true)
	case *parse.RangeNode:
		return c.loop(&n.BranchNode, s)
	case *parse.TemplateNode:
		return c.call(n, s)
	}
	refuse("`%s`", n)
	return nil
}

func (c *compiler) action(p *parse.PipeNode, s *scope) step {
	if len(p.Decl) > 0 {
		x := c.declared(p, s)
		set := s.declare(p.Decl[0].Ident[0], x.typ)
		return func(e *frame) { set(e, x.value(e)) }
	}
	cmds, escape := escapersOf(p.Cmds)
	return escape(c.pipe(cmds, s))
}

// declared is the value of a pipe that declares one variable.
func (c *compiler) declared(p *parse.PipeNode, s *scope) expr {
	if len(p.Decl) != 1 || p.IsAssign {
		refuse("`%s`", p)
	}
	return c.pipe(p.Cmds, s)
}

// declare brings a variable into sight and gives what sets it.
func (s *scope) declare(name string, t reflect.Type) func(e *frame, v reflect.Value) {
	at := len(s.vars)
	s.vars = append(s.vars, variable{name, t})
	return func(e *frame, v reflect.Value) { e.vars = append(e.vars[:at], v) }
}

func (c *compiler) branch(n *parse.BranchNode, s *scope, with bool) step {
	inSight, dot := len(s.vars), s.dot
	set := func(*frame, reflect.Value) {}
	var x expr
	var holds func(e *frame) bool
	switch {
	case len(n.Pipe.Decl) > 0:
		x = c.declared(n.Pipe, s)
		set = s.declare(n.Pipe.Decl[0].Ident[0], x.typ)
	case with:
		x = c.pipe(n.Pipe.Cmds, s)
	default:
		holds = c.condition(n.Pipe, s)
	}
	if with {
		s.dot = x.typ
	}
	then := c.list(n.List, s)
	s.dot = dot
	otherwise := c.list(n.ElseList, s)
	s.vars = s.vars[:inSight]
	if holds != nil {
		return func(e *frame) {
			if holds(e) {
				then(e)
			} else {
				otherwise(e)
			}
		}
	}
	full := truth(x.typ)
	return func(e *frame) {
		v := x.value(e)
		set(e, v)
		if !full(v) {
			otherwise(e)
			return
		}
		if outer := e.dot; with {
			e.dot = v
			then(e)
			e.dot = outer
			return
		}
		then(e)
	}
}

func (c *compiler) loop(n *parse.BranchNode, s *scope) step {
	inSight, dot := len(s.vars), s.dot
	x := c.pipe(n.Pipe.Cmds, s)
	element := x.typ
	switch {
	case x.typ.Kind() == reflect.Slice:
		element = x.typ.Elem()
	case x.typ != reflect.TypeFor[int]():
		refuse("a range over %s", x.typ)
	}
	setIndex, setElement := func(*frame, reflect.Value) {}, func(*frame, reflect.Value) {}
	switch decl := n.Pipe.Decl; {
	case n.Pipe.IsAssign, len(decl) == 2 && x.typ.Kind() != reflect.Slice:
		refuse("`%s`", n.Pipe)
	case len(decl) == 1:
		setElement = s.declare(decl[0].Ident[0], element)
	case len(decl) == 2:
		setIndex = s.declare(decl[0].Ident[0], reflect.TypeFor[int]())
		setElement = s.declare(decl[1].Ident[0], element)
	}
	s.dot = element
	body := c.list(n.List, s)
	s.dot = dot
	s.vars = s.vars[:inSight]
	otherwise := c.list(n.ElseList, s)
	indexed := len(n.Pipe.Decl) == 2
	return func(e *frame) {
		v, outer := x.value(e), e.dot
		count := 0
		if v.Kind() == reflect.Slice {
			count = v.Len()
		} else {
			count = int(v.Int())
		}
		for i := range count {
			if v.Kind() == reflect.Slice {
				e.dot = v.Index(i)
			} else {
				e.dot = reflect.ValueOf(i)
			}
			if indexed {
				setIndex(e, reflect.ValueOf(i))
			}
			setElement(e, e.dot)
			body(e)
		}
		if e.dot = outer; count == 0 {
			otherwise(e)
		}
	}
}

func (c *compiler) call(n *parse.TemplateNode, s *scope) step {
	if n.Pipe == nil {
		run := c.template(n.Name, nil)
		return func(e *frame) {
			outer := *e
			*e = frame{out: e.out}
			run(e)
			*e = outer
		}
	}
	if len(n.Pipe.Decl) > 0 {
		refuse("`%s`", n)
	}
	x := c.pipe(n.Pipe.Cmds, s)
	run := c.template(n.Name, x.typ)
	return func(e *frame) {
		v, outer := x.value(e), *e
		*e = frame{out: e.out, root: v, dot: v}
		run(e)
		*e = outer
	}
}
