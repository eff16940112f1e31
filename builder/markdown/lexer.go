package markdown

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/alecthomas/chroma/v2"
	"github.com/dlclark/regexp2/v2"
)

// lexer runs a chroma lexer's rules as chroma does, many times as fast. A lexer
// in a state tries the state's rules one by one where it stands. Here a rule is
// tried only where the character can be its first, and by a pattern, which is
// quicker than regexp2; groups are looked at only where a rule asks for them.
//
// chroma stays the definition: its rules, its expressions, its emitters and
// mutators, the same tokens in the same order. A test compares the two on
// chroma's own samples of all languages.
type lexer struct {
	chroma   *chroma.RegexLexer
	flags    string // of every expression
	compiled chroma.CompiledRules
	states   map[string]*lexerState
	texts    sync.Pool // of *codeText, which serve again
}

// lexerState is a state's rules, by the character at hand: rules[c] those that
// can begin with the ASCII character c, the last those for all other characters.
type lexerState struct {
	of    []*lexerRule
	once  sync.Once
	rules [startOther + 1][]*lexerRule
}

type lexerRule struct {
	*chroma.CompiledRule
	index   int              // in its state
	token   chroma.TokenType // of a rule that emits its match whole
	whole   bool
	parts   []groupPart // of a rule that emits its groups one after the other
	grouped bool        // the emitter or the mutator looks at the groups
	named   bool        // … or at their names, or at anything else that chroma knows of a match
	*ruleMatchers
}

// ruleMatchers finds the match of a rule. It is shared by all states that include the rule.
type ruleMatchers struct {
	pattern func() *pattern
	regexp  func() (*regexp2.Regexp, error)
}

// groupPart is what becomes of a group: a token, tokens of the same lexer in
// another state, or whatever chroma's emitter makes of it; nothing if all are zero.
type groupPart struct {
	token   chroma.TokenType
	state   string
	emitter chroma.Emitter
}

// newLexer makes the fast form of a lexer; nil for one that is no plain table
// of rules, which chroma has to run itself.
func newLexer(from chroma.Lexer) *lexer {
	r, ok := from.(*chroma.RegexLexer)
	if !ok || r.Config().Name == "Raku" { // which writes new rules while it runs
		return nil
	}
	rules, err := r.Rules()
	if err != nil {
		return nil
	}
	l := &lexer{chroma: r, compiled: chroma.CompiledRules{}, states: map[string]*lexerState{}}
	if !r.Config().NotMultiline {
		l.flags += "m"
	}
	if r.Config().CaseInsensitive {
		l.flags += "i"
	}
	if r.Config().DotAll {
		l.flags += "s"
	}
	for state, list := range rules {
		for _, rule := range list {
			l.compiled[state] = append(l.compiled[state], &chroma.CompiledRule{Rule: rule})
		}
	}
	if l.include() != nil {
		return nil
	}
	made := map[*chroma.CompiledRule]*ruleMatchers{}
	for state, list := range l.compiled {
		s := &lexerState{}
		for i, rule := range list {
			r := newLexerRule(rule, i)
			if made[rule] == nil {
				made[rule] = &ruleMatchers{
					pattern: sync.OnceValue(func() *pattern { return newPattern(l.expression(rule), r.grouped) }),
					regexp:  sync.OnceValues(func() (*regexp2.Regexp, error) { return l.compile(rule) }),
				}
			}
			r.ruleMatchers = made[rule]
			s.of = append(s.of, r)
		}
		l.states[state] = s
	}
	return l
}

// include puts the rules of other states in the place of the rules that name
// them. It is chroma's own procedure.
func (l *lexer) include() error {
restart:
	for state := range l.compiled {
		for i, rule := range l.compiled[state] {
			if m, ok := rule.Mutator.(chroma.LexerMutator); ok {
				if err := m.MutateLexer(l.compiled, state, i); err != nil {
					return err
				}
				goto restart
			}
		}
	}
	return nil
}

func newLexerRule(rule *chroma.CompiledRule, i int) *lexerRule {
	r := &lexerRule{CompiledRule: rule, index: i}
	r.token, r.whole = rule.Type.(chroma.TokenType)
	r.named = !onlyMoves(rule.Mutator)
	r.grouped = r.named || rule.Type != nil && !r.whole
	if e, ok := rule.Type.(chroma.SerialisableEmitter); ok && e.EmitterKind() == "bygroups" && !r.named {
		emitters, _ := reflect.ValueOf(e).Elem().FieldByName("Emitters").Interface().(chroma.Emitters)
		for _, e := range emitters {
			r.parts = append(r.parts, newGroupPart(e))
		}
	}
	for _, part := range r.parts {
		r.named = r.named || part.emitter != nil
	}
	r.named = r.named || r.grouped && r.parts == nil
	return r
}

func newGroupPart(e chroma.Emitter) groupPart {
	switch e := e.(type) {
	case nil:
		return groupPart{}
	case chroma.TokenType:
		return groupPart{token: e}
	case chroma.SerialisableEmitter:
		if e.EmitterKind() == "usingself" {
			if state := reflect.ValueOf(e).Elem().FieldByName("State").String(); state != "" {
				return groupPart{state: state}
			}
		}
	}
	return groupPart{emitter: e}
}

// onlyMoves tells whether a mutator goes to other states and looks at nothing else.
func onlyMoves(m chroma.Mutator) bool {
	if m == nil {
		return true
	}
	known, ok := m.(chroma.SerialisableMutator)
	if !ok {
		return false
	}
	switch known.MutatorKind() {
	case "push", "pop":
		return true
	case "mutators":
		list, _ := reflect.ValueOf(m).Elem().FieldByName("Mutators").Interface().([]chroma.Mutator)
		for _, m := range list {
			if !onlyMoves(m) {
				return false
			}
		}
		return list != nil
	}
	return false
}

// expression is a rule's expression without the anchor to the place at hand.
func (l *lexer) expression(rule *chroma.CompiledRule) string {
	if l.flags == "" {
		return "(?:" + rule.Pattern + ")"
	}
	return "(?" + l.flags + ")(?:" + rule.Pattern + ")"
}

// An expression that goes astray in hostile code is stopped by the clock, which
// must not show in a page: on a busy machine any match may be held up. So the
// time is long, a match that ran out of it is tried again, and code for which
// that does not help is not coloured at all.
const (
	matchTimeout   = time.Second
	mostMatchTries = 3
)

// compile compiles an expression as chroma does. It is kept in the rule too,
// where chroma's emitters look for the names of its groups.
func (l *lexer) compile(rule *chroma.CompiledRule) (*regexp2.Regexp, error) {
	re, err := regexp2.Compile(`\G` + l.expression(rule))
	if err == nil {
		re.MatchTimeout = matchTimeout
		rule.Regexp = re
	}
	return re, err
}

// at gives the rules that can match where c stands.
func (s *lexerState) at(c rune) []*lexerRule {
	s.once.Do(func() {
		for _, rule := range s.of {
			p := rule.pattern()
			for c := range s.rules {
				if p.first.has(c) {
					s.rules[c] = append(s.rules[c], rule)
				}
			}
		}
	})
	return s.rules[startOf(c)]
}

// codeText is code by its characters, and the places of these in its bytes.
type codeText struct {
	code    string
	runes   []rune
	offsets []int // of each character and of the end; none where all are single bytes
}

// set makes it the text of other code.
func (t *codeText) set(code string) {
	if !utf8.ValidString(code) {
		code = string([]rune(code))
	}
	t.code, t.runes, t.offsets = code, slices.Grow(t.runes[:0], len(code)), t.offsets[:0]
	for _, r := range code {
		t.runes = append(t.runes, r)
	}
	if len(t.runes) < len(code) {
		for i := range code {
			t.offsets = append(t.offsets, i)
		}
		t.offsets = append(t.offsets, len(code))
	}
}

func (t *codeText) between(from, to int) string {
	if len(t.offsets) > 0 {
		from, to = t.offsets[from], t.offsets[to]
	}
	return t.code[from:to]
}

// tokens gives the tokens of code to emit, in order, until emit wants no more.
func (l *lexer) tokens(code string, emit func(t chroma.TokenType, value string) bool) error {
	added := l.chroma.Config().EnsureNL && !strings.HasSuffix(code, "\n")
	if added {
		code += "\n" // the rules see it, but do not start at it
	}
	text, _ := l.texts.Get().(*codeText)
	if text == nil {
		text = new(codeText)
	}
	defer l.texts.Put(text)
	text.set(code)
	end := len(text.runes)
	if added {
		end--
	}
	_, err := l.tokensFrom("root", text, end, emit)
	return err
}

// tokensFrom gives the tokens that begin before end. It tells whether emit wants more.
func (l *lexer) tokensFrom(start string, text *codeText, end int, emit func(t chroma.TokenType, value string) bool) (more bool, err error) {
	s := &chroma.LexerState{
		Registry: registry(), Lexer: l.chroma, Text: text.runes, Stack: []string{start}, Rules: l.compiled,
		MutatorContext: map[any]any{},
	}
	t := &trial{text: text.runes}
	for s.Pos < end && len(s.Stack) > 0 {
		s.State = s.Stack[len(s.Stack)-1]
		state := l.states[s.State]
		if state == nil {
			return false, fmt.Errorf("unknown state %s", s.State)
		}
		rule, err := t.firstOf(state.at(text.runes[s.Pos]), s.Pos)
		if err != nil {
			return false, err
		}
		if rule == nil {
			if text.runes[s.Pos] == '\n' && s.State != start { // a line's end heals what went wrong in it
				s.Stack = []string{start}
				continue
			}
			s.Pos++
			if !emit(chroma.Error, text.between(s.Pos-1, s.Pos)) {
				return false, nil
			}
			continue
		}
		from := s.Pos
		s.Rule = rule.index
		s.Pos = t.groups[1]
		if rule.named {
			rule.takeGroups(s, text, t.groups)
		}
		if rule.Mutator != nil {
			if err := rule.Mutator.Mutate(s); err != nil {
				return false, err
			}
		}
		switch {
		case rule.whole && !rule.named:
			if rule.token != chroma.Ignore && !emit(rule.token, text.between(from, t.groups[1])) {
				return false, nil
			}
		case rule.parts != nil:
			if more, err := l.emitParts(rule, s, text, t.groups, emit); !more {
				return false, err
			}
		case rule.Type != nil:
			if !emitAll(rule.Type.Emit(s.Groups, s), emit) {
				return false, nil
			}
		}
	}
	if s.Pos != len(text.runes) && len(s.Stack) == 0 {
		return emit(chroma.Error, text.between(s.Pos, len(text.runes))), nil
	}
	return true, nil
}

// emitParts is chroma's ByGroups.
func (l *lexer) emitParts(rule *lexerRule, s *chroma.LexerState, text *codeText, groups []int, emit func(t chroma.TokenType, value string) bool) (more bool, err error) {
	for i, part := range rule.parts {
		value := text.between(groups[2*i+2], groups[2*i+3])
		more := true
		switch {
		case part.emitter != nil:
			more = emitAll(part.emitter.Emit([]string{value}, s), emit)
		case part.state != "" && value != "":
			inner := new(codeText)
			inner.set(value)
			more, err = l.tokensFrom(part.state, inner, len(inner.runes), emit)
		case part.token != 0 && part.token != chroma.Ignore:
			more = emit(part.token, value)
		}
		if !more {
			return false, err
		}
	}
	return true, nil
}

func emitAll(next chroma.Iterator, emit func(t chroma.TokenType, value string) bool) (more bool) {
	for t := next(); t != chroma.EOF; t = next() {
		if t.Type != chroma.Ignore && !emit(t.Type, t.Value) {
			return false
		}
	}
	return true
}

// firstOf gives the first rule that matches at a place, and leaves its groups in
// the trial; nil: none does. The error is a rule's that takes too long.
func (t *trial) firstOf(rules []*lexerRule, at int) (*lexerRule, error) {
	for _, rule := range rules {
		if p := rule.pattern(); p.start != nil {
			if end, known := t.match(p, at); known {
				if end >= 0 {
					return rule, nil
				}
				continue
			}
		}
		re, err := rule.regexp()
		if err != nil {
			continue
		}
		m, err := re.FindRunesMatchStartingAt(t.text, at)
		for try := 1; err != nil && try < mostMatchTries; try++ {
			m, err = re.FindRunesMatchStartingAt(t.text, at)
		}
		if err != nil {
			return nil, err
		}
		if m != nil && m.RuneIndex == at {
			t.groups = append(t.groups[:0], at, at+m.RuneLength)
			if rule.grouped {
				for _, g := range m.Groups()[1:] {
					t.groups = append(t.groups, g.RuneIndex, g.RuneIndex+g.RuneLength)
				}
			}
			return rule, nil
		}
	}
	return nil, nil
}

// takeGroups shows a match to chroma's emitters and mutators.
func (r *lexerRule) takeGroups(s *chroma.LexerState, text *codeText, groups []int) {
	s.Groups, s.NamedGroups = []string{}, map[string]string{}
	re, err := r.regexp()
	if err != nil {
		return
	}
	for i := range re.GetGroupNumbers() {
		group := text.between(groups[2*i], groups[2*i+1])
		s.NamedGroups[re.GroupNameFromNumber(i)] = group
		s.Groups = append(s.Groups, group)
	}
}
