package record

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
)

const (
	mostStatements = 50
	mostBytes      = 256 << 10
	mostAnswer     = 4 << 20
	mostTries      = 6 // failures in a row
	mostWait       = 5 * time.Minute
)

// Sender sends statements to a record store, as runtime/outbox.ts does from a page: in batches, by acknowledged ids, halving
// what is refused. It never makes a new id, so that sending again stores nothing twice.
type Sender struct {
	Endpoint      string // without /statements
	Authorization string // the header's value; "" sends none. It never stands in an address or in what Deliver says
	Version       string // of xAPI; "" for 1.0.3
	Client        *http.Client
	Wait          func(context.Context, time.Duration) error // nil: by the clock
	Waiting       func(reason string, wait time.Duration)    // hears of each wait before it; nil: nobody does
}

// Fate is what came of a statement.
type Fate int

const (
	Left    Fate = iota // not sent, or not acknowledged
	Stored              // the store has named it
	There               // the store had it before, with the same content
	Refused             // the store does not want it
)

// Outcome is what came of all.
type Outcome struct {
	Fates map[string]Fate
	Why   map[string]string // of those that were refused, in the store's words
	Stop  error             // why some are left; nil when none is
}

// Count is how many came to a fate.
func (o Outcome) Count(f Fate) (n int) {
	for _, one := range o.Fates {
		if one == f {
			n++
		}
	}
	return n
}

// CheckEndpoint refuses an address to which records of persons must not go.
func CheckEndpoint(address string) error {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		return errors.New("the address of a record store is written like https://lrs.example.gov.in/xapi")
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return errors.New("the address holds more than the way to the store; a user name, password or key in it ends up in logs")
	case u.Scheme == "http" && u.Hostname() != "localhost" && u.Hostname() != "127.0.0.1" && u.Hostname() != "::1":
		return errors.New("records of persons do not travel unencrypted: use an address that starts with https://")
	}
	return nil
}

// Deliver sends statements, in their order, each id once. What stops it (no line, no admission, a store that stays busy) is
// in the outcome, beside what was reached until then.
func (s *Sender) Deliver(ctx context.Context, list []Unsent) Outcome {
	o := Outcome{Fates: map[string]Fate{}, Why: map[string]string{}}
	var queue [][]Unsent
	size := 0
	for _, one := range list {
		if _, known := o.Fates[one.ID]; known {
			continue
		}
		o.Fates[one.ID] = Left
		more := len(one.Raw) + 1
		if last := len(queue) - 1; last >= 0 && len(queue[last]) < mostStatements && size+more <= mostBytes {
			queue[last], size = append(queue[last], one), size+more
		} else {
			queue, size = append(queue, []Unsent{one}), more
		}
	}
	for failures := 0; len(queue) > 0; {
		batch := queue[0]
		again, err := s.offer(ctx, batch, &o)
		var busy *busyError
		switch {
		case err == nil:
			failures = 0
			queue = append(again, queue[1:]...)
		case errors.As(err, &busy) && failures+1 < mostTries:
			failures++
			if len(again) > 0 { // a part was taken
				queue = append(again, queue[1:]...)
			}
			wait := max(busy.after, time.Second<<(failures-1))
			if wait > mostWait {
				o.Stop = fmt.Errorf("%w; it asks to be left alone for %s", err, wait.Round(time.Second))
				return o
			}
			if s.Waiting != nil {
				s.Waiting(busy.reason, wait)
			}
			if err := s.wait(ctx, wait); err != nil {
				o.Stop = errors.New("it was stopped")
				return o
			}
		default:
			o.Stop = err
			return o
		}
	}
	return o
}

// Why sending again does not help until a person has done something.
var (
	ErrAdmission = errors.New("the store does not let us in")
	ErrStranger  = errors.New("something answered that is no record store")
)

// busyError is a failure that passes by itself.
type busyError struct {
	reason string
	after  time.Duration
}

func (e *busyError) Error() string { return e.reason }

// offer sends one batch and gives what of it is to be sent next, in parts.
func (s *Sender) offer(ctx context.Context, batch []Unsent, o *Outcome) ([][]Unsent, error) {
	var body bytes.Buffer
	for i, one := range batch {
		body.WriteByte("[,"[min(i, 1)])
		body.Write(one.Raw)
	}
	body.WriteByte(']')
	status, answer, err := s.ask(ctx, http.MethodPost, "", &body)
	if err != nil {
		return nil, err
	}
	switch {
	case status >= 200 && status < 300:
		var ids []string
		if json.Unmarshal(answer, &ids) != nil || len(ids) == 0 {
			return nil, fmt.Errorf("%w: it names no record that it has stored", ErrStranger)
		}
		named := map[string]bool{}
		for _, id := range ids {
			named[strings.ToLower(id)] = true
		}
		var rest []Unsent
		for _, one := range batch {
			if named[one.ID] {
				o.Fates[one.ID] = Stored
			} else {
				rest = append(rest, one)
			}
		}
		if len(rest) > 0 {
			return [][]Unsent{rest}, &busyError{reason: fmt.Sprintf("the store has named %d of %d records only", len(batch)-len(rest), len(batch))}
		}
		return nil, nil
	case len(batch) > 1: // 400, 409, 413, 422: one of them is at fault; halving finds it
		half := (len(batch) + 1) / 2
		return [][]Unsent{batch[:half], batch[half:]}, nil
	}
	one := batch[0]
	if status == http.StatusConflict {
		same, err := s.hasSame(ctx, one)
		if err != nil {
			return nil, err
		}
		if same {
			o.Fates[one.ID] = There
			return nil, nil
		}
	}
	o.Fates[one.ID] = Refused
	o.Why[one.ID] = refusal(status, s.discreet(string(answer)))
	return nil, nil
}

// ask gives the answer to a request where it is one about the statements: 2xx, or one of them is at fault.
func (s *Sender) ask(ctx context.Context, method, query string, body io.Reader) (int, []byte, error) {
	r, err := http.NewRequestWithContext(ctx, method, strings.TrimRight(s.Endpoint, "/")+"/statements"+query, body)
	if err != nil {
		return 0, nil, err
	}
	r.Header.Set("X-Experience-API-Version", cmp.Or(s.Version, "1.0.3"))
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if s.Authorization != "" {
		r.Header.Set("Authorization", s.Authorization)
	}
	client := http.Client{Timeout: time.Minute}
	if s.Client != nil {
		client = *s.Client
	}
	// A redirected POST arrives as a GET, or elsewhere with the credential.
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	answer, err := client.Do(r)
	if err != nil {
		if ctx.Err() != nil {
			return 0, nil, errors.New("it was stopped")
		}
		return 0, nil, &busyError{reason: "the store cannot be reached: " + s.discreet(reach(err))}
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, mostAnswer))
	status := answer.StatusCode
	switch {
	case status == http.StatusTooManyRequests || status >= 500:
		return 0, nil, &busyError{fmt.Sprintf("the store is busy (%d)", status), retryAfter(answer.Header.Get("Retry-After"), time.Now())}
	case err != nil:
		return 0, nil, &busyError{reason: "the store's answer broke off"}
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return 0, nil, fmt.Errorf("%w (%d)", ErrAdmission, status)
	case status >= 300 && status < 400:
		return 0, nil, fmt.Errorf("the address leads elsewhere (%d, to %q); give that one if it is meant", status, s.discreet(answer.Header.Get("Location")))
	case status < 300, method == http.MethodGet, status == 400, status == 409, status == 413, status == 422:
		return status, text, nil
	default:
		return 0, nil, fmt.Errorf("%w (%d)", ErrStranger, status)
	}
}

// discreet is what a stranger says, without the credential: some give back in an error what they were sent.
func (s *Sender) discreet(said string) string {
	_, token, _ := strings.Cut(s.Authorization, " ")
	secrets := []string{strings.TrimRight(token, "=")} // its padding is written in many ways
	if pair, err := base64.StdEncoding.DecodeString(token); err == nil {
		_, word, _ := strings.Cut(string(pair), ":")
		secrets = append(secrets, string(pair), word)
	}
	for _, secret := range secrets {
		for _, written := range []string{secret, url.QueryEscape(secret), url.PathEscape(secret), html.EscapeString(secret)} {
			if written != "" {
				said = strings.ReplaceAll(said, written, "…")
			}
		}
	}
	return said
}

// reach is a network error without the address, which stands in what is said around it.
func reach(err error) string {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	return err.Error()
}

func (s *Sender) hasSame(ctx context.Context, one Unsent) (bool, error) {
	status, answer, err := s.ask(ctx, http.MethodGet, "?statementId="+one.ID, nil)
	if err != nil || status != http.StatusOK {
		return false, err
	}
	var theirs, ours any
	if json.Unmarshal(answer, &theirs) != nil || json.Unmarshal(one.Raw, &ours) != nil {
		return false, nil
	}
	return holds(theirs, ours, ""), nil
}

// holds tells whether everything of ours stands in theirs. A store adds stored, authority and version, and may write times
// its own way. As runtime/outbox.ts has it.
func holds(theirs, ours any, key string) bool {
	switch our := ours.(type) {
	case map[string]any:
		their, ok := theirs.(map[string]any)
		if !ok {
			return false
		}
		for k, v := range our {
			if !holds(their[k], v, k) {
				return false
			}
		}
		return true
	case []any:
		their, ok := theirs.([]any)
		if !ok || len(their) != len(our) {
			return false
		}
		for i := range our {
			if !holds(their[i], our[i], "") {
				return false
			}
		}
		return true
	case string:
		their, ok := theirs.(string)
		if ok && key == "timestamp" {
			a, err1 := time.Parse(time.RFC3339, our)
			b, err2 := time.Parse(time.RFC3339, their)
			return err1 == nil && err2 == nil && a.Equal(b)
		}
		return ok && their == our
	default:
		return theirs == ours
	}
}

// refusal is the store's reason in one line.
func refusal(status int, answer string) string {
	why := map[int]string{
		http.StatusConflict:              "another record with this id is there already",
		http.StatusRequestEntityTooLarge: "it is too large for the store",
	}[status]
	if why == "" {
		why = "the store calls it invalid"
	}
	said := strings.Join(strings.Fields(strings.ToValidUTF8(answer, "?")), " ")
	if status == http.StatusConflict || said == "" || strings.HasPrefix(said, "<") || !printable(said) {
		return fmt.Sprintf("%s (%d)", why, status)
	}
	if r := []rune(said); len(r) > 200 {
		said = string(r[:200]) + "…"
	}
	return fmt.Sprintf("%s (%d): %s", why, status, said)
}

// printable keeps control characters of a stranger off a terminal.
func printable(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return !strconv.IsPrint(r) })
}

// retryAfter is seconds or a date; 0 where the header says neither.
func retryAfter(header string, now time.Time) time.Duration {
	if n, err := strconv.Atoi(strings.TrimSpace(header)); err == nil {
		return time.Duration(min(max(n, 0), 86400)) * time.Second
	}
	at, err := http.ParseTime(header)
	if err != nil {
		return 0
	}
	return min(max(at.Sub(now), 0), 24*time.Hour)
}

func (s *Sender) wait(ctx context.Context, d time.Duration) error {
	if s.Wait != nil {
		return s.Wait(ctx, d)
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
