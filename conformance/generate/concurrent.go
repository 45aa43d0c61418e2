package generate

import "fmt"

// concurrent writes goroutines whose outcome is fixed: they share nothing but what a lock guards or a channel hands over.
func (g *generator) concurrent() {
	x, y := g.fresh("c"), g.fresh("c")
	n := 2 + g.r.IntN(4)
	a, b := fmt.Sprint(g.r.IntN(20)-5), fmt.Sprint(g.r.IntN(9))
	switch g.r.IntN(20) {
	case 0:
		g.line("for i, v := range pipe([]int{%s, %s, res}, func(x int) int { return x + %s }) { total += i * v }", a, b, a)
	case 1: // results by index
		g.line("%s := make([]int, %d)", x, n)
		g.line("var %s sync.WaitGroup", y)
		g.line("for i := range %s {\n\t\t%s.Add(1)\n\t\tgo func() {\n\t\t\tdefer %s.Done()\n\t\t\t%s[i] = i*(%s) + %s\n\t\t}()\n\t}", x, y, y, x, a, b)
		g.line("%s.Wait()", y)
		g.line("out += fmt.Sprint(%s)", x)
	case 2: // a sum under a lock, arguments of go
		g.line("var %s counter", x)
		g.line("var %s sync.WaitGroup", y)
		g.line("for i := range %d {\n\t\t%s.Add(1)\n\t\tgo func(k int, key string) {\n\t\t\tdefer %s.Done()\n\t\t\t%s.add(key, k)\n\t\t}(i*(%s), []string{\"a\", \"b\"}[i%%2])\n\t}", n, y, y, x, a)
		g.line("%s.Wait()", y)
		g.line("res += %s.get(\"a\")*10 + %s.get(\"b\")", x, x)
	case 3: // workers
		g.line("%s, %s := make(chan int, %d), make(chan [2]int)", x, y, g.r.IntN(3))
		g.line("for range %d {\n\t\tgo func() {\n\t\t\tfor i := range %s {\n\t\t\t\t%s <- [2]int{i, i*i + %s}\n\t\t\t}\n\t\t}()\n\t}", n, x, y, a)
		g.line("go func() {\n\t\tdefer close(%s)\n\t\tfor i := range 6 {\n\t\t\t%s <- i\n\t\t}\n\t}()", x, x)
		g.line("%sr := map[int]int{}", x)
		g.line("for range 6 {\n\t\tp := <-%s\n\t\t%sr[p[0]] = p[1]\n\t}", y, x)
		g.line("out += fmt.Sprint(%sr)", x)
	case 4: // select of two, which is first does not matter
		g.line("%s, %s := make(chan int), make(chan string)", x, y)
		g.line("go func() { %s <- %s }()", x, a)
		g.line("go func() { %s <- %q }()", y, "s")
		g.line("for range 2 {\n\t\tselect {\n\t\tcase v := <-%s:\n\t\t\tres += v\n\t\tcase s, ok := <-%s:\n\t\t\tif ok { res += len(s) * 100 }\n\t\t}\n\t}", x, y)
	case 5: // select with default, nil channels, closed channels
		g.line("%s := make(chan int, 1)", x)
		g.line("var %s chan int", y)
		g.line("for i := range 3 {\n\t\tselect {\n\t\tcase %s <- i:\n\t\t\tres += 1\n\t\tcase <-%s:\n\t\t\tres += 1000\n\t\tdefault:\n\t\t\tres += 10\n\t\t}\n\t}", x, y)
		g.line("close(%s)", x)
		g.line("for range 2 {\n\t\tv, ok := <-%s\n\t\tout += fmt.Sprint(v, ok, len(%s), cap(%s))\n\t}", x, x, x)
	case 6: // a panic in a goroutine
		g.line("%s := make(chan any)", x)
		g.line("go func() {\n\t\tdefer func() { %s <- recover() }()\n\t\tvar m map[string]int\n\t\tm[\"a\"] = %s\n\t}()", x, a)
		g.line("out += fmt.Sprint(<-%s)", x)
	case 7: // once
		g.line("var %s sync.Once", x)
		g.line("%s := 0", y)
		g.line("for range 3 { %s.Do(func() { %s++ }) }", x, y)
		g.line("res += %s", y)
	case 8: // ping-pong
		g.line("%s, %s := make(chan int), make(chan int)", x, y)
		g.line("go func() {\n\t\tfor v := range %s {\n\t\t\t%s <- v*2 + 1\n\t\t}\n\t\tclose(%s)\n\t}()", x, y, y)
		g.line("for i := range %d {\n\t\t%s <- i\n\t\tres += <-%s\n\t}", n, x, y)
		g.line("close(%s)", x)
		g.line("_, %sok := <-%s", y, y)
		g.line("out += fmt.Sprint(%sok)", y)
	case 9: // cancelled context
		g.line("%s, %s := context.WithCancel(context.WithValue(context.Background(), \"k\", %s))", x, y, a)
		g.line("%sd := make(chan struct{})", x)
		g.line("go func() {\n\t\tdefer close(%sd)\n\t\t<-%s.Done()\n\t}()", x, x)
		g.line("%s()", y)
		g.line("<-%sd", x)
		g.line("out += fmt.Sprint(%s.Err(), %s.Value(\"k\"))", x, x)
	case 10: // atomic
		g.line("var %s atomic.Int64", x)
		g.line("var %s sync.WaitGroup", y)
		g.line("for i := range %d {\n\t\t%s.Go(func() { %s.Add(int64(i + %s)) })\n\t}", n, y, x, a)
		g.line("%s.Wait()", y)
		g.line("res += int(%s.Load())", x)
	case 11: // a semaphore and a condition
		g.line("var %s sync.Mutex", x)
		g.line("%s := sync.NewCond(&%s)", y, x)
		g.line("%sn := 0", y)
		g.line("for range %d {\n\t\tgo func() {\n\t\t\t%s.Lock()\n\t\t\t%sn++\n\t\t\t%s.Unlock()\n\t\t\t%s.Broadcast()\n\t\t}()\n\t}", n, x, y, x, y)
		g.line("%s.Lock()", x)
		g.line("for %sn < %d { %s.Wait() }", y, n, y)
		g.line("%s.Unlock()", x)
		g.line("res += %sn", y)
	case 12: // select in a loop with a label
		g.line("%s, %s := make(chan int), make(chan struct{})", x, y)
		g.line("go func() {\n\t\tfor i := range %d {\n\t\t\t%s <- i\n\t\t}\n\t\tclose(%s)\n\t}()", n, x, y)
		g.line("%sL:", x)
		g.line("for {\n\t\tselect {\n\t\tcase v := <-%s:\n\t\t\tif v == 1 { continue %sL }\n\t\t\tres += v\n\t\tcase <-%s:\n\t\t\tbreak %sL\n\t\t}\n\t}", x, x, y, x)
	case 13: // channels of channels and of functions
		g.line("%s := make(chan func(int) int, 2)", x)
		g.line("%s := make(chan chan int, 1)", y)
		g.line("%s <- func(k int) int { return k + %s }", x, a)
		g.line("%s <- make(chan int, 1)", y)
		g.line("%sc := <-%s", y, y)
		g.line("%sc <- (<-%s)(%s)", y, x, b)
		g.line("res += <-%sc", y)
	case 14: // sync.Map and pool
		g.line("var %s sync.Map", x)
		g.line("%s.Store(%s, \"v\")", x, a)
		g.line("%sv, %sok := %s.LoadOrStore(%s, %q)", x, x, x, b, "w")
		g.line("out += fmt.Sprint(%sv, %sok)", x, x)
	case 15: // directions
		g.line("%s := func(in <-chan int, done chan<- string) {\n\t\tn := 0\n\t\tfor v := range in {\n\t\t\tn += v\n\t\t}\n\t\tdone <- strconv.Itoa(n)\n\t}", x)
		g.line("%s, %sd := make(chan int, %d), make(chan string)", y, y, n)
		g.line("go %s(%s, %sd)", x, y, y)
		g.line("for i := range %d { %s <- i + %s }", n, y, a)
		g.line("close(%s)", y)
		g.line("out += <-%sd", y)
	case 16: // a timer in time, a deadline past
		g.line("select {\n\tcase <-time.After(time.Millisecond):\n\t\tres += 3\n\tcase <-make(chan int):\n\t\tres += 1000\n\t}")
		g.line("%s, %s := context.WithTimeout(context.Background(), 0)", x, y)
		g.line("<-%s.Done()", x)
		g.line("%s()", y)
		g.line("out += %s.Err().Error()", x)
	case 17: // goroutines that hold values of loops and structures
		if len(g.structs) == 0 {
			return
		}
		s := choose(g, g.structs...)
		g.line("%s := make(chan %s, %d)", x, s.name, n)
		g.line("for range %d {\n\t\tgo func(v %s) { %s <- v }(%s)\n\t}", n, s.name, x, g.literal(s, 2))
		g.line("for range %d {\n\t\t%s := <-%s\n\t\t_ = %s", n-1, y, x, y)
		g.indent++
		g.printing(y, s, 1)
		g.indent--
		g.line("}")
		g.line("<-%s", x)
	case 18: // once value, panics through wait
		g.line("%s := 0", x)
		g.line("%s := sync.OnceValue(func() int { %s++; return %s + 7 })", y, x, a)
		g.line("for range 3 {\n\t\tr := %s()\n\t\tres += r\n\t}", y)
		g.line("res += %s", x)
	case 19: // a close of a closed channel, a send on one
		g.line("func() {\n\t\tdefer func() { out += fmt.Sprint(recover()) }()\n\t\t%s := make(chan int)\n\t\tclose(%s)\n\t\t%s\n\t}()", x, x, choose(g, "close("+x+")", x+" <- 1", "close((chan int)(nil))"))
	}
}
