package page

import (
	"cmp"
	"slices"
)

// This file lays out the graph of a case study in layers, from the start down
// (after Sugiyama): a scene stands below all that lead to it, loops go back up,
// and the order within a layer is the one with the fewest crossings that a few
// sweeps find. All measures are whole numbers, so that every machine draws the
// same picture.

const (
	rowGap   = 78 // between two layers
	itemGap  = 16 // between two scenes of a layer
	bendGap  = 12 // beside a line that passes a layer
	bendSize = 10
	margin   = 12
	loopSize = 34 // of a scene that leads to itself, on each side
	portStep = 28 // between two lines that meet the same scene

	sweeps    = 12
	mostBends = 3000 // beyond, nothing that can be drawn can be read; long lines then go straight
)

// graphLayout is a drawn graph: where each node stands and how each edge goes.
type graphLayout struct {
	width, height int
	nodes         []placed
	edges         []route
}

// placed is a box by its middle above, its width and its height.
type placed struct{ x, y, w, h int }

// route is an edge's way: bends from its upper to its lower end. Each is a
// line straight down from y to end; between two of them lies a curve.
type route struct {
	bends []bend
	back  bool // it leads from the lower end to the upper one
	self  bool // it leads from a node to itself; there are no bends
}

type bend struct{ x, y, end int }

// graphItem is a node, or the place where a long edge passes a layer.
type graphItem struct {
	node     int // -1 for a bend
	rank     int
	size     int // width
	x        int
	up, down []link // neighbours in the layers above and below
}

type link struct{ item, weight int }

// layouter holds what the steps share.
type layouter struct {
	sizes  []placed // w and h of each node
	edges  [][2]int
	back   []bool
	ranks  []int
	items  []graphItem
	layers [][]int
	chains [][]int // items of each edge, from the upper to the lower end
}

// layOut places nodes of given widths and heights; edges are pairs of nodes.
// The first node is the start.
func layOut(sizes []placed, edges [][2]int) graphLayout {
	l := &layouter{sizes: sizes, edges: edges, back: make([]bool, len(edges)), ranks: make([]int, len(sizes)), chains: make([][]int, len(edges))}
	l.rank()
	l.layer()
	l.order()
	l.align()
	return l.draw()
}

// rank finds the edges that lead back, and gives each node the number of
// steps of the longest way to it that uses none of them.
func (l *layouter) rank() {
	out := make([][]int, len(l.sizes))
	for e, ends := range l.edges {
		out[ends[0]] = append(out[ends[0]], e)
	}
	state := make([]int, len(l.sizes)) // 0 not seen, 1 under way, 2 done
	var done []int                     // last first
	var walk func(n int)
	walk = func(n int) {
		state[n] = 1
		for _, e := range out[n] {
			switch to := l.edges[e][1]; state[to] {
			case 0:
				walk(to)
			case 1:
				l.back[e] = true
			}
		}
		state[n] = 2
		done = append(done, n)
	}
	for n := range l.sizes {
		if state[n] == 0 {
			walk(n)
		}
	}
	for _, n := range slices.Backward(done) {
		for _, e := range out[n] {
			if !l.back[e] {
				to := l.edges[e][1]
				l.ranks[to] = max(l.ranks[to], l.ranks[n]+1)
			}
		}
	}
}

// layer makes an item of each node, and of each layer that an edge passes.
func (l *layouter) layer() {
	l.layers = make([][]int, slices.Max(l.ranks)+1)
	add := func(i graphItem) int {
		l.items = append(l.items, i)
		l.layers[i.rank] = append(l.layers[i.rank], len(l.items)-1)
		return len(l.items) - 1
	}
	for n, s := range l.sizes {
		add(graphItem{node: n, rank: l.ranks[n], size: s.w})
	}
	bends := 0
	for e := range l.edges {
		upper, lower := l.ends(e)
		bends += max(0, l.ranks[lower]-l.ranks[upper]-1)
	}
	for e := range l.edges {
		upper, lower := l.ends(e)
		if upper == lower {
			l.items[upper].size = l.sizes[upper].w + 2*loopSize
			continue
		}
		chain := []int{upper}
		if bends <= mostBends {
			for r := l.ranks[upper] + 1; r < l.ranks[lower]; r++ {
				chain = append(chain, add(graphItem{node: -1, rank: r, size: bendSize}))
			}
		}
		chain = append(chain, lower)
		l.chains[e] = chain
		for i, b := range chain[1:] {
			a := chain[i]
			if l.items[b].rank != l.items[a].rank+1 {
				continue // a line without bends says nothing of the layers it passes
			}
			weight := 1
			if l.items[a].node < 0 {
				weight *= 3
			}
			if l.items[b].node < 0 {
				weight *= 3
			}
			l.items[a].down = append(l.items[a].down, link{b, weight})
			l.items[b].up = append(l.items[b].up, link{a, weight})
		}
	}
}

// ends gives an edge's upper and lower node.
func (l *layouter) ends(e int) (upper, lower int) {
	if l.back[e] {
		return l.edges[e][1], l.edges[e][0]
	}
	return l.edges[e][0], l.edges[e][1]
}

// order sorts each layer by the middle of its neighbours, down and up in turn,
// and keeps the order with the fewest crossings.
func (l *layouter) order() {
	at := make([]int, len(l.items)) // position in the layer
	number := func() {
		for _, layer := range l.layers {
			for i, item := range layer {
				at[item] = i
			}
		}
	}
	middle := func(item int, links []link) (float64, bool) {
		sum := 0
		for _, n := range links {
			sum += at[n.item]
		}
		if len(links) == 0 {
			return float64(at[item]), false
		}
		return float64(sum) / float64(len(links)), true
	}
	number()
	best, fewest := l.copyLayers(), l.crossings(at)
	for sweep := range sweeps {
		if fewest == 0 {
			break
		}
		for i := range l.layers {
			r := i
			if sweep%2 == 1 {
				r = len(l.layers) - 1 - i
			}
			wanted := map[int]float64{}
			for _, item := range l.layers[r] {
				links := l.items[item].up
				if sweep%2 == 1 {
					links = l.items[item].down
				}
				wanted[item], _ = middle(item, links)
			}
			slices.SortStableFunc(l.layers[r], func(a, b int) int { return cmp.Compare(wanted[a], wanted[b]) })
			for i, item := range l.layers[r] {
				at[item] = i
			}
		}
		if n := l.crossings(at); n < fewest {
			best, fewest = l.copyLayers(), n
		}
	}
	l.layers = best
	number()
	l.swap(at)
}

func (l *layouter) copyLayers() [][]int {
	out := make([][]int, len(l.layers))
	for i, layer := range l.layers {
		out[i] = slices.Clone(layer)
	}
	return out
}

// swap exchanges neighbours where that leaves fewer crossings.
func (l *layouter) swap(at []int) {
	between := func(a, b []link) int { // crossings when a's item stands left of b's
		n := 0
		for _, x := range a {
			for _, y := range b {
				if at[x.item] > at[y.item] {
					n++
				}
			}
		}
		return n
	}
	if len(l.items) > mostBends/10 {
		return
	}
	for range sweeps {
		better := false
		for _, layer := range l.layers {
			for i := range len(layer) - 1 {
				a, b := l.items[layer[i]], l.items[layer[i+1]]
				if between(a.up, b.up)+between(a.down, b.down) > between(b.up, a.up)+between(b.down, a.down) {
					at[layer[i]], at[layer[i+1]] = i+1, i
					layer[i], layer[i+1] = layer[i+1], layer[i]
					better = true
				}
			}
		}
		if !better {
			return
		}
	}
}

// crossings counts the pairs of lines that cross, with a Fenwick tree a layer.
func (l *layouter) crossings(at []int) int {
	n := 0
	for r := range len(l.layers) - 1 {
		tree := make([]int, len(l.layers[r+1])+1)
		seen := 0
		for _, item := range l.layers[r] {
			down := l.items[item].down
			for _, d := range down { // those that ended further right before cross this one
				n += seen
				for i := at[d.item] + 1; i > 0; i -= i & -i {
					n -= tree[i]
				}
			}
			for _, d := range down {
				seen++
				for i := at[d.item] + 1; i < len(tree); i += i & -i {
					tree[i]++
				}
			}
		}
	}
	return n
}

// align gives every item its x: near the middle of its neighbours, with long
// lines as straight as they can be, and never nearer to the next than allowed.
func (l *layouter) align() {
	for _, layer := range l.layers {
		x := 0
		for i, item := range layer {
			if i > 0 {
				x += l.apart(layer[i-1], item)
			}
			l.items[item].x = x
		}
		for _, item := range layer {
			l.items[item].x -= x / 2
		}
	}
	for sweep := range sweeps {
		last := sweep >= sweeps-2
		for i := range l.layers {
			r := i
			if sweep%2 == 1 {
				r = len(l.layers) - 1 - i
			}
			l.settle(l.layers[r], last || sweep%2 == 0, last || sweep%2 == 1)
		}
	}
}

// apart is the least distance between the middles of two neighbours.
func (l *layouter) apart(a, b int) int {
	gap := itemGap
	if l.items[a].node < 0 || l.items[b].node < 0 {
		gap = bendGap
	}
	return (l.items[a].size+l.items[b].size)/2 + gap
}

// settle moves the items of a layer as near to their neighbours as their order
// allows: isotonic regression, by pooling adjacent violators.
func (l *layouter) settle(layer []int, up, down bool) {
	type pool struct{ sum, weight, count int }
	var pools []pool
	offsets := make([]int, len(layer))
	for i, item := range layer {
		if i > 0 {
			offsets[i] = offsets[i-1] + l.apart(layer[i-1], item)
		}
		sum, weight := 0, 0
		pull := func(links []link) {
			for _, n := range links {
				sum += l.items[n.item].x * n.weight
				weight += n.weight
			}
		}
		if up {
			pull(l.items[item].up)
		}
		if down {
			pull(l.items[item].down)
		}
		if weight == 0 {
			sum, weight = l.items[item].x, 1
		}
		p := pool{sum - offsets[i]*weight, weight, 1}
		for len(pools) > 0 {
			q := pools[len(pools)-1]
			if q.sum*p.weight <= p.sum*q.weight {
				break
			}
			p = pool{p.sum + q.sum, p.weight + q.weight, p.count + q.count}
			pools = pools[:len(pools)-1]
		}
		pools = append(pools, p)
	}
	i := 0
	for _, p := range pools {
		for range p.count {
			l.items[layer[i]].x = floorDiv(p.sum, p.weight) + offsets[i]
			i++
		}
	}
}

func floorDiv(a, b int) int {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// draw turns places into boxes and lines.
func (l *layouter) draw() graphLayout {
	left, right := 0, 0
	for i, item := range l.items {
		if i == 0 || item.x-item.size/2 < left {
			left = item.x - item.size/2
		}
		if i == 0 || item.x+item.size/2 > right {
			right = item.x + item.size/2
		}
	}
	tops, ends := make([]int, len(l.layers)), make([]int, len(l.layers))
	y := margin
	for r, layer := range l.layers {
		height := 0
		for _, item := range layer {
			if n := l.items[item].node; n >= 0 {
				height = max(height, l.sizes[n].h)
			}
		}
		tops[r], ends[r] = y, y+height
		y += height + rowGap
	}
	out := graphLayout{width: right - left + 2*margin, height: y - rowGap + margin, edges: make([]route, len(l.edges))}
	for i := range l.items {
		l.items[i].x += margin - left
	}
	for n, s := range l.sizes {
		out.nodes = append(out.nodes, placed{l.items[n].x, tops[l.ranks[n]], s.w, s.h})
	}
	below, above := l.ports(true), l.ports(false)
	for e := range l.edges {
		upper, lower := l.ends(e)
		route := route{back: l.back[e], self: upper == lower}
		chain := l.chains[e]
		for i, item := range chain {
			r := l.items[item].rank
			b := bend{l.items[item].x, tops[r], ends[r]}
			switch i {
			case 0:
				b.x, b.y = below[e], tops[r]+l.sizes[upper].h
			case len(chain) - 1:
				b.x, b.end = above[e], tops[r]
			}
			route.bends = append(route.bends, b)
		}
		out.edges[e] = route
	}
	return out
}

// ports gives the x at which each edge leaves its upper node, or meets its
// lower one: side by side, in the order of where the edges come from.
func (l *layouter) ports(below bool) []int {
	at := make([]int, len(l.edges))
	edges := make([][]int, len(l.sizes)) // of each node
	next := func(e int) int {
		chain := l.chains[e]
		if below {
			return l.items[chain[1]].x
		}
		return l.items[chain[len(chain)-2]].x
	}
	for e := range l.edges {
		upper, lower := l.ends(e)
		switch {
		case upper == lower:
		case below:
			edges[upper] = append(edges[upper], e)
		default:
			edges[lower] = append(edges[lower], e)
		}
	}
	for n, list := range edges {
		slices.SortStableFunc(list, func(a, b int) int { return cmp.Compare(next(a), next(b)) })
		step := min(portStep, (l.sizes[n].w-20)/max(1, len(list)))
		for i, e := range list {
			at[e] = l.items[n].x + step*(2*i-len(list)+1)/2
		}
	}
	return at
}
