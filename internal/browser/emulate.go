package browser

import (
	"context"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/storage"
	"github.com/chromedp/chromedp"
)

// SetViewport sets the window's size in CSS pixels. Mobile is a touch screen that heeds <meta name=viewport>.
func (p *Page) SetViewport(width, height int, mobile bool) {
	p.t.Helper()
	var options []chromedp.EmulateViewportOption
	if mobile {
		options = append(options, chromedp.EmulateMobile, chromedp.EmulateTouch)
	}
	p.emulate("a window", func(ctx context.Context) error {
		return chromedp.Do(ctx, chromedp.EmulateViewport(int64(width), int64(height), options...))
	})
}

// Media is what a learner has set in the device. The zero value is a light screen with motion.
type Media struct {
	Dark, ReducedMotion, ForcedColours, Print bool
}

// SetMedia sets the device's wishes for this tab.
func (p *Page) SetMedia(m Media) {
	p.t.Helper()
	choose := func(on bool, yes, no string) string {
		if on {
			return yes
		}
		return no
	}
	p.emulate("media", func(ctx context.Context) error {
		_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Media: choose(m.Print, "print", ""),
			Features: []*emulation.MediaFeature{
				{Name: "prefers-color-scheme", Value: choose(m.Dark, "dark", "light")},
				{Name: "prefers-reduced-motion", Value: choose(m.ReducedMotion, "reduce", "no-preference")},
				{Name: "forced-colors", Value: choose(m.ForcedColours, "active", "none")},
			},
		})
		return err
	})
}

// SetScript turns the page's scripts on or off; it holds from the next page on. Eval works either way.
func (p *Page) SetScript(on bool) {
	p.t.Helper()
	p.emulate("scripting", func(ctx context.Context) error {
		_, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
		return err
	})
}

// Before runs a script on every page that this tab opens from now on, ahead of the page's own scripts and under no policy.
func (p *Page) Before(js string) {
	p.t.Helper()
	p.emulate("a script ahead of the page's", func(ctx context.Context) error {
		_, err := chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: js})
		return err
	})
}

// Downloads puts what this tab and its neighbours save into a folder, under the names that the page gives.
func (p *Page) Downloads(dir string) {
	p.t.Helper()
	root, err := shared()
	if err == nil {
		ctx, cancel := context.WithTimeout(root, patience)
		defer cancel()
		_, err = chromedp.CallBrowser(ctx, cdpbrowser.SetDownloadBehavior, cdpbrowser.SetDownloadBehaviorParams{
			Behavior: cdpbrowser.SetDownloadBehaviorBehaviorAllow, BrowserContextID: p.inside, DownloadPath: dir,
		})
	}
	if err != nil {
		p.fail("choosing a folder for downloads: %v", err)
	}
}

// ThrottleCPU makes the tab's processor n times slower; 1 is its own speed.
func (p *Page) ThrottleCPU(n float64) {
	p.t.Helper()
	p.emulate("a processor", func(ctx context.Context) error {
		_, err := chromedp.Call(ctx, emulation.SetCPUThrottlingRate, emulation.SetCPUThrottlingRateParams{Rate: n})
		return err
	})
}

// SetQuota gives an origin so many bytes of storage.
func (p *Page) SetQuota(origin string, bytes float64) {
	p.t.Helper()
	p.emulate("a device with little room", func(ctx context.Context) error {
		_, err := chromedp.Call(ctx, storage.OverrideQuotaForOrigin, storage.OverrideQuotaForOriginParams{Origin: origin, QuotaSize: &bytes})
		return err
	})
}

// Network is a line: milliseconds to the first byte, bytes a second; 0 is no bound.
type Network struct {
	Offline bool
	Latency float64
	Down    float64
	Up      float64
}

// Slow3G is a phone in a district office, after Chromium's own presets (DevTools "Slow 3G" and "3G").
func Slow3G() Network { return Network{Latency: 2000, Down: 50_000, Up: 50_000} }

// Fast3G is a good day.
func Fast3G() Network { return Network{Latency: 563, Down: 180_000, Up: 84_375} }

// SetNetwork puts the tab, and the service workers it starts, on a line. navigator.onLine and its events follow.
func (p *Page) SetNetwork(n Network) {
	p.t.Helper()
	bound := func(v float64) float64 {
		if v == 0 {
			return -1
		}
		return v
	}
	p.emulate("a line", func(ctx context.Context) error {
		conditions := []*network.Conditions{{
			Latency: n.Latency, DownloadThroughput: bound(n.Down), UploadThroughput: bound(n.Up), Offline: n.Offline,
		}}
		if n == (Network{}) {
			conditions = []*network.Conditions{}
		}
		if _, err := chromedp.Call(ctx, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
			EmulateOfflineServiceWorker: &n.Offline, MatchedNetworkConditions: conditions,
		}); err != nil {
			return err
		}
		_, err := chromedp.Call(ctx, network.OverrideNetworkState, network.OverrideNetworkStateParams{
			Latency: n.Latency, DownloadThroughput: bound(n.Down), UploadThroughput: bound(n.Up), Offline: n.Offline,
		})
		return err
	})
}

// Offline cuts the line, or gives it back.
func (p *Page) Offline(cut bool) {
	p.t.Helper()
	p.SetNetwork(Network{Offline: cut})
}

// TextScale sets the text size of the learner's device, 1 is the usual: what a phone's "font size" setting does.
func (p *Page) TextScale(n float64) {
	p.t.Helper()
	p.emulate("a text size", func(ctx context.Context) error {
		_, err := chromedp.Call(ctx, emulation.SetEmulatedOSTextScale, emulation.SetEmulatedOSTextScaleParams{Scale: n})
		return err
	})
}

func (p *Page) emulate(what string, f func(context.Context) error) {
	p.t.Helper()
	if err := p.step(f); err != nil {
		p.fail("emulating %s: %v", what, err)
	}
}
