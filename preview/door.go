package preview

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net"
	"net/http"
	"net/netip"
	"net/url"
)

// door decides who may come in, before anything is looked up.
type door struct {
	port  string
	lan   bool
	token string // "" on a loopback preview
}

// refusal is a status and one line that says why.
type refusal struct {
	status int
	reason string
}

var open = refusal{}

// check judges a request. Each rule is somebody's accident: a page of another
// origin that reads or writes through the author's browser, or a name that
// was re-bound to this machine (CVE-2025-24010, CVE-2025-30360,
// GHSA-67mh-4wv8-2f99).
func (d door) check(r *http.Request) refusal {
	if !d.knowsHost(r) {
		return refusal{http.StatusForbidden, "This preview does not answer to that host name."}
	}
	origin, sent := r.Header["Origin"]
	if sent && (len(origin) != 1 || origin[0] != "http://"+r.Host) {
		return refusal{http.StatusForbidden, "This preview does not answer other origins."}
	}
	if r.Header.Get("Upgrade") != "" {
		return refusal{http.StatusForbidden, "This preview has no WebSocket."}
	}
	site := r.Header.Get("Sec-Fetch-Site")
	foreign := site == "cross-site" || site == "same-site" // another port of localhost is "same-site"
	write := r.Method != http.MethodGet && r.Method != http.MethodHead
	switch {
	case foreign && (write || r.Header.Get("Sec-Fetch-Mode") != "navigate" || r.Header.Get("Sec-Fetch-Dest") != "document"):
		return refusal{http.StatusForbidden, "This preview does not answer other sites."}
	case write && !sent && site != "same-origin":
		return refusal{http.StatusForbidden, "A request that writes has to say its origin."}
	}
	return open
}

// knowsHost: the names of this machine with this port, whole and exact; beyond
// loopback the address that the connection really came in on.
func (d door) knowsHost(r *http.Request) bool {
	host, port, err := net.SplitHostPort(r.Host)
	if err != nil {
		host, port = r.Host, "80"
	}
	if port != d.port {
		return false
	}
	if host == "localhost" || host == "127.0.0.1" || host == "::1" {
		return true
	}
	if !d.lan {
		return false
	}
	here, ok := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr)
	ip, err := netip.ParseAddr(host)
	return ok && err == nil && ip.Unmap() == here.AddrPort().Addr().Unmap().WithZone("")
}

// cookieName carries the port, because cookies are shared by all ports of a
// host.
func (d door) cookieName() string { return "sopan-preview-" + d.port }

// cookieValue is derived from the token, so that the cookie does not hold it.
func (d door) cookieValue() string {
	mac := hmac.New(sha256.New, []byte(d.token))
	mac.Write([]byte("sopan preview cookie"))
	return hex.EncodeToString(mac.Sum(nil))
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// admit asks for the token where one is needed. It answers the request itself,
// and returns false, when the token has just been shown (the cookie is set and
// the clean address follows) or is missing or wrong.
func (d door) admit(w http.ResponseWriter, r *http.Request) bool {
	if d.token == "" {
		return true
	}
	query := r.URL.Query()
	if query.Has("token") && (r.Method == http.MethodGet || r.Method == http.MethodHead) {
		if !same(query.Get("token"), d.token) {
			d.turnAway(w)
			return false
		}
		http.SetCookie(w, &http.Cookie{Name: d.cookieName(), Value: d.cookieValue(), Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode})
		query.Del("token")
		clean := url.URL{Path: r.URL.Path, RawQuery: query.Encode()}
		if !cleanPath(r.URL) {
			clean.Path = "/" // never a redirect to //elsewhere
		}
		w.Header().Set("Cache-Control", "no-store")
		http.Redirect(w, r, clean.RequestURI(), http.StatusSeeOther)
		return false
	}
	for _, c := range r.CookiesNamed(d.cookieName()) {
		if same(c.Value, d.cookieValue()) {
			return true
		}
	}
	d.turnAway(w)
	return false
}

func (d door) turnAway(w http.ResponseWriter) {
	plain(w, http.StatusUnauthorized, "Open this preview with the whole address that the author gave you; it ends in ?token=…\nIf you just did, load this page once more.")
}
