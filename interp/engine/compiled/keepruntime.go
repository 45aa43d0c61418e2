package compiled

// keepRuntime is never run. It has what makes the compiler call functions of the runtime that gobraid itself does not
// need, so that they are in this binary and a cell that needs them can still have a thin plugin.
func keepRuntime(n int, x any, c complex128, yields func(func(int) bool)) (out any) {
	for i := range yields { // deferrangefunc, deferprocat
		defer func() { out = i }()
	}
	for range n { // deferproc
		defer func() { _ = recover() }()
	}
	text, wide := string(rune(n)), []rune(string([]rune{rune(n)}))
	data := []byte(text + text + text + text + text + text)
	pointer := (*[4]byte)(data)
	print(text, n, uint(n), 1.5, c, true, &n, x, data)
	println(int8(n), wide)
	small, middle, long, named, boxed := map[int32]int{}, map[int64]int{}, map[[3]int]int{}, map[string]int{}, map[any]int{}
	small[int32(n)]++
	middle[int64(n)]++
	long[[3]int{n}]++
	named[text]++
	boxed[x]++
	pointers := map[*int]*int{&n: &n}
	pointers[&n] = &n
	delete(small, 1)
	delete(middle, 1)
	delete(long, [3]int{})
	delete(named, "")
	delete(boxed, x)
	delete(pointers, nil)
	clear(small)
	clear(named)
	clear(wide)
	for k, v := range boxed {
		out = []any{k, v}
	}
	tokens := make(chan int, n)
	select {
	case tokens <- n:
	default:
	}
	select {
	case v, ok := <-tokens:
		out = []any{v, ok}
	default:
	}
	select {
	case tokens <- n:
	case <-tokens:
	}
	close(tokens)
	switch v := x.(type) {
	case interface{ Area() float64 }:
		out = v.Area()
	case interface{ Error() string }:
		out = v.Error()
	}
	if v, ok := x.(interface{ Volume() float64 }); ok {
		out = v
	}
	out = []any{
		c / complex(float64(n), 1), pointer[n], data[n : n+1 : n+2], text[n:], [4]byte(data), x.(error), x == out, 7 / n, 7 << n, len(tokens), cap(tokens),
		make([]int, n, n+1), make([]*int, int64(n)), append(make([]int, 0), make([]int, n)...), uint64(float64(n)), float32(real(c)), min(text, "a"),
		struct{ a, b any }{x, x} == struct{ a, b any }{x, out}, [2]string{text, text} == [2]string{"a", text}, [2]float64{} == [2]float64{float64(n)},
	}
	out = []any{error.Error, dynamic[error](x), dynamic[interface{ Area() float64 }](x)}
	if n > 1 {
		select {}
	}
	panic(out)
}

// dynamic has assertions to types that only its instances know: assertE2I, assertE2I2.
func dynamic[T any](x any) (t T) {
	if t, ok := x.(T); ok {
		return t
	}
	return x.(T)
}
