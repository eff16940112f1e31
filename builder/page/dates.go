package page

import (
	"fmt"
	"strings"
	"time"
)

// months are the names of the months, January first. A language without a
// line here shows its dates in digits, day before month.
var months = map[string][12]string{
	"en": {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
	"hi": {"जनवरी", "फ़रवरी", "मार्च", "अप्रैल", "मई", "जून", "जुलाई", "अगस्त", "सितंबर", "अक्टूबर", "नवंबर", "दिसंबर"},
}

// date writes an ISO date day before month, in Latin digits: "21 November
// 2026". What is no date is given back as it is.
func date(iso, lang string) string {
	t, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return iso
	}
	base, _, _ := strings.Cut(lang, "-")
	if names, ok := months[base]; ok {
		return fmt.Sprintf("%d %s %d", t.Day(), names[t.Month()-1], t.Year())
	}
	return t.Format("02-01-2006")
}

// duration writes a reading time in words: "25 min", "4 h 53 min"; "" for 0.
func (p *planner) duration(minutes int, lang string) string {
	switch {
	case minutes == 0:
		return ""
	case minutes < 60:
		return p.word(lang, "minutes", "n", minutes)
	case minutes%60 == 0:
		return p.word(lang, "hours", "h", minutes/60)
	default:
		return p.word(lang, "hours_minutes", "h", minutes/60, "n", minutes%60)
	}
}
