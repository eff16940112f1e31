package acceptance

import (
	"time"

	"sopan.dev/sopan/internal/browser"
)

// patience is how long anything may take: a test that reaches it has hung. It costs nothing where the machine is quick.
const patience = 90 * time.Second

// saved waits until all that was done on the page is kept on the device: what is shown is not, and a page that is left takes
// along what is still being written. What is typed is being kept only when the typing has paused; see typed.
func saved(p *browser.Page) {
	p.WaitFor(`/Saved on this device|इसी डिवाइस पर सहेजा गया/.test(document.querySelector(".records-line").textContent)`, patience)
}

// settled waits until the page's scripts have done what they do when a page opens. A page without scripts is settled.
func settled(p *browser.Page) {
	p.WaitFor(`document.readyState === "complete" && (!document.querySelector("#sopan-page") || document.querySelector(".records-line").textContent)`, patience)
}
