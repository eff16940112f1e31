package acceptance

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

func policyOf(p Page) string {
	for n := range elements(p.Root, "meta") {
		if strings.EqualFold(attribute(n, "http-equiv"), "Content-Security-Policy") {
			return attribute(n, "content")
		}
	}
	return ""
}

// TestEveryPageHasAPolicyThatAnEvaluatorPasses: Google's CSP Evaluator finds nothing of high or medium severity in any page's
// policy, no page loosens it with unsafe-*, and what it forbids is not in the page.
func TestEveryPageHasAPolicyThatAnEvaluatorPasses(t *testing.T) {
	s := sampleSite(t)
	policies := map[string]string{} // policy -> a page that has it
	for _, p := range s.Pages {
		policy := policyOf(p)
		if policy == "" {
			t.Errorf("%s has no Content-Security-Policy", p.Path)
			continue
		}
		policies[policy] = p.Path
		if strings.Contains(policy, "unsafe") || strings.Contains(policy, "*") || strings.Contains(policy, "data:") {
			t.Errorf("%s loosens its policy: %s", p.Path, policy)
		}
		if !strings.Contains(policy, "require-trusted-types-for 'script'") {
			t.Errorf("%s lets a script write HTML from a string: %s", p.Path, policy)
		}
		for n := range elements(p.Root, "") {
			inlineScript := n.Data == "script" && !hasAttribute(n, "src") && attribute(n, "type") != "application/json"
			if inlineScript || n.Data == "style" || hasAttribute(n, "style") {
				t.Errorf("%s has an inline <%s>, which its policy forbids", p.Path, n.Data)
			}
			for _, a := range n.Attr {
				if strings.HasPrefix(a.Key, "on") {
					t.Errorf("%s: <%s %s=…> runs script from an attribute", p.Path, n.Data, a.Key)
				}
			}
		}
	}
	const judge = `
		const { CspEvaluator } = require(process.argv[1] + "/evaluator.js");
		const { CspParser } = require(process.argv[1] + "/parser.js");
		const said = process.argv.slice(2).map(p => new CspEvaluator(new CspParser(p).csp).evaluate());
		console.log(JSON.stringify(said.map(all => all.map(f => ({severity: f.severity, description: f.description, directive: f.directive, value: f.value ?? ""})))));`
	var list []string
	for policy := range policies {
		list = append(list, policy)
	}
	dist := filepath.Dir(npm(t, "csp_evaluator/dist/evaluator.js"))
	cmd := exec.Command("node", append([]string{"-e", judge, dist}, list...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("csp_evaluator: %v", err)
	}
	var verdicts [][]struct {
		Severity                      int
		Description, Directive, Value string
	}
	if err := json.Unmarshal(out, &verdicts); err != nil {
		t.Fatal(err)
	}
	// csp_evaluator's severities: 10 high, 20 syntax, 30 medium, 40 high maybe, 45 strict CSP, 50 medium maybe, 60 info. The
	// "maybe" of 'self' (a host that serves uploads beside the site) is the host's, and 45 asks for nonces, which a file on a
	// disk cannot have.
	for i, findings := range verdicts {
		for _, f := range findings {
			if f.Severity <= 30 {
				t.Errorf("%s: %s %s: %s", policies[list[i]], f.Directive, f.Value, f.Description)
			}
		}
	}
}

// TestFault74AnInjectedScriptDoesNotRun puts an inline script, a handler and a string of HTML into a page's DOM.
func TestFault74AnInjectedScriptDoesNotRun(t *testing.T) {
	s := sampleSite(t)
	p := openPage(t, s, s.ofKind(t, "quiz")[0])
	var ran struct{ Script, Handler, HTML, Eval bool }
	// Eval itself is exempt from the page's policy, what it leaves behind for the page to run is not.
	p.EvalAsync(`(async () => {
		const script = document.createElement("script");
		try { script.text = "window.ranScript = 1"; document.body.append(script) } catch {}
		const image = document.createElement("img");
		try { image.setAttribute("onerror", "window.ranHandler = 1"); image.src = "missing.png"; document.body.append(image) } catch {}
		let html = true;
		try { document.body.insertAdjacentHTML("beforeend", "<b>x</b>") } catch { html = false }
		await new Promise(done => setTimeout(done, 300));
		return {Script: "ranScript" in window, Handler: "ranHandler" in window, HTML: html, Eval: false};
	})()`, &ran)
	if ran.Script || ran.Handler || ran.HTML {
		t.Errorf("what was put into the page ran: %+v", ran)
	}
}

// TestFault01NoPageHoldsAnExecutableAddress: javascript:, data: and vbscript: in no attribute of any page.
func TestFault01NoPageHoldsAnExecutableAddress(t *testing.T) {
	s := sampleSite(t)
	for _, p := range s.Pages {
		for n := range elements(p.Root, "") {
			for _, a := range n.Attr {
				if executable(a) {
					t.Errorf("%s: <%s %s=%q>", p.Path, n.Data, a.Key, a.Val)
				}
			}
		}
	}
}

func executable(a html.Attribute) bool {
	v := strings.ToLower(strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' {
			return -1
		}
		return r
	}, a.Val)))
	for _, scheme := range []string{"javascript:", "data:", "vbscript:"} {
		if strings.HasPrefix(v, scheme) {
			return true
		}
	}
	return false
}
