package browser

import (
	"context"
	"fmt"
	"strings"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Click clicks the middle of the first element that fits the selector, once there is one that can be seen. What lies
// over it gets the click, as with a finger; so an element that is covered fails the test.
func (p *Page) Click(selector string) {
	p.t.Helper()
	x, y := p.aim(selector)
	if err := p.step(func(ctx context.Context) error { return chromedp.Do(ctx, chromedp.MouseClickXY(x, y)) }); err != nil {
		p.fail("clicking %s: %v", selector, err)
	}
}

// Follow clicks a link and waits until the page it leads to has loaded.
func (p *Page) Follow(selector string) {
	p.t.Helper()
	x, y := p.aim(selector)
	if err := p.step(func(ctx context.Context) error {
		_, err := chromedp.RunResponse(ctx, chromedp.MouseClickXY(x, y))
		return err
	}); err != nil {
		p.fail("following %s: %v", selector, err)
	}
	p.loaded()
}

// aim scrolls to the element and gives its middle. A label's input may be drawn by the label: either may lie on top.
func (p *Page) aim(selector string) (x, y float64) {
	p.t.Helper()
	q := quote(selector)
	p.WaitFor(fmt.Sprintf(`(e => e && e.getClientRects().length)(document.querySelector(%s))`, q), patience)
	var at struct {
		X, Y    float64
		Covered string
	}
	p.Eval(fmt.Sprintf(`(e => {
		e.scrollIntoView({block: "center", inline: "center", behavior: "instant"});
		const r = e.getClientRects()[0], X = r.x + r.width / 2, Y = r.y + r.height / 2;
		const top = document.elementFromPoint(X, Y);
		const same = top && (e.contains(top) || top.contains(e) || [...(e.labels ?? [])].some(l => l.contains(top)));
		return {X, Y, Covered: same ? "" : top ? top.outerHTML.slice(0, 120) : "nothing: it is outside the window"};
	})(document.querySelector(%s))`, q), &at)
	if at.Covered != "" {
		p.fail("cannot click %s: over it lies %s", selector, at.Covered)
	}
	return at.X, at.Y
}

// Focus puts the keyboard on an element, as a script would; a walk by keyboard uses Press("Tab").
func (p *Page) Focus(selector string) {
	p.t.Helper()
	p.WaitFor(fmt.Sprintf(`document.querySelector(%s)`, quote(selector)), patience)
	p.Eval(fmt.Sprintf(`document.querySelector(%s).focus()`, quote(selector)), nil)
}

// keys names what has no letter. A key that is not here is typed as it stands.
func keys(name string) (rune, bool) {
	switch name {
	case "Tab":
		return '\t', true
	case "Enter":
		return '\r', true
	case "Space":
		return ' ', true
	case "Escape":
		return 0x1b, true
	case "Backspace":
		return '\b', true
	case "Delete":
		return 0x7f, true
	}
	for named, key := range map[string]string{
		"ArrowUp": kb.ArrowUp, "ArrowDown": kb.ArrowDown, "ArrowLeft": kb.ArrowLeft, "ArrowRight": kb.ArrowRight,
		"Home": kb.Home, "End": kb.End, "PageUp": kb.PageUp, "PageDown": kb.PageDown,
	} {
		if named == name {
			return []rune(key)[0], true
		}
	}
	if r := []rune(name); len(r) == 1 {
		return r[0], true
	}
	return 0, false
}

// Press presses keys one after the other: "Tab", "Shift+Tab", "Enter", "Space", "ArrowDown", "a", "Control+a".
func (p *Page) Press(names ...string) {
	p.t.Helper()
	for _, name := range names {
		parts := strings.Split(name, "+")
		key, ok := keys(parts[len(parts)-1])
		if !ok {
			p.t.Fatalf("no key is called %q", name)
		}
		var with []chromedp.KeyOption
		for _, m := range parts[:len(parts)-1] {
			modifier, ok := map[string]chromedp.Modifier{
				"Shift": chromedp.ModifierShift, "Control": chromedp.ModifierCtrl, "Alt": chromedp.ModifierAlt, "Meta": chromedp.ModifierMeta,
			}[m]
			if !ok {
				p.t.Fatalf("no key is called %q", name)
			}
			with = append(with, chromedp.KeyModifiers(modifier))
		}
		if err := p.step(func(ctx context.Context) error { return chromedp.Do(ctx, chromedp.KeyEvent(string(key), with...)) }); err != nil {
			p.fail("pressing %s: %v", name, err)
		}
	}
}

// Type writes a text into an element, after what it holds. Any script will do, Devanagari too: the text comes in as from
// an input method.
func (p *Page) Type(selector, text string) {
	p.t.Helper()
	p.Focus(selector)
	if err := p.step(func(ctx context.Context) error {
		_, err := chromedp.Call(ctx, input.InsertText, input.InsertTextParams{Text: text})
		return err
	}); err != nil {
		p.fail("typing into %s: %v", selector, err)
	}
}
