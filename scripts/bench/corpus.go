package main

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A corpus is the text of as many lessons, each with a quiz, from a seed: the same bytes on every machine, and lesson i is
// the same however many there are. Ten lessons are a module, ten modules a course. A lesson is about 8 KB: prose with marks
// in it, lists, a table, a callout, a footnote, links to its neighbours, and in two of five lessons two blocks of code. Every
// tenth lesson is Hindi. A quiz has eight questions of six kinds.
type corpus struct {
	seed    int
	lessons int
	code    bool // without it, the same lessons lack their blocks of code
}

const (
	lessonsPerModule = 10
	modulesPerCourse = 10
	lessonsPerCourse = lessonsPerModule * modulesPerCourse
)

// dice is splitmix64: a corpus must not depend on a library's generator.
type dice uint64

func (c corpus) dice(what, i int) *dice {
	d := dice(uint64(c.seed)<<48 ^ uint64(what)<<40 ^ uint64(i))
	return &d
}

func (d *dice) of(n int) int {
	*d += 0x9e3779b97f4a7c15
	z := uint64(*d)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return int((z ^ z>>31) % uint64(n))
}

func (d *dice) pick(from []string) string { return from[d.of(len(from))] }

// A tongue has the words that sentences are made of.
type tongue struct {
	who, does, what, how, joins []string
	verbLast                    bool
	stop                        string
}

func words(s string) []string {
	var all []string
	for part := range strings.SplitSeq(s, ",") {
		all = append(all, strings.Join(strings.Fields(part), " "))
	}
	return all
}

func english() tongue {
	return tongue{
		who: words(`the officer, a citizen, the public authority, this office, every department, the appellate officer, the clerk at the
			counter, the record room, the applicant, a colleague from the next section, the deputy secretary, the district office,
			the panchayat, an inspector, the commission, the helpline, the auditor, a contractor, the tahsildar, the facilitator`),
		does: words(`registers, checks, forwards, answers, refuses, explains, copies, signs, dates, returns, keeps, reads, corrects,
			publishes, compares, requests, counts, scans, summarises, withdraws, confirms, transfers, closes, reopens`),
		what: words(`the request, the file, an appeal, the decision, the order of last year, the register, each page, the fee, the
			reply, an annexure, the note sheet, the inspection report, the ration list, a receipt, the tender, the muster roll, the
			map of the ward, the grievance, the pension case, the circular, the complaint, the list of holidays, the third party's letter`),
		how: words(`within thirty days, at the counter, before the section closes, under section 7(1), without giving reasons, on the same
			day, in writing, for the second time, by registered post, in the presence of a witness, as the rules of 2005 ask, in the
			language of the district, free of charge, after five working days, from the oldest to the newest, on behalf of a minor`),
		joins: words(`because, although, when, unless, before, after, so that, while, wherever, until`),
		stop:  ".",
	}
}

func hindi() tongue {
	return tongue{
		who: words(`अधिकारी, नागरिक, लोक प्राधिकरण, यह कार्यालय, हर विभाग, अपीलीय अधिकारी, काउंटर का लिपिक, अभिलेख कक्ष, आवेदक, उप सचिव,
			ज़िला कार्यालय, पंचायत, निरीक्षक, आयोग, लेखा परीक्षक, तहसीलदार`),
		does: words(`दर्ज करता है, जाँचता है, आगे भेजता है, लौटाता है, समझाता है, पढ़ता है, सुधारता है, प्रकाशित करता है, मिलाता है, गिनता है, बंद करता है`),
		what: words(`अनुरोध, फ़ाइल, अपील, निर्णय, पिछले साल का आदेश, रजिस्टर, हर पन्ना, शुल्क, उत्तर, अनुलग्नक, टिप्पणी पत्र, निरीक्षण रिपोर्ट,
			राशन सूची, रसीद, निविदा, वार्ड का नक्शा, शिकायत, पेंशन का मामला, परिपत्र`),
		how: words(`तीस दिन के भीतर, काउंटर पर, धारा 7(1) के अनुसार, कारण बताए बिना, उसी दिन, लिखित में, दूसरी बार, डाक से, गवाह के सामने,
			ज़िले की भाषा में, निःशुल्क, पाँच कार्य दिवस बाद`),
		joins:    words(`क्योंकि, हालाँकि, जब, ताकि, जब तक, और`),
		verbLast: true,
		stop:     "।",
	}
}

func (t tongue) clause(d *dice) string {
	if t.verbLast {
		return d.pick(t.who) + " " + d.pick(t.how) + " " + d.pick(t.what) + " " + d.pick(t.does)
	}
	said := d.pick(t.who) + " " + d.pick(t.does) + " " + d.pick(t.what)
	if d.of(2) == 0 {
		said += " " + d.pick(t.how)
	}
	return said
}

// plain is a sentence of words alone.
func (t tongue) plain(d *dice) string {
	said := t.clause(d)
	if d.of(5) < 2 {
		said += ", " + d.pick(t.joins) + " " + t.clause(d)
	}
	return capital(said) + t.stop
}

// sentence is one with marks in it now and then.
func (t tongue) sentence(d *dice) string {
	said := t.plain(d)
	switch d.of(16) {
	case 0:
		said = "**" + capital(d.pick(t.what)) + "**: " + said
	case 1:
		said = strings.TrimSuffix(said, t.stop) + " *" + d.pick(t.how) + "*" + t.stop
	case 2:
		said = strings.TrimSuffix(said, t.stop) + fmt.Sprintf(" (`form_%d`)", d.of(90)+1) + t.stop
	}
	return said
}

func (t tongue) paragraph(d *dice) string {
	var said []string
	for range 3 + d.of(4) {
		said = append(said, t.sentence(d))
	}
	return strings.Join(said, " ")
}

func capital(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}

// A lesson is what both sites say; how a link is written is all that they differ in.
type lesson struct {
	title, summary string
	minutes        int
	body           string
}

func (c corpus) tongue(i int) tongue {
	if i%10 == 9 {
		return hindi()
	}
	return english()
}

func (c corpus) lesson(i int, link func(to int) string) lesson {
	d, t := c.dice(1, i), c.tongue(i)
	l := lesson{
		title:   fmt.Sprintf("%s, %s, %d", capital(d.pick(t.what)), d.pick(t.how), i+1),
		summary: t.plain(d),
		minutes: 5 + d.of(20),
	}
	coded := c.dice(2, i) // dice of its own, so that the rest is the same without code
	var b strings.Builder
	b.WriteString(t.paragraph(d) + "\n\n")
	for part := range 6 {
		fmt.Fprintf(&b, "## %s %d\n\n", capital(d.pick(t.what)+" "+d.pick(t.how)), part+1)
		for range 2 + d.of(2) {
			b.WriteString(t.paragraph(d) + "\n\n")
		}
		switch part {
		case 0:
			for range 4 + d.of(4) {
				b.WriteString("- " + t.sentence(d) + "\n")
			}
			b.WriteString("\n")
		case 1:
			b.WriteString("> [!" + d.pick([]string{"NOTE", "TIP", "WARNING"}) + "]\n> " + t.sentence(d) + "\n\n")
		case 2:
			b.WriteString("| " + d.pick(t.what) + " | " + d.pick(t.how) + " | days |\n|---|---|---:|\n")
			for range 5 + d.of(4) {
				fmt.Fprintf(&b, "| %s | %s | %d |\n", d.pick(t.what), d.pick(t.who), d.of(90))
			}
			b.WriteString("\n")
		case 3:
			fmt.Fprintf(&b, "### %s\n\n", capital(d.pick(t.who)+" "+d.pick(t.how)))
			for n := range 3 + d.of(3) {
				fmt.Fprintf(&b, "%d. %s\n", n+1, t.sentence(d))
			}
			b.WriteString("\n")
		case 4:
			for _, to := range []int{i - 1, i + 1} {
				if to >= 0 && to < c.lessons && to/lessonsPerModule == i/lessonsPerModule {
					fmt.Fprintf(&b, "%s See [lesson %d](%s).\n\n", t.sentence(d), to+1, link(to))
				}
			}
		case 5:
			fmt.Fprintf(&b, "%s[^1]\n\n[^1]: %s\n\n", t.plain(d), t.plain(d))
		}
		if c.code && i%5 < 2 && (part == 1 || part == 4) {
			b.WriteString(listing(coded) + "\n")
		}
	}
	l.body = b.String()
	return l
}

// listing is a block of code of some twenty lines in one of six languages.
func listing(d *dice) string {
	name := d.pick(words("request, appeal, receipt, register, ledger, tender, pension, circular, grievance, transfer"))
	with := strings.NewReplacer("NAME", name, "COUNT", fmt.Sprint(2+d.of(97)), "YEAR", fmt.Sprint(2005+d.of(20)))
	return with.Replace(d.pick(listings()))
}

func listings() []string {
	return []string{"```go\n" + `package NAME

import (
	"errors"
	"fmt"
	"time"
)

// ErrLate says that the NAME came after its day.
var ErrLate = errors.New("NAME: too late")

// Due gives the last day for a NAME, and how many days are left.
func Due(received, today time.Time, days int) (time.Time, int, error) {
	last := received.AddDate(0, 0, days+COUNT)
	left := int(last.Sub(today).Hours() / 24)
	if left < 0 {
		return last, left, fmt.Errorf("%s of YEAR: %w", "NAME", ErrLate)
	}
	return last, left, nil
}
` + "```\n", "```python\n" + `import csv
from collections import Counter

def count_NAME(path, year=YEAR, limit=COUNT):
    """How many of each kind there are, the most frequent first."""
    kinds = Counter()
    with open(path, encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            if int(row["year"]) >= year and row["kind"].strip():
                kinds[row["kind"].lower()] += 1
    return [(kind, n) for kind, n in kinds.most_common(limit) if n > 1]

if __name__ == "__main__":
    for kind, n in count_NAME("NAME.csv"):
        print(f"{kind:<20} {n:>6}  # since YEAR")
` + "```\n", "```sql\n" + `-- Every NAME that waits for more than COUNT days, the oldest first.
WITH open_NAME AS (
  SELECT n.id, n.received_on, o.name AS office,
         CURRENT_DATE - n.received_on AS days
  FROM NAME AS n
  JOIN office AS o ON o.id = n.office_id
  WHERE n.closed_on IS NULL AND n.received_on >= DATE 'YEAR-04-01'
)
SELECT office, COUNT(*) AS waiting, MAX(days) AS longest
FROM open_NAME
WHERE days > COUNT
GROUP BY office
HAVING COUNT(*) > 3
ORDER BY longest DESC, office;
` + "```\n", "```javascript\n" + `const limit = COUNT;

// The NAME as a line of a table; what a person typed is text, never markup.
export function rowOf(entry, today = new Date()) {
  const row = document.createElement("tr");
  const days = Math.floor((today - new Date(entry.received)) / 86400000);
  for (const text of [entry.id, entry.office ?? "–", String(days)]) {
    const cell = document.createElement("td");
    cell.textContent = text;
    row.append(cell);
  }
  if (days > limit) row.classList.add("late");
  return row;
}

export const late = (all) => all.filter((e) => e.year >= YEAR && !e.closed).map((e) => rowOf(e));
` + "```\n", "```json\n" + `{
  "kind": "NAME",
  "year": YEAR,
  "days": COUNT,
  "offices": [
    {"name": "District office", "open": 12, "closed": 340, "late": false},
    {"name": "Record room", "open": COUNT, "closed": 88, "late": true}
  ],
  "section": "7(1)",
  "extensions": [48, 35, 5, null]
}
` + "```\n", "```bash\n" + `#!/bin/sh
# Packs each NAME of YEAR and says which could not be read.
set -eu
out=$(mktemp -d)
for file in NAME/YEAR-*.pdf; do
  if [ -r "$file" ] && [ "$(wc -c < "$file")" -gt COUNT ]; then
    cp -- "$file" "$out/" || echo "not copied: $file" >&2
  else
    printf '%s: cannot be read\n' "${file##*/}" >&2
  fi
done
tar -C "$out" -czf "NAME-YEAR.tar.gz" . && rm -r "$out"
` + "```\n"}
}

// quiz is the quiz after lesson i, as YAML without its title.
func (c corpus) quiz(i int) string {
	d, t := c.dice(3, i), c.tongue(i)
	var b strings.Builder
	b.WriteString("pass: 60%\nquestions:\n")
	for q, kind := range []string{"choice", "truth", "several", "choice", "number", "order", "text", "choice"} {
		ask := t.plain(d)
		if q%4 == 0 {
			ask = fmt.Sprintf("%s (`form_%d`)", ask, d.of(90)+1)
		}
		fmt.Fprintf(&b, "- id: q%d\n  ask: %q\n", q+1, ask)
		choices := d.several(4+d.of(2), func() string { return t.clause(d) })
		switch kind {
		case "choice":
			fmt.Fprintf(&b, "  right: %q\n  wrong: %s\n", choices[0], list(choices[1:]))
		case "several":
			fmt.Fprintf(&b, "  right: %s\n  wrong: %s\n", list(choices[:2]), list(choices[2:]))
		case "truth":
			fmt.Fprintf(&b, "  right: %t\n", d.of(2) == 0)
		case "number":
			fmt.Fprintf(&b, "  number: %d\n  within: 2\n", 10+d.of(80))
		case "order":
			fmt.Fprintf(&b, "  order: %s\n", list(choices))
		case "text":
			fmt.Fprintf(&b, "  answer: %q\n", d.pick(t.what))
		}
		fmt.Fprintf(&b, "  marks: %d\n  why: %q\n", 1+d.of(3), t.sentence(d))
	}
	return b.String()
}

// several makes n different texts.
func (d *dice) several(n int, one func() string) []string {
	var all []string
	for seen := map[string]bool{}; len(all) < n; {
		if s := one(); !seen[s] {
			seen[s] = true
			all = append(all, s)
		}
	}
	return all
}

func list(all []string) string {
	var quoted []string
	for _, s := range all {
		quoted = append(quoted, fmt.Sprintf("%q", s))
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}
