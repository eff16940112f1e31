package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/tracing"
	"github.com/chromedp/chromedp"
)

// Task is a stretch of work of the page's main thread, in which it answers nobody.
type Task struct {
	Wall time.Duration // as a person waits; on a busy machine that of others is in it
	CPU  time.Duration // of this thread alone
}

// oneTrace: a browser can be traced once at a time.
var oneTrace sync.Mutex

// Tasks gives what the page's main thread did while something else goes on, task by task.
func (p *Page) Tasks(during func()) []Task {
	p.t.Helper()
	oneTrace.Lock()
	defer oneTrace.Unlock()
	type event struct {
		Name      string
		Pid, Tid  int
		Dur, TDur int64 // microseconds
		Args      struct{ Data struct{ Message string } }
	}
	var mu sync.Mutex
	var events []event
	ended := make(chan struct{})
	var once sync.Once
	ctx, cancel := context.WithCancel(p.ctx)
	defer cancel()
	err := chromedp.Listen(ctx, func(ev any) {
		switch ev := ev.(type) {
		case *tracing.EventDataCollected:
			mu.Lock()
			defer mu.Unlock()
			for _, value := range ev.Value {
				var e event
				if json.Unmarshal(value, &e) == nil && (e.Name == "RunTask" || e.Name == "TimeStamp") {
					events = append(events, e)
				}
			}
		case *tracing.EventTracingComplete:
			once.Do(func() { close(ended) })
		}
	})
	if err == nil {
		err = p.step(func(ctx context.Context) error {
			_, err := chromedp.Call(ctx, tracing.Start, tracing.StartParams{TraceConfig: &tracing.TraceConfig{IncludedCategories: []string{"devtools.timeline", "disabled-by-default-devtools.timeline"}, ExcludedCategories: []string{"*"}}})
			return err
		})
	}
	if err != nil {
		p.fail("tracing: %v", err)
	}
	during()
	mark := fmt.Sprintf("mark %p", p)
	p.Eval(fmt.Sprintf("console.timeStamp(%q)", mark), nil)
	if err := p.step(func(ctx context.Context) error { _, err := chromedp.Call(ctx, tracing.End, cdp.Empty{}); return err }); err != nil {
		p.fail("tracing: %v", err)
	}
	select {
	case <-ended:
	case <-time.After(4 * patience): // a trace of half a minute is large
		p.fail("the trace does not end")
	}
	mu.Lock()
	defer mu.Unlock()
	var thread event
	for _, e := range events {
		if e.Args.Data.Message == mark {
			thread = e
		}
	}
	var tasks []Task
	for _, e := range events {
		if e.Name == "RunTask" && e.Pid == thread.Pid && e.Tid == thread.Tid {
			tasks = append(tasks, Task{time.Duration(e.Dur) * time.Microsecond, time.Duration(e.TDur) * time.Microsecond})
		}
	}
	if len(tasks) == 0 {
		p.fail("the trace holds no task of this page among %d events", len(events))
	}
	return tasks
}
