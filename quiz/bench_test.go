package quiz

import (
	"bytes"
	"testing"

	"sopan.dev/sopan/builder/source"
)

// typical is a quiz as most are: pairs and lists, texts in quotation marks.
const typical = `title: "Applications under the Act"
pass: 60%
questions:
- id: q1
  ask: "Within how many days must a public information officer answer an application?"
  right: "within thirty days of its receipt"
  wrong: ["within ten working days", "within ninety days, if the head of the office agrees", "whenever the file has come back from the branch"]
  marks: 1
  why: "Section 7 names thirty days for the usual case."
- id: q2
  ask: "Which of these must an application hold, so that it cannot be sent back to the one who wrote it?"
  right: ["the information that is sought", "the fee, or a proof that none is due"]
  wrong: ["the reason for which it is sought", "a proof of citizenship", "the name of an officer"]
  marks: 2
  why: "No reason has to be given."
- id: q3
  ask: "An application may be written in Hindi."
  right: true
  marks: 1
  why: "Hindi, English, or the official language of the area."
- id: q4
  ask: "In how many hours must information about a person's life or liberty be given?"
  number: 48
  within: 0.5
  marks: 2
  why: "It is the second half of section 7."
- id: q5
  ask: "Put the steps in order."
  order: ["the application is received and entered", "the section that holds the information is asked", "the fee for copies is worked out", "the information is sent"]
  marks: 3
  why: "The fee is asked for when it is known how much there is to copy."
`

func BenchmarkRead(b *testing.B) {
	t := source.NewText("check.quiz.yaml", []byte(typical))
	var rooms Rooms // as where many are read
	b.ReportAllocs()
	for b.Loop() {
		room := rooms.Take()
		if _, finds := room.Read(t); finds.HasErrors() {
			b.Fatal(finds)
		}
		rooms.GiveBack(room)
	}
}

func BenchmarkForm(b *testing.B) {
	q, _ := Read(source.NewText("check.quiz.yaml", []byte(typical)))
	o := FormOptions{Words: Words("en")}
	var easel Easel
	var form bytes.Buffer // of those that pages use again
	b.ReportAllocs()
	for b.Loop() {
		form.Reset()
		easel.Draw(&form, q, o)
	}
}
