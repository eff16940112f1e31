package preview

import (
	"container/list"
	"net"
	"net/http"
	"sync"
)

// maxConnections bounds the open connections: far more than a class that looks
// on, far fewer than the file descriptors of a process.
const maxConnections = 512

// crowd closes the connection that has been quiet longest when there are too
// many. A limit that made newcomers wait would let whoever holds the places
// keep the author's own page out.
type crowd struct {
	limit int
	mu    sync.Mutex
	order list.List // of net.Conn, longest quiet first
	at    map[net.Conn]*list.Element
}

func newCrowd(limit int) *crowd { return &crowd{limit: limit, at: map[net.Conn]*list.Element{}} }

// state is an http.Server's ConnState.
func (c *crowd) state(conn net.Conn, s http.ConnState) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch s {
	case http.StateNew:
		c.at[conn] = c.order.PushBack(conn)
		if c.order.Len() > c.limit {
			oldest := c.order.Remove(c.order.Front()).(net.Conn)
			delete(c.at, oldest)
			oldest.Close()
		}
	case http.StateActive:
		if e, ok := c.at[conn]; ok {
			c.order.MoveToBack(e)
		}
	case http.StateClosed, http.StateHijacked:
		if e, ok := c.at[conn]; ok {
			c.order.Remove(e)
			delete(c.at, conn)
		}
	}
}
