package markdown

import (
	"math/bits"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// letter is what a rune is to the words around it.
type letter uint8

const (
	ofWord letter = 1 << iota // a letter, mark or digit of any script, or a joiner, which Indic and Arabic scripts write inside words
	within                    // an apostrophe: it begins no word and ends none
	space                     // U+0020
	blank                     // any other white space
	aWord                     // a Han character, which counts as a word, as word processors have it
)

// letters is that of all that stands before U+1000: the scripts of Europe, of
// India and of Arabic.
type letters [0x1000]letter

var knownLetters = sync.OnceValue(func() *letters {
	var t letters
	for r := range t {
		t[r] = letterOf(rune(r))
	}
	return &t
})

func (t *letters) of(r rune) letter {
	if uint32(r) < uint32(len(t)) {
		return t[r]
	}
	return letterOf(r)
}

func letterOf(r rune) letter {
	var l letter
	if r >= firstHan && unicode.Is(unicode.Han, r) {
		l = aWord
	}
	switch {
	case unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsNumber(r) || r == '\u200c' || r == '\u200d':
		return l | ofWord
	case r == '\'' || r == '’':
		return within
	case r == ' ':
		return space
	case unicode.IsSpace(r):
		return blank
	}
	return l
}

// firstHan is where the script begins (⺀).
const firstHan = 0x2E80

// hold tells whether words are made of a rune.
func (t *letters) hold(r rune) bool { return t.of(r)&ofWord != 0 }

func isWordRune(r rune) bool { return knownLetters().hold(r) }

// countWords counts runs of word runes.
func countWords(s string) int {
	words, _ := lookOver(s)
	return words
}

// oneLine makes every run of white space one space, and counts the words.
func oneLine(s string) (line string, words int) {
	s = strings.TrimSpace(s)
	words, isOne := lookOver(s)
	if !isOne {
		s = strings.Join(strings.Fields(s), " ")
	}
	return s, words
}

// lookOver counts words, and tells whether white space stands in s as single
// spaces only. It does so without a branch but for the script: where the next
// word begins, no processor guesses. Eight letters of English are looked at
// together.
func lookOver(s string) (words int, isOneLine bool) {
	known := knownLetters()
	var last, seen letter // last: ofWord at an apostrophe in a word too; seen: space at the second one
	for i := 0; i < len(s); i++ {
		for ; i+8 <= len(s) && s[i] < utf8.RuneSelf; i += 8 {
			ofWords, spaces, plain := eight(s[i : i+8])
			if !plain {
				break
			}
			words += bits.OnesCount64(ofWords &^ (ofWords<<8 | uint64(last&ofWord)<<7))
			if spaces&(spaces<<8|uint64(last&space/space)<<7) != 0 {
				seen |= space
			}
			last = letter(ofWords>>63)*ofWord | letter(spaces>>63)*space
		}
		if i == len(s) {
			break
		}
		var k letter
		if c := s[i]; c < utf8.RuneSelf {
			k = known[c]
		} else {
			r, size := utf8.DecodeRuneInString(s[i:])
			i += size - 1
			if k = known.of(r); k&aWord != 0 {
				words++
				k = 0
			}
		}
		words += int(k &^ last & ofWord)
		seen |= k & (last | blank)
		last = k | last&(k/within)&ofWord
	}
	return words, seen&(space|blank) == 0
}

// eight looks at eight bytes at once. The highest bit of each byte of what it
// gives says whether it is of a word, or a space. plain is false where one is not
// of ASCII, a control character or an apostrophe.
func eight(s string) (ofWords, spaces uint64, plain bool) {
	const (
		each    = 0x0101010101010101
		highest = 0x80 * each
		from    = 0x80 * each // added, less a character: the highest bits of those that are it or come after it
	)
	v := uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 | uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
	lower := v | ' '*each
	letters := (lower + from - 'a'*each) &^ (lower + from - ('z'+1)*each)
	digits := (v + from - '0'*each) &^ (v + from - ('9'+1)*each)
	other := v ^ ' '*each + from - each      // than a space
	wordy := v ^ '\''*each + from - each     // no apostrophe
	visible := (v + from - ' '*each) & wordy // no control character either
	return (letters | digits) & highest, ^other & highest, v&highest == 0 && visible&highest == highest
}
