package output

import (
	"errors"
	"testing"
	"time"
)

// What Windows says of a file that a virus scanner has open. Windows itself is not needed to see how long that is borne.
func TestFault26AFileHeldOpenIsTriedAgainForTwoSeconds(t *testing.T) {
	sharing := errors.New("the process cannot access the file because it is being used by another process")
	held := func(err error) bool { return errors.Is(err, sharing) }
	for name, c := range map[string]struct {
		errs []error // of the calls, the last one for ever
		want error
		most time.Duration
	}{
		"free at once":        {[]error{nil}, nil, 0},
		"held for three":      {[]error{sharing, sharing, sharing, nil}, nil, time.Second},
		"held for ever":       {[]error{sharing}, sharing, 3 * time.Second},
		"another error":       {[]error{errors.ErrUnsupported}, errors.ErrUnsupported, 0},
		"held, then an error": {[]error{sharing, errors.ErrUnsupported}, errors.ErrUnsupported, time.Second},
	} {
		calls, slept := 0, time.Duration(0)
		err := retried(func() error {
			calls++
			return c.errs[min(calls, len(c.errs))-1]
		}, held, func(d time.Duration) { slept += d })
		if !errors.Is(err, c.want) || c.want == nil && err != nil || slept > c.most {
			t.Errorf("%s: %v after %d calls and %v, want %v within %v", name, err, calls, slept, c.want, c.most)
		}
		if c.want == sharing && slept < time.Second {
			t.Errorf("%s: given up after %v; a scanner needs up to a second", name, slept)
		}
	}
}
