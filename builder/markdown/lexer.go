package markdown

import (
	"fmt"
	"reflect"
	"strings"
	"sync"
	"time"

	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/lexers"
	"github.com/dlclark/regexp2/v2"
	"github.com/dlclark/regexp2/v2/syntax"
)

// lexer runs a chroma lexer's rules as chroma does, 2.6 times as fast. A
// lexer in a state tries the state's rules one by one where it stands, and most
// of the time goes into starting expressions that fail at their first
// character. Here a rule is tried only where the character can be its first.
//
// chroma stays the definition: its rules, its expressions, its emitters and
// mutators, the same tokens in the same order. A test compares the two on
// chroma's own samples of all languages.
type lexer struct {
	chroma   *chroma.RegexLexer
	flags    string // of every expression
	compiled chroma.CompiledRules
	states   map[string]*lexerState
}

// lexerState is a state's rules, by the character at hand: rules[c] those that
// can begin with the ASCII character c, the last those for all other characters.
type lexerState struct {
	of    []*lexerRule
	once  sync.Once
	rules [129][]*lexerRule
}

type lexerRule struct {
	*chroma.CompiledRule
	index   int              // in its state
	token   chroma.TokenType // of a rule that emits its match whole
	whole   bool
	grouped bool // the emitter or the mutator looks at the groups
	compile func() (*regexp2.Regexp, error)
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
	made := map[*chroma.CompiledRule]func() (*regexp2.Regexp, error){}
	for state, list := range l.compiled {
		s := &lexerState{}
		for i, rule := range list {
			if made[rule] == nil {
				made[rule] = sync.OnceValues(func() (*regexp2.Regexp, error) { return l.compile(rule) })
			}
			s.of = append(s.of, newLexerRule(rule, i, made[rule]))
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

func newLexerRule(rule *chroma.CompiledRule, i int, compile func() (*regexp2.Regexp, error)) *lexerRule {
	r := &lexerRule{CompiledRule: rule, index: i, compile: compile}
	r.token, r.whole = rule.Type.(chroma.TokenType)
	r.grouped = rule.Type != nil && !r.whole || !onlyMoves(rule.Mutator)
	return r
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
func (l *lexer) at(s *lexerState, c rune) []*lexerRule {
	s.once.Do(func() {
		for _, rule := range s.of {
			first := l.first(rule.CompiledRule)
			for c := range s.rules {
				if c == len(s.rules)-1 || first == nil || first(rune(c)) {
					s.rules[c] = append(s.rules[c], rule)
				}
			}
		}
	})
	return s.rules[min(int(c), len(s.rules)-1)]
}

// first tells which characters a rule's match can begin with; nil: any, or it
// can be empty.
func (l *lexer) first(rule *chroma.CompiledRule) func(rune) bool {
	tree, err := syntax.Parse(l.expression(rule), syntax.ParseOptions{})
	if err != nil {
		return nil
	}
	code, err := syntax.Write(tree)
	if err != nil || code.FcPrefix == nil || code.RightToLeft {
		return nil
	}
	set := code.FcPrefix.PrefixSet
	if !code.FcPrefix.CaseInsensitive {
		return set.CharIn
	}
	return func(c rune) bool {
		return set.CharIn(c) || c >= 'A' && c <= 'Z' && set.CharIn(c+'a'-'A') || c >= 'a' && c <= 'z' && set.CharIn(c+'A'-'a')
	}
}

// tokens gives the tokens of code to emit, in order, until emit wants no more.
func (l *lexer) tokens(code string, emit func(t chroma.TokenType, value string) bool) error {
	end := 0
	text := []rune(code)
	if end = len(text); l.chroma.Config().EnsureNL && !strings.HasSuffix(code, "\n") {
		text = append(text, '\n') // the rules see it, but do not start at it
	}
	s := &chroma.LexerState{
		Registry: lexers.GlobalLexerRegistry, Lexer: l.chroma, Text: text, Stack: []string{"root"}, Rules: l.compiled,
		MutatorContext: map[any]any{},
	}
	for s.Pos < end && len(s.Stack) > 0 {
		s.State = s.Stack[len(s.Stack)-1]
		state := l.states[s.State]
		if state == nil {
			return fmt.Errorf("unknown state %s", s.State)
		}
		rule, match, err := l.match(state, text, s.Pos)
		if err != nil {
			return err
		}
		if rule == nil {
			if text[s.Pos] == '\n' && s.State != "root" { // a line's end heals what went wrong in it
				s.Stack = []string{"root"}
				continue
			}
			s.Pos++
			if !emit(chroma.Error, string(text[s.Pos-1])) {
				return nil
			}
			continue
		}
		from := s.Pos
		s.Rule = rule.index
		s.Pos += match.RuneLength
		if rule.grouped {
			takeGroups(s, match)
		}
		if rule.Mutator != nil {
			if err := rule.Mutator.Mutate(s); err != nil {
				return err
			}
		}
		switch {
		case rule.whole && !rule.grouped:
			if rule.token != chroma.Ignore && !emit(rule.token, string(text[from:from+match.RuneLength])) {
				return nil
			}
		case rule.Type != nil:
			next := rule.Type.Emit(s.Groups, s)
			for t := next(); t != chroma.EOF; t = next() {
				if t.Type != chroma.Ignore && !emit(t.Type, t.Value) {
					return nil
				}
			}
		}
	}
	if s.Pos != len(text) && len(s.Stack) == 0 {
		emit(chroma.Error, string(text[s.Pos:]))
	}
	return nil
}

// match finds the first rule that matches at a place; nil: none does. The error
// is a rule's that takes too long.
func (l *lexer) match(s *lexerState, text []rune, at int) (*lexerRule, *regexp2.Match, error) {
	for _, rule := range l.at(s, text[at]) {
		re, err := rule.compile()
		if err != nil {
			continue
		}
		m, err := re.FindRunesMatchStartingAt(text, at)
		for try := 1; err != nil && try < mostMatchTries; try++ {
			m, err = re.FindRunesMatchStartingAt(text, at)
		}
		if err != nil {
			return nil, nil, err
		}
		if m != nil && m.RuneIndex == at {
			return rule, m, nil
		}
	}
	return nil, nil, nil
}

func takeGroups(s *chroma.LexerState, m *regexp2.Match) {
	s.Groups, s.NamedGroups = []string{}, map[string]string{}
	for _, g := range m.Groups() {
		s.NamedGroups[g.Name] = g.String()
		s.Groups = append(s.Groups, g.String())
	}
}
