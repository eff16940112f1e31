package record

import (
	"errors"
	"strings"
	"testing"
)

const id1 = "11111111-1111-4111-8111-111111111111"

const full = `{
 "id": "11111111-1111-4111-8111-11111111111A",
 "actor": {"objectType": "Agent", "account": {"homePage": "https://sopan.dev/learner", "name": "f3a9"}},
 "verb": {"id": "http://adlnet.gov/expapi/verbs/answered", "display": {"en": "answered", "hi": "उत्तर दिया"}},
 "object": {"id": "https://example.in/course/q1", "definition": {"type": "http://adlnet.gov/expapi/activities/cmi.interaction",
   "interactionType": "choice", "correctResponsesPattern": ["a[,]b"], "choices": [{"id": "a", "description": {"en": "A"}}, {"id": "b"}]}},
 "result": {"score": {"scaled": 0.5, "raw": 1, "min": 0, "max": 2}, "success": false, "response": "a", "duration": "PT12.5S",
   "extensions": {"https://example.in/x": {"any": null}}},
 "context": {"registration": "22222222-2222-4222-9222-222222222222", "language": "hi",
   "contextActivities": {"parent": {"id": "https://example.in/course"}, "category": [{"id": "https://sopan.dev/xapi"}]}},
 "timestamp": "2025-02-03T10:20:30.456Z", "version": "1.0.3"
}`

func TestAFullStatementIsRead(t *testing.T) {
	list, batch, err := Read([]byte(full))
	if err != nil || batch || len(list) != 1 {
		t.Fatalf("Read = %d statements, batch %v, %v", len(list), batch, err)
	}
	s := list[0]
	if s.ID != strings.ToLower("11111111-1111-4111-8111-11111111111A") || s.Verb.Display["hi"] != "उत्तर दिया" ||
		*s.Result.Score.Scaled != 0.5 || *s.Result.Success || s.Context.ContextActivities.Parent[0].ID != "https://example.in/course" {
		t.Errorf("read wrongly: %+v", s)
	}
	if string(s.Raw) != full {
		t.Errorf("the bytes as sent are lost: %s", s.Raw)
	}
}

func TestABatchIsRead(t *testing.T) {
	second := strings.Replace(full, "11111111-1111-4111-8111-11111111111A", "33333333-3333-4333-8333-333333333333", 1)
	list, batch, err := Read([]byte("[" + full + ",\n" + second + "]"))
	if err != nil || !batch || len(list) != 2 {
		t.Fatalf("Read = %d statements, batch %v, %v", len(list), batch, err)
	}
	if list, batch, err := Read([]byte("[]")); err != nil || !batch || len(list) != 0 {
		t.Errorf("an empty batch: %d statements, batch %v, %v", len(list), batch, err)
	}
}

func TestFault64WrongStatementsAreRefusedWithTheirPlace(t *testing.T) {
	with := func(old, new string) string {
		if !strings.Contains(full, old) {
			t.Fatalf("the sample has no %s", old)
		}
		return strings.Replace(full, old, new, 1)
	}
	cases := []struct{ name, body, at string }{
		{"null", with(`"success": false`, `"success": null`), "/result/success"},
		{"a null name", with(`"name": "f3a9"`, `"name": null`), "/actor/account/name"},
		{"no UUID", with("11111111-1111-4111-8111-11111111111A", "17"), "/id"},
		{"a UUID of no variant", with("4111-8111-1", "4111-7111-1"), "/id"},
		{"a registration that is none", with("22222222-2222-4222-9222-222222222222", "x"), "/context/registration"},
		{"a case variant", with(`"scaled": 0.5`, `"scaled": 0.5, "Scaled": 1`), "/result/score/Scaled"},
		{"an unknown key", with(`"version"`, `"grade": 1, "version"`), "/grade"},
		{"no actor", with(`"actor"`, `"authority"`), "/actor"},
		{"two names", with(`"account":`, `"mbox": "mailto:a@b.in", "account":`), "/actor"},
		{"a bare address", with(`"account": {"homePage": "https://sopan.dev/learner", "name": "f3a9"}`, `"mbox": "a@b.in"`), "/actor/mbox"},
		{"a verb that is no IRI", with("http://adlnet.gov/expapi/verbs/answered", "answered"), "/verb/id"},
		{"an object without id", with(`"id": "https://example.in/course/q1", `, ``), "/object/id"},
		{"a key in the object", with(`"interactionType": "choice"`, `"interactiontype": "choice"`), "/object/definition/interactiontype"},
		{"an interaction type", with(`"choice"`, `"guess"`), "/object/definition/interactionType"},
		{"equal choices", with(`{"id": "b"}`, `{"id": "a"}`), "/object/definition/choices/1/id"},
		{"scaled over 1", with(`0.5`, `1.5`), "/result/score/scaled"},
		{"raw over max", with(`"raw": 1`, `"raw": 3`), "/result/score/raw"},
		{"a score in words", with(`0.5`, `"0.5"`), "/result/score/scaled"},
		{"a duration", with(`PT12.5S`, `12s`), "/result/duration"},
		{"an empty duration", with(`PT12.5S`, `PT`), "/result/duration"},
		{"an extension without IRI", with(`https://example.in/x`, `x`), "/result/extensions"},
		{"a time without zone", with(`456Z`, `456`), "/timestamp"},
		{"the zone -00:00", with(`456Z`, `456-00:00`), "/timestamp"},
		{"a version", with(`"1.0.3"`, `"0.95"`), "/version"},
		{"a language", with(`"language": "hi"`, `"language": "हिन्दी"`), "/context/language"},
		{"an object type", with(`"object": {`, `"object": {"objectType": "Thing", `), "/object/objectType"},
		{"attachments", with(`"version"`, `"attachments": [], "version"`), "/attachments"},
		{"voiding an activity", with("verbs/answered", "verbs/voided"), "/object"},
		{"text for an object", with(`"context": {`, `"context": "x", "result2": {`), "/context"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			good := strings.Replace(full, "11111111-1111-4111-8111-11111111111A", "33333333-3333-4333-8333-333333333333", 1)
			_, _, err := Read([]byte("[" + good + "," + c.body + "]"))
			var e *Error
			if !errors.As(err, &e) {
				t.Fatalf("error %v, want *Error", err)
			}
			if e.Index != 1 || e.At != c.at || e.Reason == "" {
				t.Errorf("refused at %d %q (%s), want 1 %q", e.Index, e.At, e.Reason, c.at)
			}
		})
	}
}

func TestFault64BodiesThatAreNoStatements(t *testing.T) {
	cases := map[string]string{
		"empty":             "",
		"a word":            "hello",
		"a number":          "1",
		"a doubled key":     strings.Replace(full, `"success": false`, `"success": false, "success": true`, 1),
		"trailing JSON":     full + "{}",
		"trailing comma":    "[" + full + ",]",
		"trailing words":    full + " x",
		"invalid UTF-8":     strings.Replace(full, "f3a9", "\xff", 1),
		"half a surrogate":  strings.Replace(full, "f3a9", `\ud800`, 1),
		"cut off":           full[:200],
		"a list of numbers": "[1]",
		"depth":             strings.Repeat("[", 20000) + strings.Repeat("]", 20000),
		"the same id twice": "[" + full + "," + full + "]",
	}
	for name, body := range cases {
		if list, _, err := Read([]byte(body)); err == nil {
			t.Errorf("%s was read as %d statements", name, len(list))
		}
	}
	deep := strings.Replace(full, `{"any": null}`, strings.Repeat(`{"a":`, 60)+"1"+strings.Repeat("}", 60), 1)
	if _, _, err := Read([]byte(deep)); err == nil {
		t.Error("an extension 60 objects deep was read")
	}
}

func TestOtherObjectsAreRead(t *testing.T) {
	object := `{"id": "https://example.in/course/q1", "definition": {"type": "http://adlnet.gov/expapi/activities/cmi.interaction",
   "interactionType": "choice", "correctResponsesPattern": ["a[,]b"], "choices": [{"id": "a", "description": {"en": "A"}}, {"id": "b"}]}}`
	for name, other := range map[string]string{
		"an agent":        `{"objectType": "Agent", "mbox": "mailto:a@b.in"}`,
		"a group":         `{"objectType": "Group", "member": [{"mbox": "mailto:a@b.in"}]}`,
		"a reference":     `{"objectType": "StatementRef", "id": "` + id1 + `"}`,
		"a sub-statement": `{"objectType": "SubStatement", "actor": {"mbox": "mailto:a@b.in"}, "verb": {"id": "x:y"}, "object": {"id": "x:z"}}`,
	} {
		if _, _, err := Read([]byte(strings.Replace(full, object, other, 1))); err != nil {
			t.Errorf("%s as object: %v", name, err)
		}
	}
	for name, other := range map[string]string{
		"an agent without a name":   `{"objectType": "Agent"}`,
		"a group of groups":         `{"objectType": "Group", "member": [{"objectType": "Group", "mbox": "mailto:a@b.in"}]}`,
		"a reference to nothing":    `{"objectType": "StatementRef", "id": "x"}`,
		"a sub-statement with id":   `{"objectType": "SubStatement", "id": "` + id1 + `", "actor": {"mbox": "mailto:a@b.in"}, "verb": {"id": "x:y"}, "object": {"id": "x:z"}}`,
		"a sub-statement's unknown": `{"objectType": "SubStatement", "foo": 1, "actor": {"mbox": "mailto:a@b.in"}, "verb": {"id": "x:y"}, "object": {"id": "x:z"}}`,
	} {
		if _, _, err := Read([]byte(strings.Replace(full, object, other, 1))); err == nil {
			t.Errorf("%s was taken as object", name)
		}
	}
}

func TestSameIsWhatWasSaidNotHow(t *testing.T) {
	read := func(body string) Statement {
		list, _, err := Read([]byte(body))
		if err != nil {
			t.Fatal(err)
		}
		return list[0]
	}
	a := read(full)
	spelt := read(strings.NewReplacer("0.5", "0.50", "\n", " ", `"version": "1.0.3"`, `"version": "1.0.3", "stored": "2025-02-03T10:20:31Z"`).Replace(full))
	other := read(strings.Replace(full, `0.5`, `0.75`, 1))
	if !Same(a, spelt) {
		t.Error("the same statement in another spelling is called different")
	}
	if Same(a, other) {
		t.Error("another score is called the same")
	}
}

func TestNewIDsAreUUIDsAndDiffer(t *testing.T) {
	a, b := NewID(), NewID()
	if !IsUUID(a) || !IsUUID(b) || a == b {
		t.Errorf("ids %s and %s", a, b)
	}
}
