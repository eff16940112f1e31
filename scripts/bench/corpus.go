package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// corpus writes a site of n lessons, each with a quiz beside it, into dir: the same bytes for the same n. Ten lessons are a
// module, ten modules a course. A lesson is about 7 KB: prose, a list, a table, a callout, code in two languages, links to
// its neighbours, every tenth of it Hindi.
func corpus(dir string, n int) error {
	write := func(name, body string) error {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		return os.WriteFile(path, []byte(body), 0o644)
	}
	if err := write("sopan.yaml", "title: Bench\nid: bench\n"); err != nil {
		return err
	}
	for i := range n {
		course, module, lesson := i/100+1, i/10%10+1, i%10+1
		base := fmt.Sprintf("content/course-%d", course)
		folder := fmt.Sprintf("%s/%d0-module-%d", base, module, module)
		files := map[string]string{
			fmt.Sprintf("%s/%d0-lesson-%d.md", folder, lesson, lesson):       lessonText(i, n),
			fmt.Sprintf("%s/%d5-check-%d.quiz.yaml", folder, lesson, lesson): quizText(i),
		}
		if i%100 == 0 {
			files[base+"/index.md"] = fmt.Sprintf("---\ntitle: Course %d\nsummary: A course of the bench.\n---\n\nWhat this course is about.\n", course)
		}
		if i%10 == 0 {
			files[folder+"/index.md"] = fmt.Sprintf("---\ntitle: Module %d of course %d\n---\n\nWhat this module is about.\n", module, course)
		}
		for name, body := range files {
			if err := write(name, body); err != nil {
				return err
			}
		}
	}
	return nil
}

// lessonPath is where corpus puts lesson i.
func lessonPath(dir string, i int) string {
	course, module, lesson := i/100+1, i/10%10+1, i%10+1
	return filepath.Join(dir, "content", fmt.Sprintf("course-%d", course), fmt.Sprintf("%d0-module-%d", module, module), fmt.Sprintf("%d0-lesson-%d.md", lesson, lesson))
}

// lessonAddress is the page of lesson i.
func lessonAddress(i int) string {
	return fmt.Sprintf("course-%d/module-%d/lesson-%d.html", i/100+1, i/10%10+1, i%10+1)
}

// dice is xorshift: a corpus must not depend on a library's generator.
type dice uint32

func (d *dice) of(n int) int {
	*d ^= *d << 13
	*d ^= *d >> 17
	*d ^= *d << 5
	return int(uint32(*d) % uint32(n))
}

var english = strings.Fields(`the of a to and in is officer file request citizen rule days reply office section record decision reason
	service department order appeal authority public information question answer register date delay note duty letter must should
	when where before after because however keeps shows gives asks allows means under within only each every first second next
	last same time place work case fact law act name form list copy page paper counter village district state ministry`)

var hindi = strings.Fields(`अधिकारी फ़ाइल अनुरोध नागरिक नियम दिन उत्तर कार्यालय धारा अभिलेख निर्णय कारण सेवा विभाग आदेश अपील सूचना प्रश्न के लिए में और से का है को पर यह वह जब तब`)

func sentence(d *dice, words []string) string {
	var b strings.Builder
	for w := range 8 + d.of(10) {
		if w > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(words[d.of(len(words))])
	}
	b.WriteString(". ")
	return b.String()
}

func lessonText(i, n int) string {
	d := dice(i*2654435761 + 12345)
	words := english
	if i%10 == 9 {
		words = hindi
	}
	var b strings.Builder
	fmt.Fprintf(&b, "---\ntitle: Lesson %d\nsummary: %s\nminutes: %d\n---\n\n", i+1, strings.TrimSpace(strings.ReplaceAll(sentence(&d, english), ":", "")), 5+d.of(15))
	for part := range 6 {
		fmt.Fprintf(&b, "## Part %d: %s %s\n\n", part+1, words[d.of(len(words))], words[d.of(len(words))])
		for range 3 {
			for range 4 {
				b.WriteString(sentence(&d, words))
			}
			b.WriteString("\n\n")
		}
		switch part {
		case 0:
			for range 5 {
				fmt.Fprintf(&b, "- %s\n", sentence(&d, words))
			}
			b.WriteString("\n")
		case 1:
			b.WriteString("> [!NOTE]\n> " + sentence(&d, words) + "\n\n")
		case 2:
			b.WriteString("```go\n")
			for line := range 12 {
				fmt.Fprintf(&b, "func step%d(days int) (string, error) { return fmt.Sprintf(\"%%d days\", days+%d), nil }\n", line, d.of(90))
			}
			b.WriteString("```\n\n")
		case 3:
			b.WriteString("| step | days | who |\n|---|---|---|\n")
			for row := range 6 {
				fmt.Fprintf(&b, "| %d | %d | %s |\n", row+1, d.of(30), words[d.of(len(words))])
			}
			b.WriteString("\n")
		case 4:
			if i%10 > 0 {
				fmt.Fprintf(&b, "The lesson before is [here](%d0-lesson-%d.md).\n\n", i%10, i%10)
			}
			if i%10 < 9 && i+1 < n {
				fmt.Fprintf(&b, "The next one is [there](%d0-lesson-%d.md).\n\n", i%10+2, i%10+2)
			}
		case 5:
			b.WriteString("```json\n{\"days\": 30, \"section\": \"7(1)\", \"extensions\": [48, 35, 5]}\n```\n\n")
		}
	}
	return b.String()
}

func quizText(i int) string {
	d := dice(i*40503 + 977)
	var b strings.Builder
	fmt.Fprintf(&b, "title: Check %d\npass: 60%%\nquestions:\n", i+1)
	for q := range 4 {
		fmt.Fprintf(&b, "- id: q%d\n  ask: What does %s say of the %s in %d days?\n  right: %s %d\n  wrong:\n", q+1, english[d.of(len(english))], english[d.of(len(english))], q+2, english[d.of(len(english))], q)
		for w := range 3 {
			fmt.Fprintf(&b, "  - %s %d: It is not so, read the lesson once more.\n", english[d.of(len(english))], 10+w)
		}
		b.WriteString("  why: The rule says so.\n")
	}
	fmt.Fprintf(&b, "- id: n\n  ask: How many days?\n  number: %d\n  within: 0\n", 10+d.of(80))
	return b.String()
}
